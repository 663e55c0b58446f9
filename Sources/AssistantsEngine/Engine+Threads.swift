package import Assistants
import GRDB

extension Engine: ThreadListing {
    package func createThread(
        _ request: ThreadRequest, for caller: Caller
    ) async throws(APIError) -> Thread {
        try RequestChecks.thread(request)
        let draft = newThread(request)
        let time = clock.milliseconds
        try await store.write { try draft.insert(in: $0, project: caller.project, at: time) }
        publish(.threadChanged(draft.thread), thread: draft.thread.id)
        for message in draft.messages { publish(.messageAdded(message), thread: draft.thread.id) }
        return draft.thread
    }

    package func thread(_ id: Thread.ID, for caller: Caller) async throws(APIError) -> Thread {
        try await store.read { try $0.threadRow(id, for: caller).thread }
    }

    package func modifyThread(
        _ id: Thread.ID, _ changes: ThreadChanges, for caller: Caller
    ) async throws(APIError) -> Thread {
        let modified = try await store.write { db in
            var thread = try db.threadRow(id, for: caller).thread
            thread.metadata = changes.metadata.applied(to: thread.metadata)
            thread.toolResources = changes.toolResources.applied(to: thread.toolResources)
            try RequestChecks.metadata(thread.metadata)
            try RequestChecks.toolResources(thread.toolResources)
            try db.update(thread)
            return thread
        }
        publish(.threadChanged(modified), thread: id)
        return modified
    }

    package func threads(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<ThreadSummary> {
        let query = PageQuery(
            table: "thread", order: ["last_activity", "position"], condition: caller.scope)
        return try await store.read { db in
            try query.page(page, in: db) { try ThreadRow($0).summary }
        }
    }

    /// A thread and its messages as a request asks for them, not yet in the store.
    func newThread(_ request: ThreadRequest) -> ThreadDraft {
        let thread = Thread(
            id: newID("thread"), createdAt: clock.seconds, metadata: request.metadata,
            toolResources: request.toolResources)
        let messages = request.messages.map { newMessage($0, in: thread.id) }
        return ThreadDraft(thread: thread, messages: messages)
    }

    /// A message as a request asks for it, not yet in the store.
    func newMessage(_ request: MessageRequest, in thread: Thread.ID) -> Message {
        let now = clock.seconds
        return Message(
            id: newID("msg"), createdAt: now, threadID: thread, status: .completed,
            completedAt: now, role: request.role, content: request.content,
            attachments: request.attachments, metadata: request.metadata)
    }
}

/// A thread and its first messages.
struct ThreadDraft: Sendable {
    var thread: Thread
    var messages: [Message]

    func insert(in db: Database, project: String, at milliseconds: Int) throws {
        try db.insert(thread, project: project, at: milliseconds)
        for message in messages {
            try db.append(message, project: project, at: milliseconds)
        }
    }
}
