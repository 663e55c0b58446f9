/// The events of one run, from whatever source.
///
/// Ends after `done`, and throws `APIError` where the source failed.
public struct AssistantEventStream: AsyncSequence, Sendable {
    public typealias Element = AssistantEvent
    public typealias Failure = any Error

    private let nextBatch: @Sendable () async throws -> [AssistantEvent]?

    /// How the stream goes, where its source can tell: one that came over a network can.
    public let health: @Sendable () async -> StreamHealth?

    /// Makes a stream from a source that gives events in batches, and nil at its end.
    public init(
        health: @escaping @Sendable () async -> StreamHealth? = { nil },
        nextBatch: @escaping @Sendable () async throws -> [AssistantEvent]?
    ) {
        self.health = health
        self.nextBatch = nextBatch
    }

    /// Iterates; a stream has one reader.
    public func makeAsyncIterator() -> Iterator { Iterator(nextBatch: nextBatch) }

    /// Gives one event after the other.
    public struct Iterator: AsyncIteratorProtocol {
        private let nextBatch: @Sendable () async throws -> [AssistantEvent]?
        private var ready: [AssistantEvent] = []
        private var position = 0

        init(nextBatch: @escaping @Sendable () async throws -> [AssistantEvent]?) {
            self.nextBatch = nextBatch
        }

        /// The next event, or nil at the end.
        public mutating func next() async throws -> AssistantEvent? {
            while position == ready.count {
                guard let batch = try await nextBatch() else { return nil }
                ready = batch
                position = 0
            }
            defer { position += 1 }
            return ready[position]
        }
    }
}
