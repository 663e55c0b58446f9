/// Where a body's bytes come from: a socket, or a script in tests.
public protocol HTTPBodySource: AnyObject, Sendable {
    /// The next bytes, never empty; nil at the end, and for ever after it.
    func next() async throws(TransportError) -> [UInt8]?
    /// Ends the transfer: closes the connection and makes a waiting `next` throw `cancelled`.
    /// Does nothing after the end.
    func cancel()
}

/// The bytes of a response's body, in the pieces in which they come.
///
/// It can be read once. Cancelling the reading task, and dropping the body and its iterators,
/// close the connection.
public struct HTTPBody: AsyncSequence, Sendable {
    /// A piece of the body, never empty.
    public typealias Element = [UInt8]
    /// Why a body ended before its end.
    public typealias Failure = TransportError

    private let lease: Lease

    /// Creates a body that reads from `source`.
    public init(source: any HTTPBodySource) {
        lease = Lease(source: source)
    }

    /// Creates a body of known bytes.
    public init(_ bytes: [UInt8] = []) {
        self.init(source: KnownBytes(bytes))
    }

    /// Reads the body's pieces.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let lease: Lease

        /// The next piece; nil at the end.
        public mutating func next() async throws(TransportError) -> [UInt8]? {
            try await lease.source.next()
        }

        /// The next piece; nil at the end.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(TransportError) -> [UInt8]? {
            try await lease.source.next()
        }
    }

    /// Reads on from where the last reader stopped.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(lease: lease)
    }

    /// Closes the connection; a waiting reader gets `cancelled`.
    public func cancel() {
        lease.source.cancel()
    }

    /// The whole rest of the body.
    /// - Throws: `tooLarge` as soon as more than `limit` bytes have come; the connection is closed.
    public func collect(upTo limit: Int) async throws(TransportError) -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await lease.source.next() {
            guard piece.count <= limit - bytes.count else {
                cancel()
                throw TransportError(.tooLarge(limit: limit), host: "The server")
            }
            bytes += piece
        }
        return bytes
    }

    /// At most the first `limit` bytes; the connection is closed when there are more. A body that
    /// breaks off gives what came before: made for error texts.
    public func prefix(bytes limit: Int) async -> [UInt8] {
        var bytes: [UInt8] = []
        do throws(TransportError) {
            while bytes.count < limit, let piece = try await lease.source.next() {
                bytes += piece.prefix(limit - bytes.count)
            }
        } catch {
            // The part that came is what the caller asked for; how it ended adds nothing to it.
            return bytes
        }
        cancel()
        return bytes
    }

    /// Ends the transfer when nobody can read it any more.
    fileprivate final class Lease: Sendable {
        let source: any HTTPBodySource
        init(source: any HTTPBodySource) { self.source = source }
        deinit { source.cancel() }
    }
}
