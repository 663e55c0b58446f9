package import Assistants
import Synchronization

// The API's operations, each on what is in memory.
extension ScriptedService {
    package func createAssistant(
        _ request: AssistantRequest, for caller: Caller
    ) async throws(APIError) -> Assistant {
        try note("createAssistant")
        let (id, time) = newID("asst")
        let assistant = Assistant(
            id: id, createdAt: time, name: request.name, model: request.model,
            instructions: request.instructions, tools: request.tools)
        state.withLock { $0.assistants.append(assistant) }
        publish(.assistantChanged(assistant))
        return assistant
    }

    package func assistant(
        _ id: Assistant.ID, for caller: Caller
    ) async throws(APIError) -> Assistant {
        try note("assistant")
        return try found(state.withLock { $0.assistants.first { $0.id == id } }, "assistant", id)
    }

    package func assistants(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Assistant> {
        try note("assistants")
        return state.withLock { $0.assistants.page(page) }
    }

    package func modifyAssistant(
        _ id: Assistant.ID, _ changes: AssistantChanges, for caller: Caller
    ) async throws(APIError) -> Assistant {
        var assistant = try await assistant(id, for: caller)
        try note("modifyAssistant")
        assistant.name = changes.name.applied(to: assistant.name)
        assistant.model = changes.model.applied(to: assistant.model)
        assistant.instructions = changes.instructions.applied(to: assistant.instructions)
        let changed = assistant
        state.withLock { $0.assistants.replace(changed) }
        publish(.assistantChanged(changed))
        return changed
    }

    package func deleteAssistant(_ id: Assistant.ID, for caller: Caller) async throws(APIError) {
        try note("deleteAssistant")
        state.withLock { $0.assistants.removeAll { $0.id == id } }
        publish(.assistantDeleted(id))
    }

    package func createThread(
        _ request: ThreadRequest, for caller: Caller
    ) async throws(APIError) -> Assistants.Thread {
        try note("createThread")
        let (id, time) = newID("thread")
        let thread = Assistants.Thread(id: id, createdAt: time, metadata: request.metadata)
        state.withLock { $0.threads.append(thread) }
        publish(.threadChanged(thread), thread: id)
        return thread
    }

    package func thread(
        _ id: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> Assistants.Thread {
        try note("thread")
        return try found(state.withLock { $0.threads.first { $0.id == id } }, "thread", id)
    }

    package func modifyThread(
        _ id: Assistants.Thread.ID, _ changes: ThreadChanges, for caller: Caller
    ) async throws(APIError) -> Assistants.Thread {
        var thread = try await thread(id, for: caller)
        try note("modifyThread")
        thread.metadata = changes.metadata.applied(to: thread.metadata)
        let changed = thread
        state.withLock { $0.threads.replace(changed) }
        publish(.threadChanged(changed), thread: id)
        return changed
    }

    package func deleteThread(
        _ id: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) {
        try note("deleteThread")
        state.withLock { $0.threads.removeAll { $0.id == id } }
        publish(.threadDeleted, thread: id)
    }

    package func createMessage(
        _ request: MessageRequest, in thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> Message {
        try note("createMessage")
        let (id, time) = newID("msg")
        let message = Message(
            id: id, createdAt: time, threadID: thread, status: .completed, role: request.role,
            content: request.content, attachments: request.attachments)
        state.withLock { $0.messages[thread, default: []].append(message) }
        publish(.messageAdded(message), thread: thread)
        return message
    }

    package func message(
        _ id: Message.ID, in thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> Message {
        try found(messages(in: thread).first { $0.id == id }, "message", id)
    }

    package func messages(
        in thread: Assistants.Thread.ID, run: Run.ID?, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Message> {
        try note("messages")
        return messages(in: thread).filter { run == nil || $0.runID == run }.page(page)
    }

    package func modifyMessage(
        _ id: Message.ID, in thread: Assistants.Thread.ID, metadata: [String: String],
        for caller: Caller
    ) async throws(APIError) -> Message {
        try await message(id, in: thread, for: caller)
    }

    package func deleteMessage(
        _ id: Message.ID, in thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) {
        try note("deleteMessage")
        state.withLock { $0.messages[thread]?.removeAll { $0.id == id } }
        publish(.messageDeleted(id), thread: thread)
    }

    func found<Object>(
        _ object: Object?, _ kind: String, _ id: String
    ) throws(APIError) -> Object {
        guard let object else { throw .notFound(kind, id) }
        return object
    }
}
