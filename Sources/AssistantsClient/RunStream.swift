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
        private var hasEnded = false
        /// Whether the stream said that it is complete.
        public private(set) var isComplete = false

        init(body: Body.AsyncIterator) {
            self.body = body
        }

        /// The next event, or nil at the end.
        ///
        /// Throws `APIError` for an event that cannot be read, `EventStreamError` for framing that
        /// is broken, and what the body throws. After an error the stream is at its end.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws -> AssistantEvent? {
            if hasEnded { return nil }
            do {
                guard try await fill(isolation: actor), let event = try event(ready[position])
                else {
                    hasEnded = true
                    return nil
                }
                position += 1
                isComplete = event.endsStream
                hasEnded = isComplete
                return event
            } catch {
                hasEnded = true
                throw error
            }
        }

        /// Reads until an event is ready; false at the end of the body.
        private mutating func fill(isolation actor: isolated (any Actor)?) async throws -> Bool {
            while position == ready.count {
                position = 0
                if bodyEnded { return false }
                if let chunk = try await body.next(isolation: actor) {
                    ready = try parser.feed(chunk)
                } else {
                    // Some servers leave out the blank line after the last event.
                    bodyEnded = true
                    ready = parser.isInsideEvent ? try parser.feed("\n\n".utf8) : []
                }
            }
            return true
        }

        /// Reads an event; nil for one that the end of the body has cut.
        private func event(_ sent: ServerSentEvent) throws(APIError) -> AssistantEvent? {
            // Several lines of data that are no object are lines of several events.
            let hasLines = sent.data.contains(UInt8(ascii: "\n"))
            do throws(APIError) {
                let event = try AssistantEvent(name: sent.name, data: sent.data)
                if hasLines && event == .done { throw Self.framing }
                return event
            } catch {
                if hasLines { throw Self.framing }
                if bodyEnded { return nil }
                throw error
            }
        }

        private static var framing: APIError {
            APIError(
                status: 502, code: "unreadable",
                message: "The event stream could not be read: no blank line stands between its "
                    + "events. A proxy on the way may have removed them; connect without it.")
        }
    }
}
