package import Assistants
import Wire

// Assistants, threads and messages.
extension RemoteAPI {
    package func createAssistant(
        _ request: AssistantRequest, for caller: Caller
    ) async throws(APIError) -> Assistant {
        try await Assistant(json: connection.create("/assistants", request.json))
    }

    package func assistant(
        _ id: Assistant.ID, for caller: Caller
    ) async throws(APIError) -> Assistant {
        try await Assistant(json: get("/assistants/\(id.percentEncoded)"))
    }

    package func assistants(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Assistant> {
        try await connection.page("/assistants", page, [], Assistant.init(json:))
    }

    package func modifyAssistant(
        _ id: Assistant.ID, _ changes: AssistantChanges, for caller: Caller
    ) async throws(APIError) -> Assistant {
        try await Assistant(json: post("/assistants/\(id.percentEncoded)", changes.json))
    }

    package func deleteAssistant(_ id: Assistant.ID, for caller: Caller) async throws(APIError) {
        try await connection.delete("/assistants/\(id.percentEncoded)")
    }

    package func createThread(
        _ request: ThreadRequest, for caller: Caller
    ) async throws(APIError) -> Thread {
        try await Thread(json: connection.create("/threads", request.json))
    }

    package func thread(_ id: Thread.ID, for caller: Caller) async throws(APIError) -> Thread {
        try await Thread(json: get(path(id)))
    }

    package func modifyThread(
        _ id: Thread.ID, _ changes: ThreadChanges, for caller: Caller
    ) async throws(APIError) -> Thread {
        try await Thread(json: post(path(id), changes.json))
    }

    package func deleteThread(_ id: Thread.ID, for caller: Caller) async throws(APIError) {
        try await connection.delete(path(id))
    }

    package func createMessage(
        _ request: MessageRequest, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Message {
        let mark = connection.mark(request.metadata)
        var request = request
        request.metadata = mark.metadata
        return try await Message(
            json: connection.create(
                path(thread) + "/messages", request.json,
                doubt: mark.doubt { (name) throws(APIError) in
                    try await self.messages(
                        in: thread, run: nil, PageRequest(), for: .trusted
                    ).data.first { $0.metadata[CreationMark.key] == name }?.json
                }))
    }

    package func message(
        _ id: Message.ID, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Message {
        try await Message(json: get(path(id, in: thread)))
    }

    package func messages(
        in thread: Thread.ID, run: Run.ID?, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Message> {
        try await connection.page(
            path(thread) + "/messages", page, run.map { [("run_id", $0)] } ?? [],
            Message.init(json:))
    }

    package func modifyMessage(
        _ id: Message.ID, in thread: Thread.ID, metadata: [String: String], for caller: Caller
    ) async throws(APIError) -> Message {
        try await Message(
            json: post(path(id, in: thread), ["metadata": metadata.wireJSON]))
    }

    package func deleteMessage(
        _ id: Message.ID, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) {
        try await connection.delete(path(id, in: thread))
    }

    func path(_ thread: Thread.ID) -> String { "/threads/\(thread.percentEncoded)" }

    private func path(_ message: Message.ID, in thread: Thread.ID) -> String {
        path(thread) + "/messages/\(message.percentEncoded)"
    }
}
