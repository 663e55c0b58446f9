public import Transport

extension ChatCompletionsClient {
    /// Sends a body as it is to a path under the server's address, such as `/embeddings`, and gives
    /// whatever the server answers, also a refusal. Nothing is repeated.
    ///
    /// Where the answer repeats the key, it is taken out; of a refusal also what else looks like a
    /// key.
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
        if !response.isSuccess {
            let bytes = await response.body.prefix(bytes: ChatOptions.errorBodyLimit)
            response.body = HTTPBody(
                Array(mask.masked(String(decoding: bytes, as: UTF8.self)).utf8))
        } else if let key = mask.key {
            response.body = HTTPBody(source: MaskedBody(response.body, hiding: key))
        }
        return response
    }
}
