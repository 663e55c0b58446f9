package import Assistants
import ChatCompletions
import Transport
import Wire

extension ChatBackend: GatewayBackend {
    package func passOn(
        _ request: ModelAPIRequest
    ) async throws(ModelError) -> ModelAPIAnswer {
        let response: HTTPResponse
        do throws(ChatError) {
            response = try await client.passOn(
                body(of: request), to: request.operation.rawValue)
        } catch {
            throw ModelError(error)
        }
        let body = response.body
        return ModelAPIAnswer(
            status: response.status,
            contentType: response.header("content-type") ?? "application/json"
        ) {
            var iterator = body.makeAsyncIterator()
            return try await iterator.next()
        }
    }

    /// The body as it came, but that it names the model that answers.
    private func body(of request: ModelAPIRequest) -> [UInt8] {
        if request.model == info.name { return request.body }
        guard var object = (try? JSONValue(parsing: request.body))?.objectValue else {
            return request.body
        }
        object["model"] = .string(info.name)
        return JSONValue.object(object).bytes
    }
}
