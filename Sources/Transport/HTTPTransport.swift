/// Sends a request and gives back a status and a stream of bytes.
///
/// The real side is `AsyncHTTPTransport`; tests use a scripted one. Cancelling the task that
/// sends, or that reads the body, closes the connection at once.
public protocol HTTPTransport: Sendable {
    /// Sends `request` and returns as soon as the response's head has come.
    ///
    /// Any status is a response, also 3xx (no redirect is followed) and 5xx.
    /// - Throws: `TransportError` when no response came.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}
