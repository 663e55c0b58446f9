import NIOCore
import Synchronization

/// What one reader of a stream has not been sent yet.
///
/// Whoever fills it never waits. A reader that leaves more than the limit unread is dropped. A
/// class, because the stream, its connection and the server share it.
final class Outbox: Sendable {
    fileprivate struct State {
        var unread = ByteBuffer()
        /// Bytes that were taken and are not yet with the connection.
        var underWay = 0
        var hasEnded = false
        var isBroken = false
        var hasMoved = true
        var waiter: CheckedContinuation<Void, Never>?
    }

    /// How much is handed to the connection at once.
    private static let portion = 64 << 10

    private let state = Mutex(State())
    private let limit: Int
    private let drop: @Sendable () -> Void

    /// - Parameters:
    ///   - limit: The most bytes that may wait.
    ///   - drop: Ends the connection of a reader that does not read.
    init(limit: Int, drop: @escaping @Sendable () -> Void) {
        self.limit = limit
        self.drop = drop
    }

    /// Adds bytes; false once nobody reads any more.
    @discardableResult
    func add(_ bytes: [UInt8]) -> Bool {
        let (waiter, isDropped, isOpen) = state.withLock { state in
            if state.hasEnded || state.isBroken { return (Self.nobody, false, false) }
            if state.unread.readableBytes + state.underWay + bytes.count > limit {
                state.isBroken = true
                state.unread = ByteBuffer()
                return (state.takeWaiter(), true, false)
            }
            state.unread.writeBytes(bytes)
            state.hasMoved = true
            return (state.takeWaiter(), false, true)
        }
        waiter?.resume()
        if isDropped { drop() }
        return isOpen
    }

    /// Adds the last bytes; what was added can still be read.
    func finish(with bytes: [UInt8] = []) {
        if !bytes.isEmpty { add(bytes) }
        state.withLock { state in
            state.hasEnded = true
            return state.takeWaiter()
        }?.resume()
    }

    /// Whether the reader is gone or was dropped.
    var isBroken: Bool { state.withLock { $0.isBroken } }

    /// Gives everything up, because the reader is gone.
    func abandon() {
        state.withLock { state in
            state.isBroken = true
            state.unread = ByteBuffer()
            return state.takeWaiter()
        }?.resume()
    }

    /// Adds a comment line where nothing was added since the last beat.
    func beat() {
        let isSilent = state.withLock { state in
            defer { state.hasMoved = false }
            return !state.hasMoved
        }
        if isSilent { add(Array(": ping\n\n".utf8)) }
    }

    /// Waits for bytes and takes some; nil at the end. What was taken before counts as sent.
    func next() async -> ByteBuffer? {
        while true {
            let (portion, isOver) = state.withLock { state -> (ByteBuffer?, Bool) in
                state.underWay = 0
                if state.isBroken { return (nil, true) }
                let count = min(state.unread.readableBytes, Self.portion)
                guard count > 0 else { return (nil, state.hasEnded) }
                state.underWay = count
                if count == state.unread.readableBytes {
                    defer { state.unread = ByteBuffer() }
                    return (state.unread, false)
                }
                return (state.unread.readSlice(length: count), false)
            }
            if let portion { return portion }
            if isOver { return nil }
            await arrival()
        }
    }

    private func arrival() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.unread.readableBytes > 0 || state.hasEnded || state.isBroken {
                    return true
                }
                state.waiter = continuation
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private static var nobody: CheckedContinuation<Void, Never>? { nil }
}

extension Outbox.State {
    fileprivate mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
        defer { waiter = nil }
        return waiter
    }
}
