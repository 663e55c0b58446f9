import NIOCore
import NIOHTTPTypes
import Synchronization

/// What one reader of a stream has not been sent yet.
///
/// Whoever fills it never waits, and what is added goes to the connection's event loop without a
/// task in between: most of what a server does is to pass on small pieces. A reader that leaves
/// more than the limit unread is dropped. A class, because the stream, its connection and the
/// server share it.
final class Outbox: Sendable {
    fileprivate struct State {
        var unread = ByteBuffer()
        /// Bytes that were given to the connection and are not yet sent.
        var underWay = 0
        /// How many bytes were sent.
        var sent = 0
        /// Where they are sent, once the head is.
        var channel: (any Channel)?
        /// Whether the connection has something to do, and asks for more when it is done.
        var isSending = false
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
        let (waiter, isDropped, isOpen, channel) = state.withLock { state in
            if state.hasEnded || state.isBroken { return (Self.nobody, false, false, Self.nowhere) }
            if state.unread.readableBytes + state.underWay + bytes.count > limit {
                state.isBroken = true
                state.unread = ByteBuffer()
                return (state.takeWaiter(), true, false, nil)
            }
            state.unread.writeBytes(bytes)
            state.hasMoved = true
            return (nil, false, true, state.takeIdleChannel())
        }
        waiter?.resume()
        if let channel { send(over: channel) }
        if isDropped { drop() }
        return isOpen
    }

    /// Adds the last bytes; what was added can still be read.
    func finish(with bytes: [UInt8] = []) {
        if !bytes.isEmpty { add(bytes) }
        state.withLock { state in
            state.hasEnded = true
            return state.isSending ? nil : state.takeWaiter()
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

    /// Sends everything over a connection, until the end or until the reader is gone; returns how
    /// many bytes were sent.
    func sendAll(over channel: any Channel) async -> Int {
        let idle = state.withLock { state in
            state.channel = channel
            return state.unread.readableBytes > 0 ? state.takeIdleChannel() : nil
        }
        if let idle { send(over: idle) }
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.isBroken || state.hasEnded && !state.isSending { return true }
                state.waiter = continuation
                return false
            }
            if isOver { continuation.resume() }
        }
        return state.withLock { state in
            state.channel = nil
            return state.sent
        }
    }

    private func send(over channel: any Channel) {
        channel.eventLoop.execute { self.sendNext(over: channel) }
    }

    /// Gives the connection as much as it may have at once; again when that was sent.
    private func sendNext(over channel: any Channel) {
        let (portion, waiter) = state.withLock { state in
            state.sent += state.underWay
            state.underWay = 0
            let count = state.isBroken ? 0 : min(state.unread.readableBytes, Self.portion)
            if count == 0 {
                state.isSending = false
                let isOver = state.isBroken || state.hasEnded
                return (nil as ByteBuffer?, isOver ? state.takeWaiter() : nil)
            }
            state.underWay = count
            if count < state.unread.readableBytes {
                return (state.unread.readSlice(length: count), nil)
            }
            defer { state.unread = ByteBuffer() }
            return (state.unread, nil)
        }
        waiter?.resume()
        guard let portion else { return }
        channel.writeAndFlush(HTTPResponsePart.body(portion)).whenComplete { result in
            if case .failure = result { self.abandon() }
            self.sendNext(over: channel)
        }
    }

    private static var nowhere: (any Channel)? { nil }
    private static var nobody: CheckedContinuation<Void, Never>? { nil }
}

extension Outbox.State {
    /// The connection, where it has nothing to do: whoever gets it must give it something.
    fileprivate mutating func takeIdleChannel() -> (any Channel)? {
        if isSending || channel == nil { return nil }
        isSending = true
        return channel
    }

    fileprivate mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
        defer { waiter = nil }
        return waiter
    }
}
