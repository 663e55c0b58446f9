public import Transport

/// A model's answer as it comes.
///
/// Iterate it once. Cancelling the iterating task closes the connection at once, and so does
/// dropping the stream. An answer that breaks off throws after all that came has been given.
///
/// ```swift
/// for try await event in try await client.stream(request) {
///     if case .text(let text) = event { print(text, terminator: "") }
/// }
/// ```
public struct ChatStream: AsyncSequence, Sendable {
    /// What the model does.
    public typealias Element = ChatEvent
    /// Why the answer broke off.
    public typealias Failure = ChatError

    let source: ChatStreamSource

    /// Creates a stream of a body's bytes.
    public init(body: HTTPBody, place: String = "The model server", clock: ChatClock = .system) {
        source = ChatStreamSource(
            body: body, reader: ChatStreamReader(place: place), clock: clock,
            health: ChatHealth(startedAt: clock.now()))
    }

    init(source: ChatStreamSource) {
        self.source = source
    }

    /// Reads a stream's events.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let source: ChatStreamSource

        /// The next event; nil after the last.
        public mutating func next() async throws(ChatError) -> ChatEvent? {
            try await source.next()
        }

        /// The next event; nil after the last.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ChatError) -> ChatEvent? {
            try await source.next()
        }
    }

    /// Reads on from where the last reader stopped.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(source: source)
    }

    /// How the stream goes so far, or went.
    public var health: ChatHealth { source.health }

    /// An error that came after a complete answer; the answer stands.
    public var lateError: ChatError? { source.lateError }

    /// Why the answer ended, in the server's own word.
    public var finishText: String? { source.finishText }

    /// Reads to the end.
    public func answer() async throws(ChatError) -> ChatAnswer {
        var answer = ChatAnswer()
        while let event = try await source.next() { answer.add(event) }
        return answer
    }

    /// Closes the connection; a waiting reader gets `cancelled`.
    public func cancel() {
        source.cancel()
    }
}
