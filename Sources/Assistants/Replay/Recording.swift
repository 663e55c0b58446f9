import Wire

/// The events of runs as they were recorded, in the form in which they are on the wire.
public struct Recording: Hashable, Sendable {
    /// In the order in which they came.
    public private(set) var events: [AssistantEvent] = []
    /// The thread that most of the events are about; empty where they name none.
    public private(set) var threadID: Thread.ID = ""
    /// The run that the events end with; empty where they name none.
    public private(set) var runID: Run.ID = ""

    /// Reads a recording; throws `APIError` where an event cannot be read, with its number.
    public init(_ bytes: [UInt8]) throws(APIError) {
        var parser = EventParser(dialect: .openAI)
        var sent: [ServerSentEvent] = []
        do throws(EventStreamError) {
            sent = try parser.feed(bytes)
            if parser.isInsideEvent { sent += try parser.feed("\n\n".utf8) }
        } catch {
            throw APIError.unreadable("The recording could not be read: \(error)")
        }
        for (number, event) in sent.enumerated() {
            do throws(APIError) {
                events.append(try AssistantEvent(name: event.name, data: event.data))
            } catch {
                throw APIError.unreadable("Event \(number + 1) of the recording: \(error.message)")
            }
            note(events[number])
        }
        if events.isEmpty {
            throw APIError.unreadable(
                "The recording holds no events. It should be server-sent events, as --record "
                    + "writes them.")
        }
    }

    private mutating func note(_ event: AssistantEvent) {
        switch event {
        case .threadCreated(let thread): threadID = thread.id
        case .run(_, let run): (threadID, runID) = (run.threadID, run.id)
        case .message(_, let message) where threadID.isEmpty: threadID = message.threadID
        default: break
        }
    }
}
