import Assistants
import Synchronization

/// The streams that are open now, so that they get their comment lines and hear of a stop.
///
/// A class, because every connection adds to it.
final class OpenStreams: Sendable {
    private struct State {
        var outboxes: [ObjectIdentifier: Outbox] = [:]
        var isStopping = false
    }

    private let state = Mutex(State())

    /// How many streams are open.
    var count: Int { state.withLock { $0.outboxes.count } }

    /// Adds a stream; it ends at once while the server stops.
    func add(_ outbox: Outbox) {
        let isStopping = state.withLock { state in
            state.outboxes[ObjectIdentifier(outbox)] = outbox
            return state.isStopping
        }
        if isStopping { outbox.finish(with: Self.farewell) }
    }

    /// Takes a stream away that has ended.
    func remove(_ outbox: Outbox) {
        state.withLock { _ = $0.outboxes.removeValue(forKey: ObjectIdentifier(outbox)) }
    }

    /// Gives every silent stream a comment line.
    func beat() {
        for outbox in state.withLock({ Array($0.outboxes.values) }) { outbox.beat() }
    }

    /// Tells every reader that the server stops, and ends the streams.
    func stop() {
        let outboxes = state.withLock { state in
            state.isStopping = true
            return Array(state.outboxes.values)
        }
        for outbox in outboxes { outbox.finish(with: Self.farewell) }
    }

    private static let farewell = EventEncoder.farewell(
        APIError(
            status: 503, code: "server_stopping",
            message: "The server is stopping. The run is not lost: ask for it when the server is "
                + "back."))
}
