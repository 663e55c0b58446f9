import Assistants
import Synchronization

/// The bytes of a stream while they come: for whoever reads it now, and, kept for a while, for
/// whoever asks for the same again because the first answer did not arrive.
///
/// A class, because its source and all its readers share it.
final class StreamLog: Sendable {
    private struct State {
        var readers: [Outbox] = []
        /// Everything that came, while that is not too much.
        var kept: [UInt8]? = []
        var hasEnded = false
        var hasText = false
        var source: Task<Void, Never>?
        var whenEnded: [@Sendable ([UInt8]?) -> Void] = []
    }

    /// How much of a stream is kept. A client that has received this much asks no more for the
    /// same: SDKs do so only as long as they have not seen an answer's head.
    private static let keptLimit = 256 << 10

    private let state = Mutex(State())
    private let firstText: @Sendable () -> Void

    /// A log of what a source gives, read to its end, also when nobody reads the log.
    ///
    /// - Parameters:
    ///   - firstText: Called once, when the first text of the model has come.
    ///   - next: The next bytes, and whether text is among them; nil at the end.
    init(
        firstText: @escaping @Sendable () -> Void = {},
        next: @escaping @Sendable () async throws -> Piece?
    ) {
        self.firstText = firstText
        let task = Task {
            do {
                while let piece = try await next() {
                    if !self.add(piece.bytes, isText: piece.isText) { break }
                }
                self.finish()
            } catch {
                let told =
                    error as? APIError
                    ?? APIError(status: 500, message: "The stream broke off: \(error)")
                self.finish(with: EventEncoder.farewell(told))
            }
        }
        state.withLock { if !$0.hasEnded { $0.source = task } }
    }

    /// A log of a run's events.
    convenience init(
        _ events: AssistantEventStream, _ encoder: EventEncoder,
        firstText: @escaping @Sendable () -> Void
    ) {
        let source = EventSource(events, encoder)
        self.init(firstText: firstText) { try await source.next() }
    }

    /// Bytes of a stream.
    typealias Piece = (bytes: [UInt8], isText: Bool)

    /// Adds bytes; false once nobody reads and nobody could, so that reading on is of no use.
    @discardableResult
    func add(_ bytes: [UInt8], isText: Bool = false) -> Bool {
        let (isUseful, isFirst) = state.withLock { state in
            if state.hasEnded { return (false, false) }
            state.readers.removeAll { !$0.add(bytes) }
            if let kept = state.kept?.count {
                if kept + bytes.count > Self.keptLimit {
                    state.kept = nil
                } else {
                    state.kept?.append(contentsOf: bytes)
                }
            }
            let isFirst = isText && !state.hasText
            if isFirst { state.hasText = true }
            return (!state.readers.isEmpty || state.kept != nil, isFirst)
        }
        if isFirst { firstText() }
        return isUseful
    }

    /// Ends the stream, after some last bytes.
    func finish(with bytes: [UInt8] = []) {
        if !bytes.isEmpty { add(bytes) }
        let (readers, kept, whenEnded) = state.withLock { state in
            defer {
                state.readers = []
                state.whenEnded = []
            }
            if state.hasEnded { return ([] as [Outbox], state.kept, state.whenEnded) }
            state.hasEnded = true
            state.source = nil
            return (state.readers, state.kept, state.whenEnded)
        }
        for reader in readers { reader.finish() }
        for tell in whenEnded { tell(kept) }
    }

    /// Stops reading the source.
    func cancel() {
        state.withLock { $0.source }?.cancel()
    }

    /// Lets go of what was kept for later readers.
    func forget() {
        state.withLock { $0.kept = nil }
    }

    /// Whether a new reader would get everything.
    var isWhole: Bool { state.withLock { $0.kept != nil } }

    /// Gives a reader all that came, and what comes; false when the beginning was not kept.
    func attach(_ reader: Outbox) -> Bool {
        let (isWhole, hasEnded) = state.withLock { state in
            guard let kept = state.kept else { return (false, false) }
            if !kept.isEmpty { reader.add(kept) }
            if !state.hasEnded { state.readers.append(reader) }
            return (true, state.hasEnded)
        }
        if hasEnded { reader.finish() }
        return isWhole
    }

    /// A reader is gone. A source that nobody reads, and nobody could read later, is let go.
    func detach(_ reader: Outbox) {
        let source = state.withLock { state -> Task<Void, Never>? in
            state.readers.removeAll { $0 === reader }
            return state.readers.isEmpty && state.kept == nil ? state.source : nil
        }
        source?.cancel()
    }

    /// Calls back at the stream's end, with all of it, or nil where that was too much to keep.
    func whenEnded(_ tell: @escaping @Sendable ([UInt8]?) -> Void) {
        let kept = state.withLock { state -> [UInt8]?? in
            if state.hasEnded { return .some(state.kept) }
            state.whenEnded.append(tell)
            return .none
        }
        if let kept { tell(kept) }
    }
}

/// Gives the bytes of a run's events, one event after the other.
///
/// An actor, because it keeps its place in the events between two calls.
private actor EventSource {
    private var events: AssistantEventStream.Iterator
    private var encoder: EventEncoder

    init(_ events: AssistantEventStream, _ encoder: EventEncoder) {
        self.events = events.makeAsyncIterator()
        self.encoder = encoder
    }

    func next() async throws -> StreamLog.Piece? {
        var iterator = events
        guard let event = try await iterator.next() else { return nil }
        events = iterator
        var bytes: [UInt8] = []
        encoder.write(event, to: &bytes)
        if case .messageDelta = event { return (bytes, true) }
        return (bytes, false)
    }
}
