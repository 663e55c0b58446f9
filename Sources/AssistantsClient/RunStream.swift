public import Assistants
import Wire

/// The events of one run, read from the body of a streaming answer.
///
/// Ends after `done` or an `error` event. A body that ends before that gives no error here: whoever
/// reads it looks at `isComplete` of the iterator and asks the server how the run went.
public struct RunStream<Body: AsyncSequence>: AsyncSequence where Body.Element: Collection<UInt8> {
    public typealias Element = AssistantEvent
    public typealias Failure = any Error

    private let body: Body

    /// Reads events from a body; its chunks may be cut anywhere.
    public init(_ body: Body) {
        self.body = body
    }

    /// Iterates; a body can be read once.
    public func makeAsyncIterator() -> Iterator {
        Iterator(body: body.makeAsyncIterator())
    }

    /// Gives one event after the other.
    public struct Iterator: AsyncIteratorProtocol {
        private var body: Body.AsyncIterator
        private var parser = EventParser(dialect: .openAI)
        private var ready: [ServerSentEvent] = []
        private var position = 0
        private var bodyEnded = false
        /// Whether the stream said that it is complete.
        public private(set) var isComplete = false

        init(body: Body.AsyncIterator) {
            self.body = body
        }

        /// The next event, or nil at the end.
        ///
        /// Throws `APIError` for an event that cannot be read, `EventStreamError` for framing that
        /// is broken, and what the body throws.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws -> AssistantEvent? {
            if isComplete { return nil }
            while position == ready.count {
                if bodyEnded { return nil }
                position = 0
                if let chunk = try await body.next(isolation: actor) {
                    ready = try parser.feed(chunk)
                } else {
                    bodyEnded = true
                    ready = try parser.finish()
                }
            }
            defer { position += 1 }
            let event = try AssistantEvent(
                name: ready[position].name, data: ready[position].data)
            isComplete = event.endsStream
            return event
        }
    }
}
