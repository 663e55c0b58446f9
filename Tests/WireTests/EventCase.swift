import FoundationEssentials
import TestSupport
import Wire

/// One case of the shared event stream suites, in either dialect.
struct EventCase {
    var name: String
    var dialect: EventDialect
    var input: Chunks
    var pieceLengths: [Int]?
    var initialID: String
    var expected: EventOutcome

    static let files = [
        "wpt-eventsource", "chromium-parser", "eventsource-parser", "openai-dialect",
    ]

    /// The cases of a file; how many there must be is in the file.
    static func all(in file: String) throws -> [EventCase] {
        let suite = try JSONValue(parsing: Fixture.shared("suites/sse/\(file).json"))
        let cases = try required(suite["cases"]?.arrayValue).map {
            try EventCase($0, isOpenAI: suite["dialect"] == "openai")
        }
        guard cases.count == suite["count"]?.integerValue else { throw MalformedCase() }
        return cases
    }

    private init(_ json: JSONValue, isOpenAI: Bool) throws {
        name = try required(json["name"]?.stringValue)
        dialect = isOpenAI ? .openAI : .standard
        let base64 = try required(json["input_base64"]?.stringValue)
        input = Chunks(try required(Data(base64Encoded: base64)))
        pieceLengths = json["chunk_lengths"]?.arrayValue?.compactMap(\.integerValue)
        initialID = json["initialLastEventId"]?.stringValue ?? ""
        let events = try required(json["expect"]?["events"]?.arrayValue).map { event in
            ServerSentEvent(
                name: (event["type"] ?? event["event"])?.stringValue ?? "message",
                data: Array(try required(event["data"]?.stringValue).utf8),
                id: event["lastEventId"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 })
        }
        expected = EventOutcome(
            events: events, lastEventID: json["expect"]?["lastEventId"]?.stringValue ?? "",
            retry: json["expect"]?["retry"]?.integerValue)
    }

    /// What the parser makes of the input when it is cut like this.
    func outcome(of pieces: [[UInt8]]) throws -> EventOutcome {
        var parser = EventParser(dialect: dialect, lastEventID: initialID)
        return try EventOutcome(of: pieces, by: &parser)
    }
}

/// What is left to see of a stream after it ended.
struct EventOutcome: Equatable {
    var events: [ServerSentEvent]
    var lastEventID: String
    var retry: Int?
}

extension EventOutcome {
    init(of pieces: [[UInt8]], by parser: inout EventParser) throws {
        var events: [ServerSentEvent] = []
        for piece in pieces { events += try parser.feed(piece) }
        events += try parser.finish()
        self.init(events: events, lastEventID: parser.lastEventID, retry: parser.retry)
        // The suites compare text, repaired like the standard says, and no event's own retry.
        for index in self.events.indices {
            self.events[index].data = Array(self.events[index].text.utf8)
            self.events[index].retry = nil
        }
    }
}

/// The value, or an error that says a test's data is not as it should be.
func required<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw MalformedCase() }
    return value
}

/// A suite file is not of the shape that its reader expects.
struct MalformedCase: Error {}
