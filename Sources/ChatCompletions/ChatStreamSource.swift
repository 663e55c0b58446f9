import Synchronization
import Transport

/// Reads a body into events. A class because iterators, the stream and its health share it.
final class ChatStreamSource: Sendable {
    /// After a finish reason so long is waited for more, such as the usage: some servers neither
    /// send an end mark nor close.
    static let graceAfterFinish = Duration.seconds(3)
    /// After the end mark so long is waited for the body's end, so that the connection can be used
    /// again.
    static let graceAfterEnd = Duration.milliseconds(100)

    private let body: HTTPBody
    private let clock: ChatClock
    private let state: Mutex<State>

    fileprivate struct State {
        var reader: any AnswerReader
        var health: ChatHealth
        var events: [ChatEvent] = []
        var given = 0
        var failure: ChatError?
        var isOver = false
        var isDrained = false
    }

    init(body: HTTPBody, reader: some AnswerReader, clock: ChatClock, health: ChatHealth) {
        self.body = body
        self.clock = clock
        state = Mutex(State(reader: reader, health: health))
    }

    var health: ChatHealth { state.withLock { $0.health } }
    var lateError: ChatError? { state.withLock { $0.reader.lateError } }
    var finishText: String? { state.withLock { $0.reader.finishText } }

    func cancel() {
        body.cancel()
    }

    func next() async throws(ChatError) -> ChatEvent? {
        while true {
            if let event = take() { return event }
            let (isOver, failure) = state.withLock { state in
                // An error is thrown once; after it the stream is at its end.
                defer { if state.isOver { state.failure = nil } }
                return (state.isOver, state.failure)
            }
            if isOver {
                if let failure { throw failure }
                await drain()
                return nil
            }
            await readMore()
        }
    }

    /// Reads until an event is there to be given, or the end: so that a request that failed before
    /// its first event can be sent again.
    /// - Throws: what the stream would throw instead of a first event.
    func awaitFirstEvent() async throws(ChatError) {
        while true {
            let (isReady, failure) = state.withLock { state in
                (!state.events.isEmpty || state.isOver, state.events.isEmpty ? state.failure : nil)
            }
            if let failure { throw failure }
            if isReady { return }
            await readMore()
        }
    }

    private func take() -> ChatEvent? {
        state.withLock { state in
            guard state.given < state.events.count else { return nil }
            defer {
                state.given += 1
                if state.given == state.events.count {
                    state.events.removeAll(keepingCapacity: true)
                    state.given = 0
                }
            }
            return state.events[state.given]
        }
    }

    private func readMore() async {
        let isFinishing = state.withLock { $0.reader.finishText != nil }
        let piece =
            isFinishing
            ? await nextPiece(within: Self.graceAfterFinish) ?? .success(nil) : await nextPiece()
        let now = clock.now()
        state.withLock { state in
            switch piece {
            case .success(let bytes?): state.take(bytes, at: now)
            case .success(nil): state.end(nil, at: now)
            case .failure(let error): state.end(error, at: now)
            }
        }
        if state.withLock({ $0.failure != nil }) { body.cancel() }
    }

    private func nextPiece() async -> Result<[UInt8]?, TransportError> {
        var iterator = body.makeAsyncIterator()
        do throws(TransportError) {
            return .success(try await iterator.next())
        } catch {
            return .failure(error)
        }
    }

    /// The next piece, or nil when none comes in time; the connection is closed then.
    private func nextPiece(within grace: Duration) async -> Result<[UInt8]?, TransportError>? {
        await withTaskGroup(of: Result<[UInt8]?, TransportError>?.self) { group in
            group.addTask { await self.nextPiece() }
            group.addTask {
                // Ends early only when the piece has come, which makes its result unimportant.
                try? await self.clock.sleep(grace)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    /// Reads the little that follows the end mark.
    private func drain() async {
        let isFirst = state.withLock { state in
            defer { state.isDrained = true }
            return !state.isDrained
        }
        guard isFirst, case .success(_?)? = await nextPiece(within: Self.graceAfterEnd) else {
            return
        }
        // More than the frame's end: whatever it is, nobody wants it.
        body.cancel()
    }
}

extension ChatStreamSource.State {
    mutating func take(_ bytes: [UInt8], at now: Duration) {
        let count = reader.chunkCount
        let more = reader.feed(bytes)
        // Comments keep a connection alive but are no sign of the model.
        if reader.chunkCount > count || !more.isEmpty { health.pieceCame(more, at: now) }
        events += more
        if reader.failure != nil {
            events += reader.finish()
            failure = reader.failure
            isOver = true
        } else if reader.isEnded {
            isOver = true
            isDrained = false
        }
    }

    mutating func end(_ error: TransportError?, at now: Duration) {
        isOver = true
        isDrained = true
        let hasFinish = reader.finishText != nil
        let more = reader.finish()
        if !more.isEmpty { health.pieceCame(more, at: now) }
        events += more
        failure = reader.failure
        // A connection that breaks after the finish reason spoils nothing; before it, how it broke
        // says more than that the answer is not complete.
        if let error, !hasFinish || error.code == .cancelled { failure = ChatError(error) }
    }
}
