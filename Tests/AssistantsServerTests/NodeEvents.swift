import Foundation
import Wire

/// Server-sent events out of the chunks of a body, taken apart as openai-node does it: by lines,
/// wherever the chunks are cut, to the event whose data is `[DONE]`.
struct NodeEvents {
    /// One event.
    struct Event: Sendable {
        var name: String
        var data: JSONValue
    }

    private var line: [UInt8] = []
    private var name = ""
    private var data: [String] = []
    private(set) var isDone = false

    /// The events that a chunk completes.
    mutating func feed(_ chunk: [UInt8]) throws -> [Event] {
        var events: [Event] = []
        for byte in chunk {
            if byte != UInt8(ascii: "\n") {
                line.append(byte)
                continue
            }
            defer { line = [] }
            if let event = try take(String(decoding: line, as: UTF8.self)) { events.append(event) }
        }
        return events
    }

    private mutating func take(_ line: String) throws -> Event? {
        if line.isEmpty {
            defer { (name, data) = ("", []) }
            let text = data.joined(separator: "\n")
            if isDone || name.isEmpty && data.isEmpty { return nil }
            if text == "[DONE]" {
                isDone = true
                return nil
            }
            return Event(name: name, data: try JSONValue(parsing: text))
        }
        if line.hasPrefix(":") { return nil }
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count > 1 ? parts[1] : ""
        if value.hasPrefix(" ") { value.removeFirst() }
        switch parts[0] {
        case "event": name = String(value)
        case "data": data.append(String(value))
        default: break
        }
        return nil
    }
}

extension NodeEvents {
    /// Sends a request and reads the stream that answers it to its end. Each event is told with
    /// those before it.
    static func all(
        port: Int, _ line: String, key: String = "test", body: String,
        each: @Sendable ([Event]) throws -> Void = { _ in }
    ) throws -> [Event] {
        var client = try RawClient(port: port)
        client.ask(line, key: key, body: body)
        guard client.read(until: "\r\n\r\n") != nil else { throw RawClient.Failure.closed }
        var events = NodeEvents()
        var all: [Event] = []
        while let chunk = client.chunk() {
            for event in try events.feed(chunk) {
                all.append(event)
                try each(all)
            }
        }
        guard events.isDone else { throw RawClient.Failure.closed }
        return all
    }
}
