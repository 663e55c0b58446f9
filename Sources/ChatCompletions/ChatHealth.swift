/// How well a stream went: measured by the client, from the request's start.
public struct ChatHealth: Hashable, Sendable {
    /// From the request to the first chunk, retries included; nil before it.
    public internal(set) var timeToFirstEvent: Duration?
    /// From the request to the first word of text, reasoning or a call; nil before it.
    public internal(set) var timeToFirstToken: Duration?
    /// The longest wait between two pieces after the first.
    public internal(set) var longestGap = Duration.zero
    /// How many such waits were longer than `gapThreshold`.
    public internal(set) var gapCount = 0
    /// From the request to the end, or to the latest piece while it goes on.
    public internal(set) var duration = Duration.zero
    /// How often the request was sent again.
    public internal(set) var retryCount = 0
    /// Whether the answer came to its end.
    public internal(set) var isComplete = false
    /// Tokens of the answer: the server's count, or while there is none the pieces that came.
    public internal(set) var tokenCount = 0

    var startedAt: Duration
    private var latestPiece: Duration?
    private var latestToken: Duration?
    private var hasCount = false

    /// A wait of more than this counts as a gap.
    public static let gapThreshold = Duration.seconds(2)

    init(startedAt: Duration = .zero) {
        self.startedAt = startedAt
    }

    /// Tokens a second from the first to the latest; nil where too few came to tell.
    public var tokensPerSecond: Double? {
        guard let timeToFirstToken, let latestToken, tokenCount > 1 else { return nil }
        let time = latestToken - startedAt - timeToFirstToken
        return time > .zero ? Double(tokenCount - 1) / (time / .seconds(1)) : nil
    }

    /// How long nothing has come at `now`, counted from the request or the latest piece.
    public func silence(at now: Duration) -> Duration {
        max(.zero, now - (latestPiece ?? startedAt))
    }

    mutating func pieceCame(_ events: [ChatEvent], at now: Duration) {
        if let latestPiece {
            let gap = now - latestPiece
            longestGap = max(longestGap, gap)
            if gap > Self.gapThreshold { gapCount += 1 }
        } else {
            timeToFirstEvent = now - startedAt
        }
        latestPiece = now
        duration = now - startedAt
        for event in events { count(event, at: now) }
    }

    private mutating func count(_ event: ChatEvent, at now: Duration) {
        switch event {
        case .text, .reasoning, .refusal, .toolCall:
            timeToFirstToken = timeToFirstToken ?? (now - startedAt)
            latestToken = now
            if !hasCount { tokenCount += 1 }
        case .usage(let usage) where usage.completionTokens > 0:
            tokenCount = usage.completionTokens
            hasCount = true
        case .finished: isComplete = true
        case .started, .kept, .usage: break
        }
    }
}
