import Assistants
public import Transport
import Wire

/// Sends requests of the Assistants API to one server.
public struct RemoteConnection: Sendable {
    /// Where the server is, such as `http://127.0.0.1:8484/v1`, without a slash at the end.
    public let baseURL: String
    /// A Unix socket to connect to in place of the address's host.
    public let socketPath: String?

    private let key: String?
    private let transport: any HTTPTransport

    /// The most bytes of an answer that is no stream.
    private static let answerLimit = 64 << 20

    /// A connection to the server at an address.
    ///
    /// - Parameters:
    ///   - key: The bearer key; nil sends none.
    ///   - socketPath: A Unix socket to connect to in place of the address's host.
    public init(
        baseURL: String, key: String?, transport: any HTTPTransport, socketPath: String? = nil
    ) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.key = key
        self.transport = transport
        self.socketPath = socketPath
    }

    /// Whether the server is one of ours, which can do more than the API asks for.
    public func isSwitchboard() async -> Bool {
        let root = baseURL.hasSuffix("/v1") ? String(baseURL.dropLast(3)) : baseURL
        var request = request("GET", "")
        request.url = root + "/healthz"
        request.firstByteTimeout = .seconds(5)
        do throws(APIError) {
            return try await json(request)["server"] == "switchboard"
        } catch {
            return false
        }
    }

    // MARK: - Requests

    func get(
        _ path: String, _ query: [(String, String)] = []
    ) async throws(APIError) -> JSONValue {
        try await json(request("GET", path, query))
    }

    func post(
        _ path: String, _ body: JSONValue = [:], headers: [(String, String)] = [],
        firstByteTimeout: Duration? = .seconds(600)
    ) async throws(APIError) -> JSONValue {
        var request = request("POST", path, body: body)
        request.headers += headers
        request.firstByteTimeout = firstByteTimeout
        return try await json(request)
    }

    func delete(_ path: String) async throws(APIError) {
        _ = try await json(request("DELETE", path))
    }

    /// The page of a list.
    func page<Element>(
        _ path: String, _ page: PageRequest, _ query: [(String, String)] = [],
        _ read: (JSONValue) throws(APIError) -> Element
    ) async throws(APIError) -> Page<Element> {
        let list = try await get(path, page.query + query)
        var data: [Element] = []
        for json in list["data"]?.arrayValue ?? [] { data.append(try read(json)) }
        return Page(data: data, hasMore: list["has_more"]?.boolValue ?? false)
    }

    /// The events of a streaming answer.
    ///
    /// - Parameter resumes: Whether the server is one of ours, so that a stream that is cut goes
    ///   on where it was.
    func stream(
        _ path: String, _ body: JSONValue, headers: [(String, String)] = [], resumes: Bool
    ) async throws(APIError) -> AssistantEventStream {
        var body = body.objectValue ?? [:]
        body["stream"] = true
        var request = request("POST", path, body: .object(body))
        request.headers += headers
        if resumes { request.headers.append((Self.cursorField, "1")) }
        let response = try await send(request)
        let stream = RunStream(response.body)
        guard resumes, let cursor = response.header(Self.cursorField) else {
            let reader = RunReader(stream, resumption: nil)
            return AssistantEventStream { try await reader.nextBatch() }
        }
        let reader = RunReader(
            stream,
            resumption: Resumption(
                RemoteService(self), request, cursor: cursor, isSecond: false))
        return AssistantEventStream { try await reader.nextBatch() }
    }

    private static let cursorField = "x-switchboard-cursor"

    /// The body of an answer that goes on for as long as there is something to say.
    func open(
        _ path: String, _ query: [(String, String)]
    ) async throws(APIError) -> HTTPBody {
        var request = request("GET", path, query)
        // The server says something every 15 seconds.
        request.silenceTimeout = .seconds(60)
        return try await send(request).body
    }

    private func request(
        _ method: String, _ path: String, _ query: [(String, String)] = [], body: JSONValue? = nil
    ) -> HTTPRequest {
        var url = baseURL + path
        if !query.isEmpty {
            url += "?" + query.map { "\($0.0)=\($0.1.percentEncoded)" }.joined(separator: "&")
        }
        var headers = [("OpenAI-Beta", "assistants=v2"), ("Accept", "application/json")]
        if let key { headers.append(("Authorization", "Bearer \(key)")) }
        if body != nil { headers.append(("Content-Type", "application/json")) }
        return HTTPRequest(
            method: method, url: url, headers: headers, body: body?.bytes ?? [],
            socketPath: socketPath)
    }

    func send(_ request: HTTPRequest) async throws(APIError) -> HTTPResponse {
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await transport.send(request)
        } catch {
            throw APIError(error)
        }
        if response.isSuccess { return response }
        let text = await response.body.prefix(bytes: 64 << 10)
        var error: APIError
        do throws(JSONError) {
            error = APIError(json: try JSONValue(parsing: text), status: response.status)
        } catch {
            throw APIError(
                status: response.status,
                message: "\(request.destination) answered with status \(response.status).")
        }
        error.requestID = response.header("x-request-id")
        throw error
    }

    private func json(_ request: HTTPRequest) async throws(APIError) -> JSONValue {
        let response = try await send(request)
        let bytes: [UInt8]
        do throws(TransportError) {
            bytes = try await response.body.collect(upTo: Self.answerLimit)
        } catch {
            throw APIError(error)
        }
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            throw APIError(
                status: 502, code: "unreadable",
                message: "\(request.destination) answered with something that is not JSON: "
                    + "\(error). Is that the address of an Assistants server?")
        }
    }
}

extension APIError {
    /// What it means for an operation that its request failed.
    init(_ error: TransportError) {
        self.init(status: 503, code: "connection_failed", message: error.description)
    }
}

extension PageRequest {
    /// The parameters of an address that mean this page.
    var query: [(String, String)] {
        var query = [("limit", "\(limit)"), ("order", order.rawValue)]
        if let after { query.append(("after", after)) }
        if let before { query.append(("before", before)) }
        return query
    }
}

extension String {
    /// The text as it may stand in an address.
    var percentEncoded: String {
        var text = ""
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: "."):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }
}
