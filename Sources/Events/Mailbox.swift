public import Synchronization

/// What one subscriber has not read yet.
///
/// Reading takes everything at once, so a reader that falls behind gets a larger batch, not a
/// longer queue of wake-ups. What waits is kept small by merging: a value joins the last unread
/// value of the same object, so a reader far behind holds as many entries as there are objects,
/// however many deltas came.
///
/// A class, because publisher and reader share the one box.
public final class Mailbox<Event: Mergeable>: Sendable {
    @usableFromInline struct State {
        @usableFromInline var unread: [Event] = []
        @usableFromInline var latest: [Event.MergeKey: Int] = [:]
        @usableFromInline var waiter: CheckedContinuation<Void, Never>?
        @usableFromInline var isClosed = false

        @inlinable init() {}
    }

    @usableFromInline let state = Mutex(State())
    @usableFromInline let merges: Bool
    @usableFromInline let wake: @Sendable () -> Void

    /// Makes an empty mailbox.
    ///
    /// - Parameters:
    ///   - merges: Whether unread neighbours are merged; false keeps every event as it was sent.
    ///   - wake: Called, outside of any lock, when an empty mailbox gets its first event.
    public init(merges: Bool = true, wake: @escaping @Sendable () -> Void = {}) {
        self.merges = merges
        self.wake = wake
    }

    /// The number of entries that wait to be read.
    @inlinable public var count: Int { state.withLock { $0.unread.count } }

    /// Whether no further event will come.
    @inlinable public var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Takes every unread event, in order.
    @inlinable public func take() -> [Event] {
        state.withLock { Self.take(from: &$0) }
    }

    /// Waits for events and takes all of them; nil when the mailbox is closed and empty, or the
    /// task is cancelled.
    ///
    /// One reader at a time: a second one that waits takes the place of the first.
    @inlinable public func next() async -> [Event]? {
        while !Task.isCancelled {
            let (events, isClosed) = state.withLock { (Self.take(from: &$0), $0.isClosed) }
            if !events.isEmpty { return events }
            if isClosed { return nil }
            await arrival()
        }
        return nil
    }

    /// Adds an event and says how to wake its reader, to be called once no lock is held.
    @inlinable func deliver(_ event: Event) -> (@Sendable () -> Void)? {
        let (wasEmpty, waiter) = state.withLock { state in
            if state.isClosed { return (false, nil as CheckedContinuation<Void, Never>?) }
            let wasEmpty = state.unread.isEmpty
            add(event, to: &state)
            defer { state.waiter = nil }
            return (wasEmpty, state.waiter)
        }
        guard wasEmpty else { return nil }
        return { [wake] in
            waiter?.resume()
            wake()
        }
    }

    /// Ends the mailbox. What was not read yet can still be read.
    @inlinable public func close() {
        let waiter = state.withLock { state in
            state.isClosed = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
        wake()
    }

    @inlinable func add(_ event: Event, to state: inout State) {
        guard merges else {
            state.unread.append(event)
            return
        }
        guard let key = event.mergeKey else {
            state.latest = [:]
            state.unread.append(event)
            return
        }
        if let index = state.latest[key], state.unread[index].merge(event) { return }
        state.latest[key] = state.unread.count
        state.unread.append(event)
    }

    @inlinable static func take(from state: inout State) -> [Event] {
        guard !state.unread.isEmpty else { return [] }
        state.latest.removeAll(keepingCapacity: true)
        var events: [Event] = []
        swap(&events, &state.unread)
        return events
    }

    @inlinable func arrival() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let resumed = state.withLock { state -> CheckedContinuation<Void, Never>? in
                    // A cancelled task, or an event that came in between, must not wait.
                    if !state.unread.isEmpty || state.isClosed || Task.isCancelled {
                        return continuation
                    }
                    defer { state.waiter = continuation }
                    return state.waiter
                }
                resumed?.resume()
            }
        } onCancel: {
            state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }?.resume()
        }
    }
}
