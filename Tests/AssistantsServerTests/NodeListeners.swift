import Wire

/// What the listeners of openai-node's `AssistantStream` hear of a stream's events: its rules as
/// `CONTRACT.md` 9.2 and 10.2 write them down, for the package is not to be had here.
struct NodeListeners {
    /// Name and value of each call, as the recordings have them.
    private(set) var callbacks: [JSONValue] = [["connect", nil]]
    /// Why `done()` rejects; nil when it does not.
    private(set) var rejection: String?

    private var message: JSONValue?
    private var parts: [JSONValue] = []
    private var part: Int?
    private var steps: [String: JSONValue] = [:]
    private var call: JSONValue?
    private var callIndex: Int?
    private var finalRun: JSONValue?

    private struct Refusal: Error { var text: String }

    /// Takes a whole stream.
    init(_ events: [NodeEvents.Event]) {
        do throws(Refusal) {
            for event in events { try take(event) }
            guard let finalRun else { throw Refusal(text: "Final run has not been received") }
            hear("run", finalRun["status"])
        } catch {
            rejection = error.text
            hear("error", .string(error.text))
        }
        hear("end", nil)
    }

    private mutating func hear(_ name: String, _ value: JSONValue?) {
        callbacks.append([.string(name), value ?? .null])
    }

    private mutating func take(_ event: NodeEvents.Event) throws(Refusal) {
        if event.name == "error" {
            let error = event.data["error"] ?? event.data
            throw Refusal(text: error["message"]?.stringValue ?? "")
        }
        if event.name == "thread.message.created", let open = message?["id"]?.stringValue {
            throw Refusal(
                text: "Received message creation for \"\(event.id)\" before the active message "
                    + "\"\(open)\" reached a terminal state")
        }
        hear("event", .string(event.name))
        if event.name.hasPrefix("thread.message.") {
            try takeMessage(event)
        } else if event.name.hasPrefix("thread.run.step.") {
            try takeStep(event)
        } else {
            takeRun(event)
        }
    }

    // MARK: Messages

    private mutating func takeMessage(_ event: NodeEvents.Event) throws(Refusal) {
        if event.name == "thread.message.created" {
            (message, parts, part) = (event.data, event.data["content"]?.arrayValue ?? [], nil)
            return hear("messageCreated", Self.state(event.data))
        }
        guard message?["id"]?.stringValue == event.id else {
            throw Refusal(text: "Received an event of a message that is not open")
        }
        switch event.name {
        case "thread.message.delta":
            takeDelta(event.data["delta"]?["content"]?.arrayValue ?? [])
        case "thread.message.completed", "thread.message.incomplete":
            if let part, let content = event.data["content"]?[part] { hearDone(content) }
            hear("messageDone", Self.state(event.data))
            message = nil
        default: break
        }
    }

    private mutating func takeDelta(_ delta: [JSONValue]) {
        for content in delta {
            let index = content["index"]?.integerValue ?? 0
            if parts.indices.contains(index) {
                parts[index] = Self.accumulated(parts[index], content)
            } else {
                parts.append(content)
                if let text = content["text"] { hear("textCreated", text["value"]) }
            }
        }
        hear("messageDelta", nil)
        for content in delta {
            let index = content["index"]?.integerValue ?? 0
            if let text = content["text"] {
                let snapshot = parts[index]["text"]?["value"] ?? .null
                hear("textDelta", ["value": text["value"] ?? .null, "snapshot": snapshot])
            }
            if let part, part != index { hearDone(parts[part]) }
            part = index
        }
    }

    private mutating func hearDone(_ content: JSONValue) {
        if let text = content["text"] { hear("textDone", text["value"]) }
        if let image = content["image_file"] { hear("imageFileDone", image["file_id"]) }
    }

    // MARK: Steps and runs

    private mutating func takeStep(_ event: NodeEvents.Event) throws(Refusal) {
        let id = event.id
        switch event.name {
        case "thread.run.step.created":
            steps[id] = event.data
            hear("runStepCreated", Self.state(event.data))
        case "thread.run.step.delta":
            guard let step = steps[id] else {
                throw Refusal(text: "Received a RunStepDelta before creation of a snapshot")
            }
            let delta = event.data["delta"] ?? [:]
            steps[id] = Self.accumulated(step, delta)
            takeCalls(delta["step_details"]?["tool_calls"]?.arrayValue ?? [], of: id)
            hear("runStepDelta", nil)
        case "thread.run.step.in_progress": break
        default:
            hearCallDone()
            callIndex = nil
            hear("runStepDone", Self.state(event.data))
        }
    }

    private mutating func takeCalls(_ delta: [JSONValue], of step: String) {
        for fragment in delta {
            let index = fragment["index"]?.integerValue ?? 0
            let snapshot = steps[step]?["step_details"]?["tool_calls"]?[index]
            if index == callIndex {
                call = snapshot
                hear("toolCallDelta", ["delta": fragment, "snapshot": snapshot ?? .null])
            } else {
                hearCallDone()
                (call, callIndex) = (snapshot, index)
                hear("toolCallCreated", snapshot)
            }
        }
    }

    private mutating func hearCallDone() {
        if let call { hear("toolCallDone", call) }
        call = nil
    }

    private mutating func takeRun(_ event: NodeEvents.Event) {
        switch event.name {
        case "thread.run.requires_action", "thread.run.completed", "thread.run.incomplete",
            "thread.run.failed", "thread.run.cancelled", "thread.run.expired":
            finalRun = event.data
            hearCallDone()
        default: break
        }
    }

    // MARK: Values

    private static func state(_ object: JSONValue) -> JSONValue {
        ["id": object["id"] ?? .null, "status": object["status"] ?? .null]
    }

    /// A snapshot and a delta (`CONTRACT.md` 9.2).
    static func accumulated(_ old: JSONValue, _ delta: JSONValue) -> JSONValue {
        switch (old, delta) {
        case (.string(let old), .string(let new)): return .string(old + new)
        case (.integer(let old), .integer(let new)): return .integer(old + new)
        case (.object(var old), .object(let new)):
            for (key, value) in new {
                if let known = old[key], !known.isNull, key != "index", key != "type" {
                    old[key] = accumulated(known, value)
                } else {
                    old[key] = value
                }
            }
            return .object(old)
        case (.array(var old), .array(let new)):
            for value in new {
                if let index = value["index"]?.integerValue, old.indices.contains(index) {
                    old[index] = accumulated(old[index], value)
                } else {
                    old.append(value)
                }
            }
            return .array(old)
        default: return old
        }
    }
}
