public import Transport
import Wire

/// Asks a model server for chat completions, whichever server it is.
///
/// ```swift
/// let client = ChatCompletionsClient(baseURL: "http://127.0.0.1:8080/v1")
/// let stream = try await client.stream(ChatRequest(model: "m", messages: [.user("Hello")]))
/// for try await event in stream { … }
/// ```
public struct ChatCompletionsClient: Sendable {
    /// The address under which `/chat/completions` lies, without a slash at its end.
    public let baseURL: String
    /// The key; nil where none is needed.
    public var key: String?
    /// Sends the requests.
    public var transport: any HTTPTransport
    /// Limits and repetitions.
    public var options: ChatOptions

    /// Creates a client.
    ///
    /// An address without a path gets `/v1`, as every server has its completions there.
    public init(
        baseURL: String, key: String? = nil,
        transport: any HTTPTransport = AsyncHTTPTransport.shared,
        options: ChatOptions = ChatOptions()
    ) {
        self.baseURL = baseURL.asBaseURL
        self.key = key
        self.transport = transport
        self.options = options
    }

    /// Asks for an answer as a stream, and returns when its first event has come.
    ///
    /// Until then failures are repeated as `options.retryPolicy` says; a parameter that the server
    /// refuses is left out, once, and remembered; a server that cannot stream is asked for the
    /// whole answer, which the stream then gives. After the first event nothing is repeated.
    public func stream(_ request: ChatRequest) async throws(ChatError) -> ChatStream {
        var health = ChatHealth(startedAt: options.clock.now())
        var encoding = self.encoding(for: request)
        while true {
            do throws(ChatError) {
                return try await open(request, encoding, health)
            } catch {
                if let next = encoding.adjusted(after: error) {
                    encoding = next
                    options.memory.remember(next, baseURL: baseURL, model: request.model)
                } else if encoding.streams, error.refusesStreaming {
                    encoding.streams = false
                } else if let delay = options.retryPolicy.delay(
                    after: error, attempt: health.retryCount)
                {
                    try await pause(delay)
                    health.retryCount += 1
                } else if encoding.streams, error.isCutBeforeFirstEvent {
                    encoding.streams = false
                } else {
                    throw error
                }
            }
        }
    }

    /// Asks for an answer without a stream.
    public func complete(_ request: ChatRequest) async throws(ChatError) -> ChatAnswer {
        var client = self
        client.options.streams = false
        return try await client.stream(request).answer()
    }

    private func encoding(for request: ChatRequest) -> ChatEncoding {
        var encoding =
            options.memory.encoding(baseURL: baseURL, model: request.model)
            ?? ChatEncoding(tokenLimitName: tokenLimitName)
        encoding.streams = options.streams
        return encoding
    }

    private var tokenLimitName: String {
        let isOpenAI = ["api.openai.com", ".openai.azure.com"].contains { host.hasSuffix($0) }
        return isOpenAI ? ChatEncoding.maxCompletionTokens : ChatEncoding.maxTokens
    }

    private func open(
        _ request: ChatRequest, _ encoding: ChatEncoding, _ health: ChatHealth
    ) async throws(ChatError) -> ChatStream {
        let accept = encoding.streams ? "text/event-stream, application/json" : "application/json"
        let isChat = options.api == .completions
        let response = try await send(
            "POST", baseURL + (isChat ? "/chat/completions" : "/responses"),
            body: isChat ? request.body(encoding) : request.responsesBody(encoding),
            accept: accept)
        let source =
            isChat
            ? source(of: response, reader(of: request), health)
            : source(of: response, responsesReader, health)
        try await source.awaitFirstEvent()
        return ChatStream(source: source)
    }

    private func source(
        of response: HTTPResponse, _ reader: some AnswerReader, _ health: ChatHealth
    ) -> ChatStreamSource {
        ChatStreamSource(body: response.body, reader: reader, clock: options.clock, health: health)
    }

    private func reader(of request: ChatRequest) -> ChatStreamReader {
        var reader = ChatStreamReader(
            place: host, toolsInText: toolsInText(request), makeID: options.makeID)
        reader.mask = mask
        return reader
    }

    private var responsesReader: ResponsesStreamReader {
        var reader = ResponsesStreamReader(place: host, makeID: options.makeID)
        reader.mask = mask
        return reader
    }

    private func toolsInText(_ request: ChatRequest) -> Set<String> {
        options.readsToolCallsInText ? Set(request.tools.map(\.name)) : []
    }

    private func pause(_ delay: Duration) async throws(ChatError) {
        do {
            try await options.clock.sleep(delay)
        } catch {
            throw ChatError(.cancelled, message: "The request was cancelled.", place: host)
        }
    }

    // MARK: Requests of any kind

    /// Host and port, for sentences.
    var host: String {
        HTTPRequest(url: baseURL).destination
    }

    /// Hides the key where an answer repeats it.
    var mask: KeyMask { KeyMask(key) }

    /// Sends one request, and gives only a success.
    func send(
        _ method: String, _ url: String, body: [UInt8] = [], accept: String = "application/json"
    ) async throws(ChatError) -> HTTPResponse {
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await transport.send(request(method, url, body: body, accept: accept))
        } catch {
            throw ChatError(error)
        }
        if response.isSuccess { return response }
        let text = await response.body.prefix(bytes: ChatOptions.errorBodyLimit)
        throw mask.masked(
            ChatError(status: response.status, body: text, response: response, place: host))
    }

    func request(
        _ method: String, _ url: String, body: [UInt8], accept: String
    ) -> HTTPRequest {
        var headers = [("accept", accept), ("user-agent", "switchboard")]
        if !body.isEmpty { headers.append(("content-type", "application/json")) }
        if let key, !key.isEmpty {
            headers.append(("authorization", "Bearer \(key)"))
            if host.hasSuffix(".azure.com") { headers.append(("api-key", key)) }
        }
        return HTTPRequest(
            method: method, url: url, headers: headers + options.headers, body: body,
            connectTimeout: options.connectTimeout, firstByteTimeout: options.firstByteTimeout,
            silenceTimeout: options.silenceTimeout, socketPath: options.socketPath)
    }
}

extension ChatError {
    /// Whether a stream broke before anything of it came.
    fileprivate var isCutBeforeFirstEvent: Bool {
        kind == .incomplete || kind == .transport(.cut)
    }
}

extension String {
    /// The address without a slash at its end, and with `/v1` where it has no path.
    var asBaseURL: String {
        var text = String(trimmed)
        while text.hasSuffix("/") { text.removeLast() }
        guard let scheme = text.firstRange(of: "://") else { return text }
        return text[scheme.upperBound...].contains("/") ? text : text + "/v1"
    }
}
