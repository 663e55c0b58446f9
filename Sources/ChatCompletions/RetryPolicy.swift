import Transport

/// When a request is sent again, and after which wait: the rules of OpenAI's own client.
public struct RetryPolicy: Sendable {
    /// How often a request is sent again at most.
    public var retries: Int
    /// The wait before the first repetition; each next one doubles it.
    public var firstDelay: Duration
    /// The longest wait that this client chooses.
    public var longestDelay: Duration
    /// A server that wants a longer wait is not asked again.
    public var longestServerDelay: Duration
    /// 0 to 1: how much of a quarter is taken off a wait, so that clients do not come together.
    public var jitter: @Sendable () -> Double

    /// Creates a policy.
    public init(
        retries: Int = 2, firstDelay: Duration = .milliseconds(500),
        longestDelay: Duration = .seconds(8), longestServerDelay: Duration = .seconds(120),
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.retries = retries
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
        self.longestServerDelay = longestServerDelay
        self.jitter = jitter
    }

    /// How long to wait before sending again after `error`, of which there were `attempt` before;
    /// nil when it is of no use.
    func delay(after error: ChatError, attempt: Int) -> Duration? {
        guard attempt < retries, isWorthRepeating(error) else { return nil }
        if let wanted = error.retryAfter {
            return wanted <= longestServerDelay ? wanted : nil
        }
        // Beyond this the longest wait is reached whatever the first one is.
        let doubled = firstDelay * (1 << min(max(attempt, 0), 16))
        return min(doubled, longestDelay) * (1 - 0.25 * min(max(jitter(), 0), 1))
    }

    private func isWorthRepeating(_ error: ChatError) -> Bool {
        if let wish = error.shouldRetry { return wish }
        switch error.kind {
        case .transport(let code):
            return switch code {
            case .cannotConnect(.tls), .cancelled, .invalidURL, .tooLarge: false
            case .cannotConnect, .timedOut, .cut: true
            }
        case .rateLimit, .incomplete: return true
        case .server: return error.status.map { $0 >= 500 } ?? true
        case .cancelled, .unauthorized, .modelNotFound, .contextOverflow, .quotaExceeded:
            return false
        case .notFound, .badResponse, .unsupportedParameter: return false
        case .badRequest: return error.status == 408 || error.status == 409
        }
    }
}
