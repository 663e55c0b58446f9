import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Takes what the client library reports on its event loop and hands it to the reading task.
///
/// A class because the library and the reader share it. Its lock is held for moments only, never
/// while a continuation is resumed.
final class ResponseReceiver: HTTPClientResponseDelegate, HTTPBodySource {
    typealias Response = Void

    /// So many unread bytes may wait here; then the socket is not read until the reader has read.
    static let unreadLimit = 256 * 1024

    private let request: HTTPRequest
    private let state = Mutex(State())

    init(_ request: HTTPRequest) {
        self.request = request
    }

    fileprivate enum Phase {
        case connecting, waiting, receiving, ended
    }

    fileprivate struct State {
        var phase = Phase.connecting
        var task: HTTPClient.Task<Void>?
        var head: HTTPResponseHead?
        var unread: [UInt8] = []
        var failure: TransportError?
        /// Completed when the reader has taken what was unread.
        var roomPromise: EventLoopPromise<Void>?
        var headReader: CheckedContinuation<Void, Never>?
        var bodyReader: CheckedContinuation<Void, Never>?
        var timer: Scheduled<Void>?
        var lastSign = NIODeadline.now()
    }

    /// What to do after the lock is given back.
    private struct Wakes {
        var readers: [CheckedContinuation<Void, Never>] = []
        var room: EventLoopPromise<Void>?
        var task: HTTPClient.Task<Void>?
        var timer: Scheduled<Void>?

        func perform(failing error: TransportError? = nil) {
            timer?.cancel()
            if let task {
                if let error { task.fail(reason: error) }
            }
            room?.succeed(())
            for reader in readers { reader.resume() }
        }
    }

    // MARK: The sending task

    /// Keeps the library's task, to end it and to run the waits on its event loop.
    func follow(_ task: HTTPClient.Task<Void>) {
        let isEnded = state.withLock { state in
            if state.phase != .ended { state.task = task }
            return state.phase == .ended
        }
        if isEnded { return }
        task.futureResult.whenFailure { self.end($0) }
        startTimer(.connect, on: task.eventLoop)
    }

    /// The response once its head is there.
    func response() async throws(TransportError) -> HTTPResponse {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.head != nil || state.failure != nil { return true }
                    state.headReader = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            cancel()
        }
        let (head, failure) = state.withLock { ($0.head, $0.failure) }
        // A failure that comes right after the head belongs to the body's reader.
        guard let head else {
            throw failure ?? TransportError(.cut, host: request.destination)
        }
        return HTTPResponse(
            status: Int(head.status.code), headers: head.headers.map { ($0.name, $0.value) },
            body: HTTPBody(source: self))
    }

    // MARK: The reading task

    func next() async throws(TransportError) -> [UInt8]? {
        while true {
            if let result = take() { return try result.get() }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isReady = state.withLock { state in
                        if !state.unread.isEmpty || state.phase == .ended { return true }
                        state.bodyReader = continuation
                        return false
                    }
                    if isReady { continuation.resume() }
                }
            } onCancel: {
                cancel()
            }
        }
    }

    /// What is there to read: bytes, the end, an error; nil when nothing has come yet.
    private func take() -> Result<[UInt8]?, TransportError>? {
        let (result, room) = state.withLock {
            state -> (Result<[UInt8]?, TransportError>?, EventLoopPromise<Void>?) in
            if state.failure?.code == .cancelled, let failure = state.failure {
                return (.failure(failure), nil)
            }
            if !state.unread.isEmpty {
                let bytes = state.unread
                state.unread = []
                let room = state.roomPromise
                state.roomPromise = nil
                state.lastSign = .now()
                return (.success(bytes), room)
            }
            guard state.phase == .ended else { return (nil, nil) }
            if let failure = state.failure { return (.failure(failure), nil) }
            return (.success(nil), nil)
        }
        room?.succeed(())
        return result
    }

    func cancel() {
        end(TransportError(.cancelled, host: request.destination))
    }

    // MARK: The library's event loop

    func didSendRequest(task: HTTPClient.Task<Void>) {
        let isWaiting = state.withLock { state in
            guard state.phase == .connecting else { return false }
            state.phase = .waiting
            return true
        }
        if isWaiting { startTimer(.firstByte, on: task.eventLoop) }
    }

    func didReceiveHead(
        task: HTTPClient.Task<Void>, _ head: HTTPResponseHead
    ) -> EventLoopFuture<Void> {
        let reader = state.withLock { state in
            guard state.phase != .ended else { return nil as CheckedContinuation<Void, Never>? }
            state.phase = .receiving
            state.head = head
            defer { state.headReader = nil }
            return state.headReader
        }
        startTimer(.silence, on: task.eventLoop)
        reader?.resume()
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(
        task: HTTPClient.Task<Void>, _ buffer: ByteBuffer
    ) -> EventLoopFuture<Void> {
        let (reader, room) = state.withLock {
            state -> (CheckedContinuation<Void, Never>?, EventLoopFuture<Void>?) in
            guard state.phase == .receiving else { return (nil, nil) }
            state.unread.append(contentsOf: buffer.readableBytesView)
            state.lastSign = .now()
            if state.unread.count >= Self.unreadLimit, state.roomPromise == nil {
                state.roomPromise = task.eventLoop.makePromise()
            }
            defer { state.bodyReader = nil }
            return (state.bodyReader, state.roomPromise?.futureResult)
        }
        reader?.resume()
        return room ?? task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveError(task: HTTPClient.Task<Void>, _ error: any Error) {
        end(error)
    }

    func didFinishRequest(task: HTTPClient.Task<Void>) {
        end(nil)
    }

    /// Ends the transfer, once: the first reason stays.
    private func end(_ reason: (any Error)?) {
        let failure = state.withLock { state in
            reason.map { error(for: $0, in: state.phase) }
        }
        let wakes = state.withLock { state -> Wakes? in
            guard state.phase != .ended else { return nil }
            var wakes = Wakes(room: state.roomPromise, task: state.task, timer: state.timer)
            wakes.readers = [state.headReader, state.bodyReader].compactMap { $0 }
            state.phase = .ended
            state.failure = failure
            state.headReader = nil
            state.bodyReader = nil
            state.roomPromise = nil
            state.timer = nil
            state.task = nil
            return wakes
        }
        wakes?.perform(failing: failure)
    }

    // MARK: Waits

    /// Starts the wait for the next sign from the server; each wait replaces the one before.
    private func startTimer(_ wait: TransportError.Wait, on eventLoop: any EventLoop) {
        let limit: Duration? =
            switch wait {
            case .connect: request.connectTimeout
            case .firstByte: request.firstByteTimeout
            case .silence: request.silenceTimeout
            }
        let timer = limit.map { limit in
            eventLoop.scheduleTask(in: TimeAmount(limit)) { self.check(wait, limit, eventLoop) }
        }
        let old = state.withLock { state -> Scheduled<Void>? in
            guard state.isIn(wait) else { return timer }
            defer { state.timer = timer }
            state.lastSign = .now()
            return state.timer
        }
        old?.cancel()
    }

    /// Ends the transfer when the wait is really over; else waits for what is left of it.
    private func check(
        _ wait: TransportError.Wait, _ limit: Duration, _ eventLoop: any EventLoop
    ) {
        let next = state.withLock { state -> NIODeadline? in
            guard state.isIn(wait) else { return .distantFuture }
            // While the reader does not read, the server cannot send.
            if state.roomPromise != nil { return .now() + TimeAmount(limit) }
            let end = state.lastSign + TimeAmount(limit)
            return end > .now() ? end : nil
        }
        guard let next else {
            return end(TransportError(.timedOut(wait), host: request.destination))
        }
        if next == .distantFuture { return }
        let timer = eventLoop.scheduleTask(deadline: next) { self.check(wait, limit, eventLoop) }
        let isOver = state.withLock { state in
            if state.isIn(wait) { state.timer = timer }
            return !state.isIn(wait)
        }
        if isOver { timer.cancel() }
    }
}

extension ResponseReceiver.State {
    fileprivate func isIn(_ wait: TransportError.Wait) -> Bool {
        switch wait {
        case .connect: phase == .connecting
        case .firstByte: phase == .waiting
        case .silence: phase == .receiving
        }
    }
}

extension ResponseReceiver {
    /// Names the library's error in this module's words.
    private func error(for error: any Error, in phase: Phase) -> TransportError {
        if let error = error as? TransportError { return error }
        let code = TransportError.Code(error, isConnecting: phase == .connecting)
        let isPlain = code == .cannotConnect(.refused) || code == .cancelled
        var named = TransportError(
            code, host: request.destination, detail: isPlain ? "" : String(describing: error))
        if phase == .connecting, case .ioOnClosedChannel? = error as? ChannelError {
            named.isUnsent = true
        }
        return named
    }
}
