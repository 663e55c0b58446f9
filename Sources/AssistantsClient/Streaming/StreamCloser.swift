import Synchronization
import Transport

/// Closes the connection that a stream reads from now, from any task and at once.
///
/// A class, because the reader and whoever cancels it share it.
final class StreamCloser: Sendable {
    private let state = Mutex((body: HTTPBody?.none, isClosed: false))

    /// The connection from now on; closed at once where the stream is.
    func hold(_ body: HTTPBody) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.body = body }
            return state.isClosed
        }
        if isClosed { body.cancel() }
    }

    /// Closes the connection, and each that is held later.
    func close() {
        let body = state.withLock { state in
            defer { state = (nil, true) }
            return state.body
        }
        body?.cancel()
    }

    /// Whether it was closed.
    var isClosed: Bool { state.withLock { $0.isClosed } }
}
