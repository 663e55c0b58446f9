public import Transport

/// Why a model gave no answer, or broke off in the middle of one.
public struct ChatError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What a caller can do something about.
    public enum Kind: Hashable, Sendable {
        /// Too many requests or tokens in a time; when to try again, if the server says.
        case rateLimit(retryAfter: Duration?)
        /// Nothing is left to spend.
        case quotaExceeded
        /// The conversation is longer than the model can read; the counts as far as known.
        case contextOverflow(promptTokens: Int?, contextTokens: Int?)
        /// No key, a wrong key, or no right to this.
        case unauthorized
        /// The server does not have this model.
        case modelNotFound
        /// The server has nothing under this address.
        case notFound
        /// The model or server refuses a parameter, by its name.
        case unsupportedParameter(String)
        /// The request is refused for another reason.
        case badRequest
        /// The server failed.
        case server
        /// No connection, a time limit, or a connection that broke.
        case transport(TransportError.Code)
        /// The stream ended, properly framed, but before the answer did.
        case incomplete
        /// The answer is none of chat completions.
        case badResponse
        /// The task was cancelled.
        case cancelled
    }

    /// What happened, for programs.
    public var kind: Kind
    /// The HTTP status; nil when none came, and inside a stream, where the error's own number
    /// stands in for it.
    public var status: Int?
    /// The server's own code.
    public var code: String?
    /// The server's own kind.
    public var type: String?
    /// The parameter the server complains of.
    public var param: String?
    /// What the server said, in one line fit for display.
    public var message: String
    /// The id under which the provider finds the request.
    public var requestID: String?
    /// The server and, where it matters, the model: for the sentence.
    public var place: String
    /// What the server said about trying again: `x-should-retry`.
    public var shouldRetry: Bool?

    /// Creates an error.
    public init(
        _ kind: Kind, message: String, place: String, status: Int? = nil, code: String? = nil,
        type: String? = nil, param: String? = nil, requestID: String? = nil
    ) {
        self.kind = kind
        self.message = message
        self.place = place
        self.status = status
        self.code = code
        self.type = type
        self.param = param
        self.requestID = requestID
    }

    /// Creates an error out of one of the connection.
    public init(_ error: TransportError) {
        self.init(
            error.code == .cancelled ? .cancelled : .transport(error.code),
            message: error.description.shown(limit: ErrorBody.messageLimit), place: error.host)
    }

    /// After which time the server wants to be asked again.
    public var retryAfter: Duration? {
        if case .rateLimit(let delay) = kind { return delay }
        return nil
    }

    /// One line: who, what happened, what to do.
    public var description: String {
        switch kind {
        case .rateLimit(let delay):
            says("too many requests") + (delay.map { "; try again in \($0.inWords)." } ?? "; wait.")
        case .quotaExceeded: says("nothing is left to spend") + "; see your account there."
        case .contextOverflow(let prompt, let context):
            overflowSentence(prompt, context)
        case .unauthorized: says("it does not accept the key") + "; check the key."
        case .modelNotFound: says("it has no such model") + "; list what it has and choose one."
        case .notFound: says("nothing is at this address") + "; check the base URL, often …/v1."
        case .unsupportedParameter(let name): says("it does not accept \(name)") + "; leave it out."
        case .badRequest: says("it refuses the request") + "."
        case .server: says("it failed") + "; try again."
        case .badResponse:
            says("the answer is not one of a model server") + "; check the address."
        case .incomplete: "\(place) ended the stream before the answer was complete; try again."
        case .transport, .cancelled: message
        }
    }

    private func says(_ short: String) -> String {
        let text = message.hasSuffix(".") ? String(message.dropLast()) : message
        let number = status.map { " (\($0))" } ?? ""
        return text.isEmpty ? "\(place): \(short)\(number)" : "\(place): \(short)\(number): \(text)"
    }

    private func overflowSentence(_ prompt: Int?, _ context: Int?) -> String {
        let counts =
            switch (prompt, context) {
            case (let prompt?, let context?): "\(prompt) tokens, but the model reads \(context)"
            case (nil, let context?): "more than the \(context) tokens that the model reads"
            default: message
            }
        return
            "\(place): the conversation is too long: \(counts); shorten it or begin a new thread."
    }
}

extension Duration {
    /// Seconds for people: `1.5 s`, `20 s`.
    fileprivate var inWords: String {
        let tenths = components.seconds.multipliedReportingOverflow(by: 10)
        guard !tenths.overflow else { return "a long time" }
        let value = tenths.partialValue + components.attoseconds / 100_000_000_000_000_000
        return value % 10 == 0 ? "\(value / 10) s" : "\(value / 10).\(value % 10) s"
    }
}
