public import Assistants
import Wire

// Assistants, threads and messages.
extension RemoteAPI {
    public func createAssistant(
        _ request: AssistantRequest, for caller: Caller
    ) async throws(APIError) -> Assistant {
        try await Assistant(json: post("/assistants", request.json))
    }

    public func assistant(
        _ id: Assistant.ID, for caller: Caller
    ) async throws(APIError) -> Assistant {
        try await Assistant(json: get("/assistants/\(id.percentEncoded)"))
    }

    public func assistants(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Assistant> {
        try await connection.page("/assistants", page, [], Assistant.init(json:))
    }

    public func modifyAssistant(
        _ id: Assistant.ID, _ changes: AssistantChanges, for caller: Caller
    ) async throws(APIError) -> Assistant {
        try await Assistant(json: post("/assistants/\(id.percentEncoded)", changes.json))
    }

    public func deleteAssistant(_ id: Assistant.ID, for caller: Caller) async throws(APIError) {
        try await connection.delete("/assistants/\(id.percentEncoded)")
    }

    public func createThread(
        _ request: ThreadRequest, for caller: Caller
    ) async throws(APIError) -> Thread {
        try await Thread(json: post("/threads", request.json))
    }

    public func thread(_ id: Thread.ID, for caller: Caller) async throws(APIError) -> Thread {
        try await Thread(json: get(path(id)))
    }

    public func modifyThread(
        _ id: Thread.ID, _ changes: ThreadChanges, for caller: Caller
    ) async throws(APIError) -> Thread {
        try await Thread(json: post(path(id), changes.json))
    }

    public func deleteThread(_ id: Thread.ID, for caller: Caller) async throws(APIError) {
        try await connection.delete(path(id))
    }

    public func createMessage(
        _ request: MessageRequest, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Message {
        try await Message(json: post(path(thread) + "/messages", request.json))
    }

    public func message(
        _ id: Message.ID, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Message {
        try await Message(json: get(path(id, in: thread)))
    }

    public func messages(
        in thread: Thread.ID, run: Run.ID?, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Message> {
        try await connection.page(
            path(thread) + "/messages", page, run.map { [("run_id", $0)] } ?? [],
            Message.init(json:))
    }

    public func modifyMessage(
        _ id: Message.ID, in thread: Thread.ID, metadata: [String: String], for caller: Caller
    ) async throws(APIError) -> Message {
        try await Message(
            json: post(path(id, in: thread), ["metadata": metadata.wireJSON]))
    }

    public func deleteMessage(
        _ id: Message.ID, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) {
        try await connection.delete(path(id, in: thread))
    }

    func path(_ thread: Thread.ID) -> String { "/threads/\(thread.percentEncoded)" }

    private func path(_ message: Message.ID, in thread: Thread.ID) -> String {
        path(thread) + "/messages/\(message.percentEncoded)"
    }
}
