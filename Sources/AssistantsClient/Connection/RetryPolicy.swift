/// How often and when a request that failed is sent again: the rules of both SDKs.
///
/// Sent again is what got no answer, 408, 409, 429, or 500 and above; `x-should-retry` decides
/// otherwise. `retry-after-ms` and `retry-after` name the wait.
public struct RetryPolicy: Hashable, Sendable {
    /// How often a request is sent again; 0 for never.
    public var limit: Int
    /// The first wait, which doubles with each.
    public var firstDelay: Duration
    /// The longest wait of our own choice. Up to a quarter less is waited, by chance.
    public var longestDelay: Duration
    /// The longest wait that a server may ask for; for more, the request is not sent again.
    public var longestHint: Duration

    /// Never.
    public static let none = RetryPolicy(limit: 0)

    /// The rules of openai-python.
    public init(
        limit: Int = 2, firstDelay: Duration = .milliseconds(500),
        longestDelay: Duration = .seconds(8), longestHint: Duration = .seconds(120)
    ) {
        self.limit = limit
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
        self.longestHint = longestHint
    }

    /// How long to wait before a request is sent for the next time; nil where it is not to be.
    func delay(after attempt: Int, _ advice: RetryAdvice) -> Duration? {
        if attempt >= limit { return nil }
        if let hint = advice.delay, hint > .zero { return hint <= longestHint ? hint : nil }
        var delay = firstDelay
        for _ in 0..<min(attempt, 30) where delay < longestDelay { delay *= 2 }
        return min(delay, longestDelay) * Double.random(in: 0.75...1)
    }
}
