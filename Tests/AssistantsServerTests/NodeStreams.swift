import Assistants
import AssistantsEngine
import Foundation
import TestSupport
import Wire

/// Streams of runs of every kind, as they come over the wire, and the objects of them as a program
/// polls them.
struct NodeStreams {
    /// Each stream by what its run does.
    private(set) var streams: [(name: String, events: [NodeEvents.Event])] = []
    /// Every object of the runs, asked for once they are over.
    private(set) var polled: [JSONValue] = []
    private let served: ServedEngine
    private let assistant: Assistant

    /// Carries out the runs.
    static func all() async throws -> NodeStreams {
        var all = try await NodeStreams()
        try await all.runAll()
        await all.served.close()
        return all
    }

    private init() async throws {
        served = try await ServedEngine()
        var request = AssistantRequest(model: "scripted")
        request.tools = [.function(FunctionTool(name: "f")), .fileSearch(options: JSONObject())]
        assistant = try await served.engine.createAssistant(request, for: .trusted)
    }

    private mutating func runAll() async throws {
        let usage = ScriptedModel.Line.say(.usage(Usage(promptTokens: 1, completionTokens: 1)))
        try await run("says a text", ScriptedModel.text("Grüße an alle"))
        try await run("says nothing", [usage, .say(.finished(.stop))])
        try await run("thinks", [.say(.reasoning("Hm. "))] + ScriptedModel.text("Yes."))
        try await run("refuses", [.say(.refusal("Not that.")), usage, .say(.finished(.stop))])
        try await run("is cut by its limit", ScriptedModel.text("One two", .length))
        try await run("breaks off", [.say(.text("One ")), .breakOff])
        try await run(
            "fails in the middle", [.say(.text("One ")), .fail(ModelError(.server, "No."))])
        try await run("fails at once", [.fail(ModelError(.server, "No."))])
        served.model.add(ScriptedModel.calls(("file_search", #"{"queries":["shoes"]}"#)))
        try await run("searches files", ScriptedModel.text("Nothing."))
        try await run("is cancelled", [.say(.text("One ")), .wait], cancelledAt: "One ")
        try await run("is cancelled while it calls", Self.callAndWait, cancelledAt: "call_9")
        let calls = try await run(
            "calls two functions",
            [.say(.text("Wait. "))] + ScriptedModel.calls(("f", #"{"a":1}"#), ("f", "{}")))
        try await submit(to: calls)
        try await runWithThread()
    }

    private static let callAndWait: [ScriptedModel.Line] = [
        .say(.toolCall(index: 0, id: "call_9", name: "f", arguments: "{")), .wait,
    ]

    @discardableResult private mutating func run(
        _ name: String, _ answer: [ScriptedModel.Line], cancelledAt text: String? = nil
    ) async throws -> [NodeEvents.Event] {
        served.model.add(answer)
        var request = ThreadRequest()
        request.messages = [MessageRequest("Q")]
        let thread = try await served.engine.createThread(request, for: .trusted)
        return try await stream(
            name, "POST /v1/threads/\(thread.id)/runs",
            #"{"assistant_id":"\#(assistant.id)","stream":true}"#, cancelledAt: text)
    }

    private mutating func submit(to events: [NodeEvents.Event]) async throws {
        guard let run = events.run else { return }
        let calls = run["required_action"]?["submit_tool_outputs"]?["tool_calls"]?.arrayValue ?? []
        let outputs = calls.map {
            JSONValue.object(["tool_call_id": $0["id"] ?? .null, "output": "42"])
        }
        served.model.add(ScriptedModel.text("It is 42."))
        try await stream(
            "goes on after the outputs", "POST \(run.path)/submit_tool_outputs",
            (["stream": true, "tool_outputs": .array(outputs)] as JSONValue).text)
    }

    private mutating func runWithThread() async throws {
        served.model.add(ScriptedModel.text("Hello."))
        let thread = #"{"messages":[{"role":"user","content":"Q"}]}"#
        try await stream(
            "comes with its thread", "POST /v1/threads/runs",
            #"{"assistant_id":"\#(assistant.id)","stream":true,"thread":\#(thread)}"#)
    }

    @discardableResult private mutating func stream(
        _ name: String, _ line: String, _ body: String, cancelledAt text: String? = nil
    ) async throws -> [NodeEvents.Event] {
        let port = served.server.port
        let (events, polled) = try await onThread {
            let events = try NodeEvents.all(port: port, line, body: body) { events in
                guard let text, let last = events.last, last.name.hasSuffix(".delta"),
                    last.data.text.contains(text), let run = events.run
                else { return }
                _ = try RawClient.ask(port: port, "POST \(run.path)/cancel")
            }
            return (events, try Self.poll(events, port: port))
        }
        streams.append((name, events))
        self.polled += polled
        return events
    }

    /// What a program gets that asks for the run, its steps and its thread's messages.
    private static func poll(_ events: [NodeEvents.Event], port: Int) throws -> [JSONValue] {
        guard let run = events.run else { return [] }
        let thread = run["thread_id"]?.stringValue ?? ""
        let one = try RawClient.ask(port: port, "GET \(run.path)").json
        let lists = try ["\(run.path)/steps", "/v1/threads/\(thread)/messages"].flatMap {
            try RawClient.ask(port: port, "GET \($0)").json?["data"]?.arrayValue ?? []
        }
        return [one ?? .null] + lists
    }
}

extension [NodeEvents.Event] {
    /// The run as it was told last.
    fileprivate var run: JSONValue? { last { $0.data["object"] == "thread.run" }?.data }
}

extension JSONValue {
    /// Where a run is.
    fileprivate var path: String {
        "/v1/threads/\(self["thread_id"]?.stringValue ?? "")/runs/\(self["id"]?.stringValue ?? "")"
    }
}
