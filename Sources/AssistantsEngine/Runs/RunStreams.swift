import Assistants
import Events
import Synchronization

/// The streams that API clients read of one run, each from when it was asked for to its `done`.
///
/// A class, because the run and its readers share it.
final class RunStreams: Sendable {
    private let current = Mutex(EventBus<AssistantEvent>())

    /// A stream of what comes from now on, as it was produced: nothing is merged.
    func subscribe() -> RunSubscription {
        let bus = current.withLock { $0 }
        return RunSubscription(bus: bus, mailbox: bus.subscribe(merges: false))
    }

    /// Tells an event to all readers; the streams end after `done`.
    func publish(_ event: AssistantEvent) {
        current.withLock { $0 }.publish(event)
        if event == .done { end() }
    }

    /// Ends all streams.
    func end() {
        let ended = current.withLock { bus in
            defer { bus = EventBus() }
            return bus
        }
        ended.close()
    }
}

/// One reader of a run's stream.
struct RunSubscription: Sendable {
    fileprivate let bus: EventBus<AssistantEvent>
    fileprivate let mailbox: Mailbox<AssistantEvent>

    fileprivate init(bus: EventBus<AssistantEvent>, mailbox: Mailbox<AssistantEvent>) {
        self.bus = bus
        self.mailbox = mailbox
    }

    /// Gives the reading up.
    func cancel() { bus.unsubscribe(mailbox) }

    /// The events; leaving them ends nothing.
    var events: AssistantEventStream {
        let reading = Reading(self)
        return AssistantEventStream { await reading.next() }
    }
}

/// Ends a subscription when nobody can read it any more.
private final class Reading: Sendable {
    private let subscription: RunSubscription

    init(_ subscription: RunSubscription) { self.subscription = subscription }
    deinit { subscription.cancel() }

    func next() async -> [AssistantEvent]? { await subscription.mailbox.next() }
}
