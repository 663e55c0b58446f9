public import Events

/// Everything that happens in a service, in order, in the batches in which it is read.
public struct ServiceEventStream: AsyncSequence, Sendable {
    public typealias Element = [ServiceEvent]
    public typealias Failure = any Error

    private let nextBatch: @Sendable () async throws -> [ServiceEvent]?

    /// Makes a stream from a source that gives events in batches, and nil at its end.
    public init(nextBatch: @escaping @Sendable () async throws -> [ServiceEvent]?) {
        self.nextBatch = nextBatch
    }

    /// Iterates; a stream has one reader.
    public func makeAsyncIterator() -> Iterator { Iterator(nextBatch: nextBatch) }

    /// Gives one batch after the other.
    public struct Iterator: AsyncIteratorProtocol {
        let nextBatch: @Sendable () async throws -> [ServiceEvent]?

        /// The next batch, never empty, or nil at the end.
        public mutating func next() async throws -> [ServiceEvent]? { try await nextBatch() }
    }
}

extension EventBus<ServiceEvent> {
    /// What is published from now on, each event as it is, until the stream is let go.
    public func stream() -> ServiceEventStream {
        let reading = Reading(self)
        return ServiceEventStream { await reading.next() }
    }
}

/// Ends a subscription when nobody can read it any more.
private final class Reading: Sendable {
    private let bus: EventBus<ServiceEvent>
    private let mailbox: Mailbox<ServiceEvent>

    init(_ bus: EventBus<ServiceEvent>) {
        self.bus = bus
        mailbox = bus.subscribe(merges: false)
    }

    deinit { bus.unsubscribe(mailbox) }

    func next() async -> [ServiceEvent]? { await mailbox.next() }
}
