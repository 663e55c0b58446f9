import Assistants
import HTTPTypes
import Wire

/// `/v1/models`: what the service can use, the model it uses by default first.
enum ModelEndpoints {
    static let all: [Endpoint] = [
        Endpoint(.get, "/v1/models", needsBeta: false) { (exchange) throws(APIError) in
            let models = try await models(exchange)
            let isTrusted = exchange.caller == .trusted
            return Answer([
                "object": "list", "data": .array(models.map { $0.json(withPlace: isTrusted) }),
            ])
        },
        Endpoint(.get, "/v1/models/{model}", needsBeta: false) { (exchange) throws(APIError) in
            try await model(exchange.ids[0], exchange)
        },
        // Names of models hold slashes, and not every client encodes them.
        Endpoint(.get, "/v1/models/{owner}/{model}", needsBeta: false) {
            (exchange) throws(APIError) in
            try await model(exchange.ids.joined(separator: "/"), exchange)
        },
    ]

    private static func model(
        _ name: String, _ exchange: Exchange
    ) async throws(APIError) -> Answer {
        guard let model = try await models(exchange).first(where: { $0.name == name }) else {
            throw APIError(
                status: 404, code: "model_not_found", param: "model",
                message: "The model '\(name)' does not exist or you do not have access to it.")
        }
        return Answer(model.json(withPlace: exchange.caller == .trusted))
    }

    private static func models(_ exchange: Exchange) async throws(APIError) -> [ModelInfo] {
        guard let service = exchange.service as? any ModelListing else { return [] }
        return try await service.models(for: exchange.caller)
    }
}

extension ModelInfo {
    /// The model as the API told it; the person at this machine is also told where it runs.
    fileprivate func json(withPlace: Bool) -> JSONValue {
        var object: JSONObject = [
            "id": .string(name), "object": "model", "created": 0,
            "owned_by": .string(provider.isEmpty ? "switchboard" : provider),
        ]
        if withPlace {
            object["switchboard"] = [
                "host": .string(host), "is_local": .bool(isLocal),
                "context_tokens": contextTokens.map { .integer($0) } ?? .null,
            ]
        }
        return .object(object)
    }
}
