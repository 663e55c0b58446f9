public import Transport

extension ChatCompletionsClient {
    /// Sends a body as it is to a path under the server's address, such as `/embeddings`, and gives
    /// whatever the server answers, also a refusal. Nothing is repeated.
    ///
    /// Where a refusal repeats the key, it is taken out.
    public func passOn(_ body: [UInt8], to path: String) async throws(ChatError) -> HTTPResponse {
        var response: HTTPResponse
        do throws(TransportError) {
            response = try await transport.send(
                request(
                    "POST", baseURL + path, body: body,
                    accept: "application/json, text/event-stream"))
        } catch {
            throw ChatError(error)
        }
        if !response.isSuccess, let key, !key.isEmpty {
            let bytes = await response.body.prefix(bytes: ChatOptions.errorBodyLimit)
            let text = String(decoding: bytes, as: UTF8.self).replacing(key, with: "…")
            response.body = HTTPBody(Array(text.utf8))
        }
        return response
    }
}
