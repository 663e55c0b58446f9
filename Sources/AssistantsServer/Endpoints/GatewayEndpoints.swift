import Assistants
import HTTPTypes
import Wire

/// `/v1/chat/completions` and `/v1/embeddings`: passed on to the model's server.
enum GatewayEndpoints {
    static let all: [Endpoint] = [
        Endpoint(.post, "/v1/chat/completions", needsBeta: false) { (exchange) throws(APIError) in
            try await passOn(.chatCompletion, exchange)
        },
        Endpoint(.post, "/v1/embeddings", needsBeta: false) { (exchange) throws(APIError) in
            try await passOn(.embedding, exchange)
        },
    ]

    private static func passOn(
        _ operation: ModelAPIRequest.Operation, _ exchange: Exchange
    ) async throws(APIError) -> Answer {
        guard let gateway = exchange.service as? any ModelGateway else {
            throw APIError(status: 404, message: "This server passes nothing on to a model.")
        }
        var fields = try exchange.fields()
        let answer = try await gateway.passOn(
            ModelAPIRequest(
                operation: operation, model: try fields.string("model") ?? "",
                body: exchange.body),
            for: exchange.caller)
        return Answer(
            status: answer.status, type: answer.contentType, PieceStream(next: answer.next))
    }
}
