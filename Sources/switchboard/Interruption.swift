import Dispatch
import Glibc
import Synchronization

/// Notices that a command is to end early, so that a run can be stopped and what it wrote be kept:
/// by Ctrl-C or another signal, or because nobody reads the output any more.
///
/// A class, because the signals' sources live as long as it does.
final class Interruption: Sendable {
    private struct State {
        /// Why the command ends, once something happened.
        var stop: Stop?
        /// What is then done; nil while there is nothing to be stopped.
        var handler: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    // Made before anybody else sees this object, and never changed.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    /// Begins to notice. While there is nothing to be stopped, and at a second signal, the program
    /// ends at once.
    init() {
        sources = [SIGINT, SIGTERM, SIGHUP].filter { !Self.isIgnored($0) }.map { number in
            signal(number, SIG_IGN)
            // Signals arrive on a queue of their own: nothing else here can wait for them.
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for source in sources {
            source.setEventHandler { [weak self] in self?.interrupt(.interrupted) }
            source.resume()
        }
    }

    /// Whether whoever started the program wants it to ignore a signal, as `nohup` does.
    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    private func interrupt(_ stop: Stop) {
        let (isFirst, handler) = state.withLock { state in
            defer { state.stop = state.stop ?? stop }
            return (state.stop == nil, state.handler)
        }
        guard let handler, isFirst else { exit(stop.code) }
        handler()
    }

    /// Nobody reads any more: told for every write, of which the first counts.
    private func outputIsUnread() {
        if state.withLock({ $0.stop == nil }) { interrupt(.unread) }
    }

    /// Does work; when something happens does `onInterrupt`, waits for the work to end, and throws.
    func during(
        _ work: () async throws -> Void, onInterrupt: @escaping @Sendable () async -> Void
    ) async throws {
        state.withLock { $0.handler = { Task { await onInterrupt() } } }
        Output.whenUnread.withLock { $0 = { [weak self] in self?.outputIsUnread() } }
        defer { state.withLock { $0.handler = nil } }
        do {
            try await work()
        } catch {
            throw state.withLock { $0.stop } ?? error
        }
        if let stop = state.withLock({ $0.stop }) { throw stop }
    }
}

extension Stop {
    /// Nobody reads the output any more, as in `… | head -1`: no failure, and nobody to tell.
    fileprivate static let unread = Stop(message: "", code: 0)
}
