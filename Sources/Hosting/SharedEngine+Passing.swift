package import Assistants
import AssistantsEngine
package import AssistantsServer
import Transport

// A server on an engine that may be in another process.
extension SharedEngine {
    /// Where requests of the API are carried out now; waits while nobody runs the engine.
    package func place() async throws(APIError) -> ServicePlace {
        if let engine = try await service().service as? Engine { return .here(engine) }
        return .elsewhere(
            RequestRelay { (request) throws(APIError) in try await self.pass(request) })
    }

    private func pass(
        _ request: RequestRelay.Request
    ) async throws(APIError) -> RequestRelay.Reply {
        // Whoever answers speaks up every 15 seconds.
        let sent = HTTPRequest(
            method: request.method, url: "http://switchboard" + request.target,
            headers: request.headers, body: request.body, socketPath: socket.path)
        do throws(TransportError) {
            let response = try await opening.transport.send(sent)
            let body = response.body
            return RequestRelay.Reply(status: response.status, headers: response.headers) {
                // Each goes on where the last one stopped.
                var pieces = body.makeAsyncIterator()
                return try await pieces.next()
            }
        } catch {
            throw APIError(
                status: 503, code: "host_gone",
                message: "The process that ran the engine went away while it was asked for this. "
                    + "Ask again.")
        }
    }
}
