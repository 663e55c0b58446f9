/// The time that waits and measurements go by: the real one, or one that a test moves.
public struct ChatClock: Sendable {
    /// The time since any fixed moment; never goes back.
    public var now: @Sendable () -> Duration
    /// Waits; throws when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void

    /// Creates a clock.
    public init(
        now: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The system's clock, which goes on while the machine sleeps.
    public static let system: ChatClock = {
        let start = ContinuousClock.now
        return ChatClock(
            now: { ContinuousClock.now - start },
            sleep: { try await Task.sleep(for: $0) })
    }()
}
