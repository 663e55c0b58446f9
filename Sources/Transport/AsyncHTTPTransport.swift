import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Sends requests over TCP, TLS and Unix sockets.
///
/// It never follows a redirect (so no key reaches another host), never decompresses (so no small
/// answer becomes a large one) and never repeats a request of which anything may have been sent.
public final class AsyncHTTPTransport: HTTPTransport {
    /// One for the whole process: connections are kept and used again.
    public static let shared = AsyncHTTPTransport()

    /// So many connections to one host may be open at once; more requests wait for one, and fail
    /// when none is free within `connectTimeout`. An answer that streams has its connection to
    /// itself, so this is also how many a model server can give at once.
    public static let connectionsPerHost = 2_048

    private let client: HTTPClient

    /// Creates a transport with its own pool of connections.
    public init() {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        // The pool would otherwise try a refused connection again until its time is over.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit =
            Self.connectionsPerHost
        // Each request has its own waits; this only ends attempts that nobody waits for.
        configuration.timeout.connect = .seconds(60)
        client = HTTPClient(
            eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }

    deinit {
        // Requests under way end with an error; the client frees itself after that.
        client.shutdown { _ in }
    }

    /// Sends `request` and returns as soon as the response's head has come.
    /// - Throws: `TransportError` when no response came.
    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        do throws(TransportError) {
            return try await sendOnce(request)
        } catch {
            // The pool had lent a connection that was just being closed.
            guard error.isUnsent else { throw error }
            return try await sendOnce(request)
        }
    }

    private func sendOnce(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let outgoing = try outgoing(request)
        let receiver = ResponseReceiver(request)
        if Task.isCancelled {
            throw TransportError(.cancelled, host: request.destination)
        }
        let task = client.execute(request: outgoing, delegate: receiver)
        receiver.follow(task)
        return try await receiver.response()
    }

    private func outgoing(
        _ request: HTTPRequest
    ) throws(TransportError) -> HTTPClient.Request {
        guard let parts = URLParts(request.url) else {
            throw TransportError(.invalidURL, host: request.url)
        }
        var headers = HTTPHeaders(request.headers)
        var url = request.url
        if let path = request.socketPath {
            url = "http+unix://" + path.percentEncodedForHost + parts.target
            headers.replaceOrAdd(name: "host", value: parts.authority)
        }
        do {
            return try HTTPClient.Request(
                url: url, method: HTTPMethod(rawValue: request.method), headers: headers,
                body: request.body.isEmpty ? nil : .bytes(request.body))
        } catch {
            throw TransportError(.invalidURL, host: request.url, detail: "\(error)")
        }
    }
}

extension String {
    /// The text as the host of an address: all but letters and digits as `%xx`.
    fileprivate var percentEncodedForHost: String {
        utf8.reduce(into: "") { text, byte in
            let scalar = Unicode.Scalar(byte)
            if scalar.properties.isAlphabetic && byte < 0x80
                || scalar.properties.numericType != nil
                    && byte < 0x80
            {
                text.unicodeScalars.append(scalar)
            } else {
                let hexadecimal = String(byte, radix: 16, uppercase: true)
                text += "%" + (byte < 16 ? "0" : "") + hexadecimal
            }
        }
    }
}
