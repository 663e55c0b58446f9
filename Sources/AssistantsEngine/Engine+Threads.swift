package import Assistants
import GRDB
import Wire

extension Engine: ThreadFiltering {
    package func createThread(
        _ request: ThreadRequest, for caller: Caller
    ) async throws(APIError) -> Thread {
        try RequestChecks.thread(request)
        let draft = newThread(request)
        let (time, settler) = (clock.milliseconds, settler(for: caller))
        let created = try await store.write { try draft.insert(in: $0, settler, at: time) }
        if draft.namesFiles { indexer.wake() }
        publish(.threadChanged(created), thread: created.id)
        for message in draft.messages { publish(.messageAdded(message), thread: created.id) }
        return created
    }

    package func thread(_ id: Thread.ID, for caller: Caller) async throws(APIError) -> Thread {
        try await store.read { try $0.threadRow(id, for: caller).thread }
    }

    package func modifyThread(
        _ id: Thread.ID, _ changes: ThreadChanges, for caller: Caller
    ) async throws(APIError) -> Thread {
        let settling = settler(for: caller)
        let modified = try await store.write { db in
            var settler = settling
            let row = try db.threadRow(id, for: caller)
            settler.project = row.project
            var thread = row.thread
            thread.metadata = changes.metadata.applied(to: thread.metadata)
            thread.toolResources = changes.toolResources.applied(to: thread.toolResources)
            try RequestChecks.metadata(thread.metadata)
            try RequestChecks.toolResources(thread.toolResources)
            if case .set = changes.toolResources {
                thread.toolResources = try settler.settle(
                    thread.toolResources, expiry: ResourceSettler.threadStoreExpiry, in: db)
            }
            try db.update(thread)
            return thread
        }
        if case .set = changes.toolResources { indexer.wake() }
        publish(.threadChanged(modified), thread: id)
        return modified
    }

    package func threads(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<ThreadSummary> {
        try await threads(with: [:], page, for: caller)
    }

    package func threads(
        with metadata: [String: String], _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<ThreadSummary> {
        try RequestChecks.metadata(metadata)
        var condition = caller.scope
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            condition = condition.and(
                """
                EXISTS (SELECT 1 FROM json_each(thread.json, '$.metadata') AS entry
                WHERE entry.key = ? AND entry.value = ?)
                """, [key, value])
        }
        let query = PageQuery(
            table: "thread", order: ["last_activity", "position"], condition: condition)
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

    /// Whether vector stores may have to be filled for it.
    var namesFiles: Bool {
        thread.toolResources["file_search"] != nil
            || messages.contains { !$0.attachments.isEmpty }
    }

    /// Inserts all of it, and returns the thread with what its tools were given.
    func insert(
        in db: Database, _ settler: ResourceSettler, at milliseconds: Int
    ) throws -> Thread {
        var thread = thread
        thread.toolResources = try settler.settle(
            thread.toolResources, expiry: ResourceSettler.threadStoreExpiry, in: db)
        try db.insert(thread, project: settler.project, at: milliseconds)
        for message in messages {
            try db.append(message, project: settler.project, at: milliseconds)
        }
        return try settler.attach(filesOf: messages, to: thread, in: db) ?? thread
    }
}
