import Assistants
import Synchronization

/// What happened in the service of late, and whoever waits for what happens next.
///
/// A class, because the service's watcher and all readers share it.
final class EventFeed: Sendable {
    /// An event, and about how many bytes of the feed it takes.
    struct Entry: Sendable {
        let event: ServiceEvent
        let size: Int
        /// The event as it is sent; nil for the deltas of messages, which are most of all and are
        /// seldom read: they are written when they are.
        fileprivate let bytes: [UInt8]?
    }

    private struct State {
        var entries: [Entry] = []
        /// How many entries were let go.
        var dropped = 0
        var size = 0
        var hasEnded = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// How much is kept for readers that come back.
    private static let sizeLimit = 16 << 20

    /// Tells this feed from one of an earlier start, whose numbers mean other events.
    let epoch: String
    private let state = Mutex(State())

    init() {
        epoch = String(UInt32.random(in: .min ... .max), radix: 16)
    }

    /// Adds what happened.
    func add(_ events: [ServiceEvent]) {
        let entries = events.map { event in
            if case .run(.messageDelta(let delta)) = event.kind {
                return Entry(event: event, size: delta.textSize + 384, bytes: nil)
            }
            let bytes = bytes(of: event)
            return Entry(event: event, size: bytes.count, bytes: bytes)
        }
        let waiters = state.withLock { state in
            state.entries += entries
            state.size += entries.reduce(0) { $0 + $1.size }
            Self.prune(&state)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// An entry as it is sent.
    func bytes(of entry: Entry) -> [UInt8] { entry.bytes ?? bytes(of: entry.event) }

    private func bytes(of event: ServiceEvent) -> [UInt8] {
        // All under one name: `done` and `error` are the ends of a stream, not of a run in it.
        var bytes = Array(
            "id: \(epoch).\(event.sequence)\nevent: switchboard.event\ndata: ".utf8)
        event.write(to: &bytes)
        bytes += [0x0A, 0x0A]
        return bytes
    }

    // Half is let go at once, so that not every event moves all others.
    private static func prune(_ state: inout State) {
        guard state.size > sizeLimit else { return }
        var count = 0
        while state.size > sizeLimit / 2, count < state.entries.count {
            state.size -= state.entries[count].size
            count += 1
        }
        state.entries.removeFirst(count)
        state.dropped += count
    }

    /// No more will happen.
    func finish() {
        let waiters = state.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Where a reader begins that wants only what happens from now on.
    var end: Int { state.withLock { $0.dropped + $0.entries.count } }

    /// What stands for the last event that happened.
    var cursor: String {
        "\(epoch).\(state.withLock { $0.entries.last?.event.sequence ?? 0 })"
    }

    /// Whether a cursor is of this feed, not of an earlier start's.
    func gave(_ cursor: String) -> Bool { cursor.hasPrefix(epoch + ".") }

    /// Where a reader goes on that has seen an event; nil where what followed is gone.
    func place(after sequence: Int) -> Int? {
        state.withLock { state in
            guard let first = state.entries.first else {
                return sequence == 0 ? state.dropped : nil
            }
            if sequence < first.event.sequence - 1 { return nil }
            let next = state.entries.partitioningIndex { $0.event.sequence > sequence }
            // A number that was never given: the feed began anew.
            if let last = state.entries.last, sequence > last.event.sequence { return nil }
            return state.dropped + next
        }
    }

    /// Waits for what is at a place and behind it; nil at the end, or where it is gone.
    func entries(from place: Int) async -> ArraySlice<Entry>? {
        while !Task.isCancelled {
            let (found, isOver) = state.withLock { state -> (ArraySlice<Entry>, Bool) in
                let index = place - state.dropped
                if index < 0 { return ([], true) }
                return (state.entries[min(index, state.entries.count)...], state.hasEnded)
            }
            if !found.isEmpty { return found }
            if isOver { return nil }
            await arrival(at: place)
        }
        return nil
    }

    private func arrival(at place: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isThere = state.withLock { state in
                    let end = state.dropped + state.entries.count
                    if end > place || state.hasEnded || Task.isCancelled { return true }
                    state.waiters.append(continuation)
                    return false
                }
                if isThere { continuation.resume() }
            }
        } onCancel: {
            // Whoever is woken for nothing waits again.
            let waiters = state.withLock { state in
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in waiters { waiter.resume() }
        }
    }
}

extension MessageDelta {
    /// The bytes of the text that came.
    fileprivate var textSize: Int {
        parts.reduce(0) { size, part in
            switch part.content {
            case .text(let text, _), .refusal(let text): size + text.utf8.count
            case .whole: size + 1024
            }
        }
    }
}

extension [EventFeed.Entry] {
    /// The first index for which something holds that holds for all that follow.
    fileprivate func partitioningIndex(where holds: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
