package import Assistants
import Wire

/// Turns the bytes of a run's stream into events, however the bytes are cut.
package struct EventDecoder {
    private var parser = EventParser(dialect: .openAI)
    private var ready: [ServerSentEvent] = []
    private var position = 0
    private var latest = LatestEvent()
    private var bodyEnded = false
    private var failure: (any Error)?

    /// A decoder at the beginning of a stream.
    package init() {}

    /// Takes the next bytes; what is wrong with them is thrown by `next`, after what came before.
    package mutating func add(_ bytes: [UInt8]) {
        if position == ready.count { (ready, position) = ([], 0) }
        do throws(EventStreamError) {
            let more = try parser.feed(bytes)
            ready = ready.isEmpty ? more : ready + more
        } catch {
            failure = APIError(
                status: 502, code: "unreadable",
                message: "The event stream could not be read: \(error).")
        }
    }

    /// Takes note that the bytes are at their end. Some servers leave out the blank line after the
    /// last event, which is an event all the same where its data is whole.
    package mutating func finish() {
        bodyEnded = true
        if parser.isInsideEvent { add(Array("\n\n".utf8)) }
    }

    /// The next event; nil until more bytes have come.
    ///
    /// Throws `APIError` for an event that cannot be read; nothing follows it.
    package mutating func next() throws -> AssistantEvent? {
        guard position < ready.count else {
            if let failure { throw failure }
            return nil
        }
        let sent = ready[position]
        position += 1
        do throws(APIError) {
            let event = try latest.read(name: sent.name, data: sent.data)
            if case .done = event, sent.hasLines { throw Self.framing }
            return event
        } catch {
            if bodyEnded && !sent.hasLines && position == ready.count { return nil }
            let error = sent.hasLines ? Self.framing : error
            failure = error
            position = ready.count
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

extension ServerSentEvent {
    /// Whether its data came in several lines. Where that is no object, they are lines of several
    /// events.
    fileprivate var hasLines: Bool { data.contains(UInt8(ascii: "\n")) }
}
