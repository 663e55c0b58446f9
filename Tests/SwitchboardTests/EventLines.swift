import Assistants
import Testing
import Wire

/// What `ask --json` printed.
struct EventLines {
    /// The events, each line one.
    let events: [JSONValue]
    /// How the stream went, which the last line says; nil while that has not come.
    let health: StreamHealth?

    /// Reads the lines; each must be an object with a name and data.
    init(_ lines: [String]) throws {
        var events = try lines.map { line in
            let event = try JSONValue(parsing: line)
            _ = try #require(event["event"]?.stringValue)
            _ = try #require(event["data"])
            return event
        }
        var health: StreamHealth?
        if events.last?["event"] == "switchboard.stream.health" {
            health = events.removeLast()["data"].map(StreamHealth.init(json:))
        }
        (self.events, self.health) = (events, health)
    }

    /// The names, repeats that follow each other taken together.
    var order: [String] {
        var names: [String] = []
        for event in events {
            let name = event["event"]?.stringValue ?? ""
            if names.last != name { names.append(name) }
        }
        return names
    }

    /// What the events come to.
    func transcript() throws -> Transcript {
        var transcript = Transcript()
        for event in events {
            let name = event["event"]?.stringValue ?? ""
            let data = event["data"]?.stringValue.map { Array($0.utf8) } ?? event["data"]?.bytes
            transcript.apply(try AssistantEvent(name: name, data: data ?? []))
        }
        return transcript
    }

    /// The order of a run that answers with one text (`CONTRACT.md` 8.4).
    static let text = [
        "thread.run.created", "thread.run.queued", "thread.run.in_progress",
        "thread.run.step.created", "thread.run.step.in_progress", "thread.message.created",
        "thread.message.in_progress", "thread.message.delta", "thread.message.completed",
        "thread.run.step.completed", "thread.run.completed", "done",
    ]

    /// The order of a run that calls functions.
    static let functionCall = [
        "thread.run.created", "thread.run.queued", "thread.run.in_progress",
        "thread.run.step.created", "thread.run.step.in_progress", "thread.run.step.delta",
        "thread.run.requires_action", "done",
    ]
}
