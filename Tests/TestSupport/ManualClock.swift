#if canImport(AssistantsEngine)
    import AssistantsEngine
    import Synchronization

    /// A clock that stands still until a test moves it.
    ///
    /// A class, because the test and the engine share it.
    package final class ManualClock: EngineClock {
        private struct State {
            var now: Int
            var sleepers: [Int: (due: Int, wake: CheckedContinuation<Void, any Error>)] = [:]
            var nextID = 0
            var cancelled: Set<Int> = []
        }

        private let state: Mutex<State>

        /// A clock that shows a time, in seconds since 1970.
        package init(seconds: Int = 1_700_000_000) { state = Mutex(State(now: seconds * 1000)) }

        package var milliseconds: Int { state.withLock { $0.now } }

        /// How many wait for the clock.
        package var sleeperCount: Int { state.withLock { $0.sleepers.count } }

        /// Moves the clock, and wakes whoever waited for a time that has come.
        package func advance(by duration: Duration) {
            let woken = state.withLock { state in
                state.now += Self.milliseconds(duration)
                let due = state.sleepers.filter { $0.value.due <= state.now }
                for id in due.keys { state.sleepers[id] = nil }
                return due.values.sorted { $0.due < $1.due }.map(\.wake)
            }
            for wake in woken { wake.resume() }
        }

        package func sleep(for duration: Duration) async throws {
            let id = state.withLock { state in
                state.nextID += 1
                return state.nextID
            }
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    let isCancelled = state.withLock { state in
                        if state.cancelled.remove(id) != nil { return true }
                        let due = state.now + Self.milliseconds(duration)
                        state.sleepers[id] = (due, continuation)
                        return false
                    }
                    if isCancelled { continuation.resume(throwing: CancellationError()) }
                }
            } onCancel: {
                let sleeper = state.withLock { state in
                    let sleeper = state.sleepers.removeValue(forKey: id)
                    if sleeper == nil { state.cancelled.insert(id) }
                    return sleeper
                }
                sleeper?.wake.resume(throwing: CancellationError())
            }
        }

        private static func milliseconds(_ duration: Duration) -> Int {
            let parts = duration.components
            return Int(parts.seconds) * 1000 + Int(parts.attoseconds / 1_000_000_000_000_000)
        }
    }
#endif
