/// How long a client waits for what; nil waits for ever.
public struct Timeouts: Hashable, Sendable {
    /// Until a connection is there.
    public var connect: Duration?
    /// From the request sent to the head of its answer.
    public var firstByte: Duration?
    /// Between two pieces of an answer that is no event stream.
    public var silence: Duration?
    /// Between two pieces of an event stream, keep-alive comments included. Afterwards the server
    /// is asked how the run goes on.
    public var streamSilence: Duration?
    /// How long a server may be out of reach before a stream that was cut is given up.
    public var recovery: Duration

    /// The waits of both SDKs, but for streams, where silence is looked into after 90 seconds.
    public init(
        connect: Duration? = .seconds(5), firstByte: Duration? = .seconds(600),
        silence: Duration? = .seconds(600), streamSilence: Duration? = .seconds(90),
        recovery: Duration = .seconds(60)
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.silence = silence
        self.streamSilence = streamSilence
        self.recovery = recovery
    }
}
