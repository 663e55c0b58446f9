import Synchronization

/// Counts, on any thread.
package final class Counter: Sendable {
    private let count = Mutex(0)

    /// A count of none.
    package init() {}

    /// One more than before, from 1.
    package func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
