import FoundationEssentials

/// The time as a client sees it: a real clock's, or a test's.
package struct ClientClock: Sendable {
    /// Time since some moment.
    package let now: @Sendable () -> Duration
    /// Waits; throws `CancellationError` as soon as the task is cancelled.
    package let sleep: @Sendable (Duration) async throws -> Void
    /// Seconds since 1970.
    package let seconds: @Sendable () -> Int

    /// A clock made of its parts.
    package init(
        now: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        seconds: @escaping @Sendable () -> Int
    ) {
        self.now = now
        self.sleep = sleep
        self.seconds = seconds
    }

    /// The system's clocks.
    package static let system: ClientClock = {
        let start = ContinuousClock.now
        return ClientClock(
            now: { start.duration(to: .now) },
            sleep: { try await Task.sleep(for: $0) },
            seconds: { Int(Date().timeIntervalSince1970) })
    }()
}
