import Assistants
import TestSupport
import Testing
import Wire

/// The SDKs' accumulation cases, told in the API's own deltas: a list of entries with texts becomes
/// the content of a message, calls become the calls of a step. Cases about values that no typed
/// delta has (numbers, nested maps, lists of plain values) are named and left out.
@Suite("Delta accumulation", .enabled(if: Fixture.isPresent))
struct DeltaAccumulateTests {
    static let untyped: Set = [
        "empty", "new key", "string append", "nested new", "nested append", "null stays",
        "null replaced", "null null", "numbers add, nested, primitive arrays",
        "index and type replaced", "type clash",
    ]

    @Test("gives what both SDKs give")
    func cases() throws {
        let suite = try JSONValue(
            parsing: Fixture.shared("suites/assistants-stream/delta-accumulate.json"))
        var count = 0
        for item in suite["cases"]?.arrayValue ?? [] {
            let name = item["name"]?.stringValue ?? ""
            if Self.untyped.contains(name) { continue }
            count += 1
            let deltas = item["deltas"]?.arrayValue ?? []
            if item["expect_error"]?.boolValue == true {
                expectRefused(deltas, name: name)
            } else {
                try expectSum(deltas, item: item, name: name)
            }
        }
        #expect(count == 15)
    }

    private func expectRefused(_ deltas: [JSONValue], name: String) {
        var transcript = Transcript()
        transcript.apply(.messageDelta(MessageDelta(id: "x", text: "first")))
        let before = transcript.message("x")
        for delta in deltas {
            guard
                let event = try? AssistantEvent(
                    name: "thread.message.delta", data: message(delta).bytes)
            else { continue }
            guard case .fault = transcript.apply(event) else {
                Issue.record("\(name): not refused")
                continue
            }
        }
        #expect(transcript.message("x") == before, "\(name)")
    }

    private func expectSum(_ deltas: [JSONValue], item: JSONValue, name: String) throws {
        var transcript = Transcript()
        let isStep = item["expect"]?["tool_calls"] != nil || item["expect"]?["step_details"] != nil
        let wrap = isStep ? step : message
        let eventName = isStep ? "thread.run.step.delta" : "thread.message.delta"
        // What was there before came as a delta too.
        for delta in [item["acc"] ?? [:]] + deltas where delta.objectValue?.isEmpty == false {
            transcript.apply(try AssistantEvent(name: eventName, data: wrap(delta).bytes))
        }
        var expected = Transcript()
        let whole = wrap(item["expect"] ?? .null)
        expected.apply(try AssistantEvent(name: eventName, data: whole.bytes))
        #expect(transcript.messages.map(\.content) == expected.messages.map(\.content), "\(name)")
        #expect(transcript.steps.map(\.details) == expected.steps.map(\.details), "\(name)")
        #expect(transcript.messages.count + transcript.steps.count == 1, "\(name)")
    }

    private func message(_ delta: JSONValue) -> JSONValue {
        let entries = delta["content"] ?? delta["entries"] ?? []
        let content = (entries.arrayValue ?? []).map { entry -> JSONValue in
            guard var object = entry.objectValue, let text = object["text"]?.stringValue else {
                return entry
            }
            object["type"] = "text"
            object["text"] = ["value": .string(text)]
            return .object(object)
        }
        return ["id": "x", "delta": ["content": .array(content)]]
    }

    private func step(_ delta: JSONValue) -> JSONValue {
        if delta["step_details"] != nil { return ["id": "x", "delta": delta] }
        let calls = (delta["tool_calls"]?.arrayValue ?? []).map { call -> JSONValue in
            var object = call.objectValue ?? [:]
            object["type"] = "function"
            return .object(object)
        }
        return [
            "id": "x",
            "delta": ["step_details": ["type": "tool_calls", "tool_calls": .array(calls)]],
        ]
    }
}
