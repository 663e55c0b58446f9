public import Synchronization

/// Delivers every published event to every subscriber, in one order for all.
///
/// Publishing never waits for a reader: it adds to mailboxes and returns. A class, because the
/// publishers and subscribers of one bus are many. Inlinable, as every delta of every run passes
/// here: so each module has it made for its own events.
public final class EventBus<Event: Mergeable>: Sendable {
    @usableFromInline struct State {
        @usableFromInline var mailboxes: [ObjectIdentifier: Mailbox<Event>] = [:]
        @usableFromInline var isClosed = false

        @inlinable init() {}
    }

    @usableFromInline let state = Mutex(State())

    /// Makes a bus without subscribers.
    public init() {}

    /// Hands an event to everyone who subscribed before.
    @inlinable public func publish(_ event: Event) {
        // Delivered under the lock, so that two publishers cannot reach two readers in two orders;
        // readers are woken after it.
        let wakes = state.withLock { state in
            state.mailboxes.values.compactMap { $0.deliver(event) }
        }
        for wake in wakes { wake() }
    }

    /// Returns a mailbox that receives what is published from now on.
    ///
    /// - Parameters:
    ///   - merges: Whether unread neighbours are merged; see `Mailbox`.
    ///   - wake: Called when the mailbox stops being empty; must not block.
    @inlinable public func subscribe(
        merges: Bool = true, wake: @escaping @Sendable () -> Void = {}
    ) -> Mailbox<Event> {
        let mailbox = Mailbox<Event>(merges: merges, wake: wake)
        let isClosed = state.withLock { state in
            if !state.isClosed { state.mailboxes[ObjectIdentifier(mailbox)] = mailbox }
            return state.isClosed
        }
        if isClosed { mailbox.close() }
        return mailbox
    }

    /// Ends one subscription; its unread events can still be read.
    @inlinable public func unsubscribe(_ mailbox: Mailbox<Event>) {
        state.withLock { _ = $0.mailboxes.removeValue(forKey: ObjectIdentifier(mailbox)) }
        mailbox.close()
    }

    /// Ends every subscription, and those that are asked for later.
    @inlinable public func close() {
        let mailboxes = state.withLock { state in
            defer { state.mailboxes = [:] }
            state.isClosed = true
            return Array(state.mailboxes.values)
        }
        for mailbox in mailboxes { mailbox.close() }
    }
}
