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

    /// - Parameter firstText: Called once, when the first text of the model has come.
    init(firstText: @escaping @Sendable () -> Void = {}) {
        self.firstText = firstText
    }

    /// A log of a run's events. They are read to their end, also when nobody reads the log.
    convenience init(
        _ events: AssistantEventStream, _ encoder: EventEncoder,
        firstText: @escaping @Sendable () -> Void
    ) {
        self.init(firstText: firstText)
        read(events, encoder)
    }

    private func read(_ events: AssistantEventStream, _ encoder: EventEncoder) {
        let task = Task {
            var encoder = encoder
            var bytes: [UInt8] = []
            do {
                for try await event in events {
                    bytes.removeAll(keepingCapacity: true)
                    encoder.write(event, to: &bytes)
                    var isText = false
                    if case .messageDelta = event { isText = true }
                    if !self.add(bytes, isText: isText) { break }
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
