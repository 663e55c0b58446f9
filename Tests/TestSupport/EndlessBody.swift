import Synchronization
package import Transport

/// A body that says something, then the same over and over: 64 MB, or until it is closed. Then the
/// connection breaks.
package final class EndlessBody: HTTPBodySource {
    /// How many bytes it has.
    package static let limit = 64 << 20

    private let first: [UInt8]
    private let rest: [UInt8]
    private let state = Mutex((count: 0, isClosed: false))

    /// How many bytes were read.
    package var byteCount: Int { state.withLock { $0.count } }
    /// Whether the reader has closed it.
    package var isClosed: Bool { state.withLock { $0.isClosed } }

    /// A body that begins with one text and goes on with another.
    package init(_ first: String, then rest: [UInt8]) {
        self.first = Array(first.utf8)
        self.rest = rest
    }

    package func next() async throws(TransportError) -> [UInt8]? {
        let piece: [UInt8]? = state.withLock { state in
            if state.isClosed || state.count >= Self.limit { return nil }
            let piece = state.count == 0 && !first.isEmpty ? first : rest
            state.count += piece.count
            return piece
        }
        guard let piece else { throw TransportError(isClosed ? .cancelled : .cut, host: "endless") }
        return piece
    }

    package func cancel() { state.withLock { $0.isClosed = true } }
}
