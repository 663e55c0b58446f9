import Wire

/// The rules that a server's stream must keep, or openai-node breaks (`CONTRACT.md` 8.5).
enum NodeRule {
    /// One of them: what of a stream breaks it.
    typealias Rule = @Sendable ([NodeEvents.Event]) -> [String]

    /// A step is known before its deltas.
    static let stepsBeforeDeltas: Rule = { events in
        var created: Set<String> = []
        return events.compactMap { event in
            if event.name == "thread.run.step.created" { created.insert(event.id) }
            let isKept = event.name != "thread.run.step.delta" || created.contains(event.id)
            return isKept ? nil : "\(event.id) was not created"
        }
    }

    /// One message at a time, begun and ended.
    static let oneMessageAtATime: Rule = { events in
        var open: String?
        var broken: [String] = []
        for event in events where event.name.hasPrefix("thread.message.") {
            let isNew = event.name == "thread.message.created"
            if isNew, let open { broken.append("\(open) is open when \(event.id) is created") }
            if isNew { open = event.id }
            if open != event.id { broken.append("\(event.name) of \(event.id), which is not open") }
            if event.closesMessage { open = nil }
        }
        return broken + (open.map { ["\($0) is open at the end"] } ?? [])
    }

    /// A message begins empty.
    static let emptyAtFirst: Rule = { events in
        events.filter {
            $0.name == "thread.message.created" && $0.data["content"] != .array([])
        }.map { "\($0.id) is created with content" }
    }

    /// A message ends with what was streamed of it.
    static let wholeAtLast: Rule = { events in
        var parts: [String: [JSONValue]] = [:]
        var broken: [String] = []
        for event in events {
            let delta = event.data["delta"]?["content"]?.arrayValue ?? []
            for part in delta where event.name == "thread.message.delta" {
                let old = JSONValue.array(parts[event.id] ?? [])
                let new = NodeListeners.accumulated(old, .array([part]))
                parts[event.id] = new.arrayValue
            }
            guard event.closesMessage else { continue }
            let streamed = (parts[event.id] ?? []).map(\.said)
            let stored = (event.data["content"]?.arrayValue ?? []).map(\.said)
            if streamed != stored { broken.append("\(streamed) became \(stored)") }
        }
        return broken
    }

    /// The stream tells how the run ended.
    static let endOfTheRun: Rule = { events in
        let runs = events.filter { $0.data["object"] == "thread.run" }
        let last = String(runs.last?.name.dropFirst("thread.run.".count) ?? "")
        let ends = ["requires_action", "completed", "incomplete", "failed", "cancelled", "expired"]
        return ends.contains(last) ? [] : ["the last of the run is '\(last)'"]
    }

    /// Parts of a message are counted.
    static let partsInOrder: Rule = { events in
        var counts: [String: Int] = [:]
        var broken: [String] = []
        for event in events where event.name == "thread.message.delta" {
            for part in event.data["delta"]?["content"]?.arrayValue ?? [] {
                let (index, count) = (part["index"]?.integerValue ?? -1, counts[event.id] ?? 0)
                if !(0...count).contains(index) { broken.append("part \(index) after \(count)") }
                counts[event.id] = max(count, index + 1)
            }
        }
        return broken
    }

    /// Calls of a step are counted and named.
    static let callsAreNamed: Rule = { events in
        var counts: [String: Int] = [:]
        var broken: [String] = []
        for event in events where event.name == "thread.run.step.delta" {
            for call in event.data["delta"]?["step_details"]?["tool_calls"]?.arrayValue ?? [] {
                let (index, count) = (call["index"]?.integerValue ?? -1, counts[event.id] ?? 0)
                let isFirst = index == count
                if !(0...count).contains(index) { broken.append("call \(index) after \(count)") }
                if call["type"]?.stringValue == nil { broken.append("no type in \(call.text)") }
                if isFirst, call["id"]?.stringValue == nil { broken.append("no id: \(call.text)") }
                counts[event.id] = max(count, index + 1)
            }
        }
        return broken
    }
}

extension NodeEvents.Event {
    /// The id of its object.
    var id: String { data["id"]?.stringValue ?? "" }

    /// Whether a message ends with it.
    fileprivate var closesMessage: Bool {
        name == "thread.message.completed" || name == "thread.message.incomplete"
    }
}

extension JSONValue {
    /// What a part of a message says or shows.
    fileprivate var said: String {
        self["text"]?["value"]?.stringValue ?? self["refusal"]?.stringValue
            ?? self["image_file"]?["file_id"]?.stringValue ?? text
    }
}
