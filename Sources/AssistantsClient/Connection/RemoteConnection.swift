import Assistants
package import Transport
import Wire

/// Sends requests of the Assistants API to one server: each request that goes over the network
/// passes here, with its waits and repetitions.
package struct RemoteConnection: Sendable {
    /// Where the server is, such as `http://127.0.0.1:8484/v1`, without a slash at the end.
    package let baseURL: String
    /// A Unix socket to connect to in place of the address's host.
    package let socketPath: String?
    /// How long is waited for what.
    package var timeouts: Timeouts
    /// What is sent again, and when.
    package var retries: RetryPolicy
    /// Header fields that go with every request.
    package var headers: [(String, String)] = []

    /// Whether messages and runs are named in their metadata, to find them where an answer got
    /// lost; without, what was perhaps created is not asked for again.
    package var marksCreations = true

    let clock: ClientClock
    private let traits = ServerTraits()
    private let key: String?
    private let transport: any HTTPTransport

    /// The most bytes of an answer that is no stream.
    private static let answerLimit = 64 << 20

    /// A connection to the server at an address.
    ///
    /// - Parameters:
    ///   - key: The bearer key; nil sends none.
    ///   - socketPath: A Unix socket to connect to in place of the address's host.
    package init(
        baseURL: String, key: String?, transport: any HTTPTransport, socketPath: String? = nil,
        timeouts: Timeouts = Timeouts(), retries: RetryPolicy = RetryPolicy(),
        clock: ClientClock = .system
    ) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.key = key
        self.transport = transport
        self.socketPath = socketPath
        self.timeouts = timeouts
        self.retries = retries
        self.clock = clock
    }

    /// Whether the server carries a repeated request out once.
    var knowsKeys: Bool { traits.isSwitchboard }

    /// Whether the server is one of ours, which can do more than the API asks for.
    package func isSwitchboard() async -> Bool {
        let root = baseURL.hasSuffix("/v1") ? String(baseURL.dropLast(3)) : baseURL
        var request = request("GET", "")
        request.url = root + "/healthz"
        request.firstByteTimeout = .seconds(5)
        var once = self
        once.retries = .none
        do throws(APIError) {
            return try await once.json(request)["server"] == "switchboard"
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

    /// - Parameters:
    ///   - doubt: What to do where it is not known whether the server carried it out.
    ///   - waitsForEver: Whether the answer may take as long as it likes.
    func post(
        _ path: String, _ body: JSONValue = [:], headers: [(String, String)] = [],
        doubt: Doubt<JSONValue> = .sendAgain, waitsForEver: Bool = false
    ) async throws(APIError) -> JSONValue {
        var request = request("POST", path, body: body)
        request.headers += headers
        if waitsForEver { request.firstByteTimeout = nil }
        return try await json(request, doubt: doubt)
    }

    /// Makes something: told apart from any other request with the same body, so that a server
    /// that knows `Idempotency-Key` makes it once.
    func create(
        _ path: String, _ body: JSONValue, headers: [(String, String)] = [],
        doubt: Doubt<JSONValue> = .sendAgain
    ) async throws(APIError) -> JSONValue {
        try await post(path, body, headers: headers + [Self.newKey], doubt: doubt)
    }

    /// A new value for the header that tells one request from all others.
    static var newKey: (String, String) { ("Idempotency-Key", String.randomName) }

    /// Deletes something. That a repeated request finds nothing means that the first was done.
    func delete(_ path: String) async throws(APIError) {
        let request = request("DELETE", path)
        let isGone: () async throws(APIError) -> JSONValue? = { () throws(APIError) in
            do throws(APIError) {
                _ = try await self.get(path)
                return nil
            } catch {
                if error.status == 404 { return [:] }
                throw error
            }
        }
        _ = try await json(request, doubt: .look(isGone))
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

    func request(
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
            method: method, url: url, headers: headers + self.headers, body: body?.bytes ?? [],
            connectTimeout: timeouts.connect, firstByteTimeout: timeouts.firstByte,
            silenceTimeout: timeouts.silence, socketPath: socketPath)
    }

    // MARK: - Answers

    private func json(
        _ request: HTTPRequest, doubt: Doubt<JSONValue> = .sendAgain
    ) async throws(APIError) -> JSONValue {
        try await answer(to: request, doubt: doubt).json
    }

    /// An answer as JSON, with its head.
    func answer(
        to request: HTTPRequest, doubt: Doubt<JSONValue> = .sendAgain
    ) async throws(APIError) -> (json: JSONValue, head: HTTPResponse?) {
        var found: Doubt<(json: JSONValue, head: HTTPResponse?)> = .sendAgain
        switch doubt {
        case .sendAgain: break
        case .giveUp: found = .giveUp
        case .look(let look):
            found = .look { () throws(APIError) in try await look().map { ($0, nil) } }
        }
        return try await send(request, doubt: found) {
            (response) throws(RequestFailure) -> (json: JSONValue, head: HTTPResponse?) in
            let bytes: [UInt8]
            do throws(TransportError) {
                bytes = try await response.body.collect(upTo: Self.answerLimit)
            } catch {
                throw RequestFailure(error)
            }
            do throws(JSONError) {
                return (try JSONValue(parsing: bytes), response)
            } catch {
                throw RequestFailure(
                    APIError(
                        status: 502, code: "unreadable",
                        message: "\(request.destination) answered with something that is not JSON: "
                            + "\(error). Is that the address of an Assistants server?"),
                    RetryAdvice(shouldRetry: false))
            }
        }.value
    }

    /// The body of an answer that goes on for as long as there is something to say.
    func open(
        _ path: String, _ query: [(String, String)]
    ) async throws(APIError) -> HTTPBody {
        var request = request("GET", path, query)
        // Our server says something every 15 seconds.
        request.silenceTimeout = .seconds(60)
        return try await send(request) { $0.body }.value
    }

    /// Sends a request, again and again as the policy says, until `read` has taken an answer.
    ///
    /// Returns how often it was sent again as well.
    ///
    /// - Parameter sentBefore: How often the same request was sent and answered before, which our
    ///   server wants to be told.
    func send<Value>(
        _ request: HTTPRequest, doubt: Doubt<Value> = .sendAgain, sentBefore: Int = 0,
        _ read: (HTTPResponse) async throws(RequestFailure) -> Value
    ) async throws(APIError) -> (value: Value, retries: Int) {
        var attempt = 0
        var wasDoubtful = false
        while true {
            var failure: RequestFailure
            do throws(RequestFailure) {
                return (try await sendOnce(request, sentBefore + attempt, read), attempt)
            } catch {
                failure = error
            }
            let isDoubtful = failure.mayHaveBeenDone && request.method != "GET"
            wasDoubtful = wasDoubtful || isDoubtful
            if wasDoubtful { failure.error = failure.error.inDoubt }
            if isDoubtful, case .giveUp = doubt { throw failure.error }
            let delay =
                failure.isRetryable ? retries.delay(after: attempt, failure.advice) : nil
            if let delay { try await pause(delay) }
            if isDoubtful, case .look(let look) = doubt, failure.isRetryable {
                do throws(APIError) {
                    if let found = try await look() { return (found, attempt + 1) }
                } catch {
                    // Nobody was reached to look, but the request had been sent.
                    throw error.inDoubt
                }
            }
            if delay == nil { throw failure.error }
            attempt += 1
        }
    }

    private func sendOnce<Value>(
        _ request: HTTPRequest, _ sentBefore: Int,
        _ read: (HTTPResponse) async throws(RequestFailure) -> Value
    ) async throws(RequestFailure) -> Value {
        var request = request
        if sentBefore > 0 { request.headers.append(("X-Stainless-Retry-Count", "\(sentBefore)")) }
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await transport.send(request)
        } catch {
            throw RequestFailure(error)
        }
        if response.header("server") == "switchboard" { traits.noteSwitchboard() }
        if response.isSuccess { return try await read(response) }
        let error = await error(of: response, to: request)
        throw RequestFailure(error, RetryAdvice(response, now: clock.seconds()))
    }

    /// Waits, unless the task is cancelled.
    func pause(_ delay: Duration) async throws(APIError) {
        do {
            try await clock.sleep(delay)
        } catch {
            throw .cancelled
        }
    }

    private func error(of response: HTTPResponse, to request: HTTPRequest) async -> APIError {
        let text = await response.body.prefix(bytes: 64 << 10)
        var error: APIError
        do throws(JSONError) {
            error = APIError(json: try JSONValue(parsing: text), status: response.status)
        } catch {
            return APIError(
                status: response.status,
                message: "\(request.destination) answered with status \(response.status).")
        }
        error.requestID = response.header("x-request-id")
        return error
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

extension String {
    /// A name that nothing else has: 32 hexadecimal digits by chance.
    static var randomName: String {
        (0..<2).map { _ in
            let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }
}
