import Assistants
import AssistantsEngine
import Events
import Synchronization

/// Passes on what an engine tells, at once and in its order.
///
/// An engine tells one event at a time, and wakes its readers before the next one. So whoever is
/// told of an event here is told before any result that follows it.
final class Relay: Sendable {
    private let engine: Engine
    private let mailbox: Mailbox<ServiceEvent>
    private let source: Source

    /// The mailbox that is read when it wakes, which is known only once it is there.
    private final class Source: Sendable {
        let mailbox = Mutex<Mailbox<ServiceEvent>?>(nil)
        let take: @Sendable (ServiceEvent) -> Void

        init(_ take: @escaping @Sendable (ServiceEvent) -> Void) { self.take = take }

        func drain() {
            for event in mailbox.withLock({ $0 })?.take() ?? [] { take(event) }
        }
    }

    init(_ engine: Engine, to take: @escaping @Sendable (ServiceEvent) -> Void) {
        self.engine = engine
        let source = Source(take)
        self.source = source
        mailbox = engine.events.subscribe(merges: false) { source.drain() }
        source.mailbox.withLock { $0 = mailbox }
        source.drain()
    }

    /// Passes on no more.
    func end() { engine.events.unsubscribe(mailbox) }
}
