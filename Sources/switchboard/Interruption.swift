import Dispatch
import Glibc
import Synchronization

/// Notices Ctrl-C, so that a run can be stopped and what it wrote be kept.
///
/// A class, because the signal's source lives as long as it does.
final class Interruption: Sendable {
    private let state = Mutex((isInterrupted: false, handler: nil as (@Sendable () -> Void)?))
    // Made before anybody else sees this object, and never changed.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    /// Begins to notice; a second signal ends the program at once.
    init() {
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            // Signals arrive on a queue of their own: nothing else here can wait for them.
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for source in sources {
            source.setEventHandler { [weak self] in self?.interrupt() }
            source.resume()
        }
    }

    private func interrupt() {
        let (again, handler) = state.withLock { state in
            defer { state.isInterrupted = true }
            return (state.isInterrupted, state.handler)
        }
        if again { exit(130) }
        handler?()
    }

    /// Does work; on a signal does `onInterrupt`, waits for the work to end, and throws.
    func during(
        _ work: () async throws -> Void, onInterrupt: @escaping @Sendable () async -> Void
    ) async throws {
        state.withLock { state in
            state.handler = { Task { await onInterrupt() } }
        }
        defer { state.withLock { $0.handler = nil } }
        do {
            try await work()
        } catch {
            if state.withLock({ $0.isInterrupted }) { throw Stop.interrupted }
            throw error
        }
        if state.withLock({ $0.isInterrupted }) { throw Stop.interrupted }
    }
}
