/// Limits and habits of a client.
public struct ChatOptions: Sendable {
    /// The longest wait for a connection; nil waits for ever.
    public var connectTimeout: Duration? = .seconds(5)
    /// The longest wait for the answer's head: a local model may have to be loaded first.
    public var firstByteTimeout: Duration? = .seconds(600)
    /// The longest silence within the answer.
    public var silenceTimeout: Duration? = .seconds(600)
    /// When a request is sent again.
    public var retryPolicy = RetryPolicy()
    /// The time all waits and measurements go by.
    public var clock = ChatClock.system
    /// Where refused parameters are remembered.
    public var memory = RefusedParameters.shared
    /// Makes ids for calls that come without one.
    public var makeID: @Sendable () -> String = ChatStreamReader.randomID
    /// More header fields for every request.
    public var headers: [(String, String)] = []
    /// A Unix socket to connect to instead of the address's host.
    public var socketPath: String?
    /// Whether calls are also looked for in the text, in the three wrappers that models use most:
    /// for servers that do not parse their model's own. Off, as a text may speak of such things.
    public var readsToolCallsInText = false
    /// By which API the server is asked.
    public var api = ChatAPI.completions
    /// Whether streams are asked for; without them the whole answer comes at once.
    public var streams = true

    /// So much of an error's body is read, in bytes.
    static let errorBodyLimit = 64 << 10
    /// So large may a list of models be, in bytes.
    static let listLimit = 8 << 20

    /// Creates the usual options.
    public init() {}
}
