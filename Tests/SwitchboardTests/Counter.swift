import Synchronization

/// Counts, on any thread.
final class Counter: Sendable {
    private let count = Mutex(0)

    /// One more than before, from 1.
    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
