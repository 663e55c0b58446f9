package import Assistants
import Transport
import Wire

/// Something that happened at a server.
package struct RemoteEvent: Hashable, Sendable {
    /// What to give the server to go on behind this event after a cut.
    package var cursor: String
    /// Nil in the first element, which only says where the feed begins.
    package var event: ServiceEvent?
}

/// Everything that happens at one of our own servers, as it happens.
///
/// Ends when the server stops, and throws `APIError` where the connection breaks: go on with the
/// last cursor then, at the same server or whoever took over.
package struct RemoteEvents: AsyncSequence, Sendable {
    package typealias Element = RemoteEvent
    package typealias Failure = any Error

    /// What the events are read from; to close it.
    let body: HTTPBody
    private let reader: RemoteEventReader

    fileprivate init(_ body: HTTPBody) {
        self.body = body
        reader = RemoteEventReader(body)
    }

    /// Iterates; there is one reader.
    package func makeAsyncIterator() -> Iterator { Iterator(reader: reader) }

    /// Gives one event after the other.
    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let reader: RemoteEventReader

        /// The next event, or nil when the server has stopped.
        package mutating func next() async throws -> RemoteEvent? { try await reader.next() }
    }
}

extension RemoteService {
    /// Watches what happens at the server from now on, or behind a cursor, without a gap.
    ///
    /// - Throws: `APIError`: 410 where what followed the cursor
    ///   is no longer kept: then read anew what is shown, and watch from now on.
    package func events(
        after cursor: String? = nil, thread: Thread.ID? = nil, run: Run.ID? = nil
    ) async throws(APIError) -> RemoteEvents {
        var query: [(String, String)] = []
        if let cursor { query.append(("after", cursor)) }
        if let thread { query.append(("thread_id", thread)) }
        if let run { query.append(("run_id", run)) }
        return RemoteEvents(try await connection.open("/events", query))
    }
}

/// Reads the feed's body.
///
/// An actor, because it keeps its place between two calls.
private actor RemoteEventReader {
    private var body: HTTPBody.AsyncIterator
    private var parser = EventParser()
    private var ready: [ServerSentEvent] = []
    private var position = 0
    private var cursor = ""

    init(_ body: HTTPBody) { self.body = body.makeAsyncIterator() }

    func next() async throws -> RemoteEvent? {
        while true {
            while position < ready.count {
                position += 1
                let sent = ready[position - 1]
                cursor = sent.id ?? cursor
                switch sent.name {
                case "switchboard.feed": return RemoteEvent(cursor: cursor, event: nil)
                case "error", "done": return nil
                default:
                    return RemoteEvent(cursor: cursor, event: try ServiceEvent(data: sent.data))
                }
            }
            var iterator = body
            defer { body = iterator }
            do throws(TransportError) {
                guard let chunk = try await iterator.next() else { return nil }
                ready = try feed(chunk)
            } catch {
                throw APIError(error)
            }
            position = 0
        }
    }

    private func feed(_ chunk: [UInt8]) throws(TransportError) -> [ServerSentEvent] {
        do throws(EventStreamError) {
            return try parser.feed(chunk)
        } catch {
            throw TransportError(.cut, host: "The server", detail: "\(error)")
        }
    }
}
