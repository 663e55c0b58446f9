package import Assistants
import Wire

// What only our own server has.
extension RemoteService: ThreadListing {
    package func threads(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<ThreadSummary> {
        try await connection.page("/threads", page, [], ThreadSummary.init(json:))
    }
}

extension RemoteService: ModelListing {}

extension RemoteAPI {
    package func models(for caller: Caller) async throws(APIError) -> [ModelInfo] {
        try await connection.get("/models")["data"]?.arrayValue?.map(ModelInfo.init(json:)) ?? []
    }

    /// The assistant's own model where the server has it, else the one it uses by default.
    package func model(
        answering assistant: Assistant, for caller: Caller
    ) async throws(APIError) -> ModelInfo {
        let models = try await models(for: caller)
        let own = models.first { $0.name == assistant.model }
        guard let model = own ?? models.first else {
            throw APIError(
                status: 503, code: "no_model",
                message: "The server at \(connection.baseURL) has no model.")
        }
        return model
    }
}

extension ThreadSummary {
    fileprivate init(json: JSONValue) throws(APIError) {
        var thread = try Thread(json: json)
        thread.unknown = [:]
        self.init(
            thread: thread,
            lastActivity: json["last_activity_at"]?.integerValue ?? thread.createdAt,
            messageCount: json["message_count"]?.integerValue ?? 0,
            opening: json["opening"]?.stringValue ?? "",
            activeRun: json["active_run_id"]?.stringValue,
            assistantID: json["assistant_id"]?.stringValue)
    }
}

extension ModelInfo {
    fileprivate init(json: JSONValue) {
        let place = json["switchboard"]
        self.init(
            name: json["id"]?.stringValue ?? "", provider: json["owned_by"]?.stringValue ?? "",
            host: place?["host"]?.stringValue ?? "",
            contextTokens: place?["context_tokens"]?.integerValue,
            isLocal: place?["is_local"]?.boolValue ?? false)
    }
}
