/// Tells the engine the time, so that tests can tell it another.
package protocol EngineClock: Sendable {
    /// Milliseconds since 1970.
    var milliseconds: Int { get }

    /// Waits, by a clock that nobody can set back; throws when the task is cancelled.
    func sleep(for duration: Duration) async throws
}

extension EngineClock {
    /// Seconds since 1970, as the API tells time.
    package var seconds: Int { milliseconds / 1000 }
}

/// The computer's own clocks.
package struct SystemClock: EngineClock {
    /// Makes the clock.
    package init() {}

    package var milliseconds: Int {
        // The wall clock as a duration since 1970: no Foundation is needed for it.
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
    }

    package func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration, clock: .continuous)
    }
}

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
