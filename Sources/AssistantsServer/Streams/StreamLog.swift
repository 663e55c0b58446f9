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

    /// A log that a source fills to its end, also when nobody reads the log.
    ///
    /// - Parameters:
    ///   - firstText: Called once, when the first text of the model has come.
    ///   - fill: Adds what comes, until the end or until `add` says that it is of no use.
    init(
        firstText: @escaping @Sendable () -> Void = {},
        fill: @escaping @Sendable (StreamLog) async throws -> Void
    ) {
        self.firstText = firstText
        let task = Task {
            do {
                try await fill(self)
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
        self.init(firstText: firstText) { log in
            var encoder = encoder
            var iterator = events.makeAsyncIterator()
            while let event = try await iterator.next() {
                var bytes: [UInt8] = []
                encoder.write(event, to: &bytes)
                let isText = if case .messageDelta = event { true } else { false }
                if !log.add(bytes, isText: isText) { return }
            }
        }
    }

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
