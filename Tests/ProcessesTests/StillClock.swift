import Synchronization

/// A clock that stands still until a test moves it.
///
/// A class, because the test and what it tests share it.
final class StillClock: Clock {
    struct Instant: InstantProtocol {
        var sinceStart = Duration.zero
        func advanced(by duration: Duration) -> Instant {
            Instant(sinceStart: sinceStart + duration)
        }
        func duration(to other: Instant) -> Duration { other.sinceStart - sinceStart }
        static func < (left: Instant, right: Instant) -> Bool {
            left.sinceStart < right.sinceStart
        }
    }

    private struct State {
        var now = Instant()
        var sleepers: [Int: (due: Instant, task: CheckedContinuation<Void, any Error>)] = [:]
        var count = 0
    }

    private let state = Mutex(State())

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }
    /// How many wait for it, by how long they have to.
    var sleepers: [Duration] {
        state.withLock { state in state.sleepers.values.map { state.now.duration(to: $0.due) } }
    }

    /// Waits until somebody sleeps for so long.
    func sleeper(for duration: Duration) async {
        while !sleepers.contains(duration) { await Task.yield() }
    }

    func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.due <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.task)
        }
        for task in woken { task.resume() }
    }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            state.count += 1
            return state.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { task in
                let isOver = state.withLock { state in
                    if Task.isCancelled { return true }
                    state.sleepers[id] = (deadline, task)
                    return false
                }
                if isOver { task.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let task = state.withLock { $0.sleepers.removeValue(forKey: id)?.task }
            task?.resume(throwing: CancellationError())
        }
    }
}
