import Assistants
import AssistantsEngine
import AssistantsServer
import Foundation
import TestSupport
import Testing
import Wire

@Suite("A server's stream", .timeLimit(.minutes(5)))
struct StreamTests {
    /// What a test needs to start a run with raw bytes.
    private struct Place {
        var served: ServedEngine
        var assistant: Assistant
        var thread: Assistants.Thread
        var port: Int { served.server.port }
        var path: String { "/v1/threads/\(thread.id)/runs" }
        var body: String { "{\"assistant_id\":\"\(assistant.id)\",\"stream\":true}" }

        init(
            _ tools: [Tool] = [], _ change: (inout ServerSettings) -> Void = { _ in }
        ) async throws {
            served = try await ServedEngine(change)
            var request = AssistantRequest(model: "scripted")
            request.tools = tools
            assistant = try await served.engine.createAssistant(request, for: .trusted)
            var new = ThreadRequest()
            new.messages = [MessageRequest("Q")]
            thread = try await served.engine.createThread(new, for: .trusted)
        }

        /// The newest run, once it has a status that is looked for.
        func run(_ isWanted: (RunStatus) -> Bool) async throws -> Run {
            while true {
                let runs = try await served.engine.runs(
                    on: thread.id, PageRequest(limit: 1), for: .trusted)
                if let run = runs.data.first, isWanted(run.status) { return run }
                await Task.yield()
            }
        }
    }

    @Test("has the recorded framing")
    func framing() async throws {
        let place = try await Place()
        place.served.model.add(ScriptedModel.text("Grüße \n an alle"))
        let (port, path, body) = (place.port, place.path, place.body)
        let (head, text) = try await onThread {
            var client = try RawClient(port: port)
            client.ask("POST \(path)", headers: ["Connection: close"], body: body)
            let head = client.read(until: "\r\n\r\n") ?? []
            return (String(decoding: head, as: UTF8.self), unchunked(client.readToEnd()))
        }
        #expect(head.contains("200 OK"))
        #expect(head.lowercased().contains("content-type: text/event-stream; charset=utf-8"))
        let events = text.components(separatedBy: "\n\n")
        #expect(events.last == "")
        for event in events.dropLast() {
            let lines = event.components(separatedBy: "\n")
            #expect(lines.count == 2, "\(event)")
            #expect(lines[0].hasPrefix("event: ") && lines[1].hasPrefix("data: "), "\(event)")
        }
        #expect(events.dropLast().last == "event: done\ndata: [DONE]")
        let deltas = events.filter { $0.hasPrefix("event: thread.message.delta\n") }
        #expect(deltas.count > 1)
        #expect(deltas[0].contains("\"value\":\"Grüße \",\"annotations\":[]"))
        #expect(deltas.dropFirst().allSatisfy { !$0.contains("annotations") })
        #expect(text.contains("event: thread.message.created\n"))
        await place.served.close()
    }

    @Test("says something while the model is silent")
    func heartbeat() async throws {
        let place = try await Place { $0.heartbeat = .milliseconds(20) }
        place.served.model.add([.wait])
        let (port, path, body) = (place.port, place.path, place.body)
        let isAlive = try await onThread {
            var client = try RawClient(port: port)
            client.ask("POST \(path)", body: body)
            return client.read(until: ": ping\n\n") != nil
                && client.read(until: ": ping\n\n") != nil
        }
        #expect(isAlive)
        await place.served.close()
    }

    @Test("may be left: the run goes on")
    func leaving() async throws {
        let place = try await Place()
        place.served.model.add(
            [.say(.text("One ")), .wait] + ScriptedModel.text("two three."))
        let (port, path, body) = (place.port, place.path, place.body)
        try await onThread {
            var client = try RawClient(port: port)
            client.ask("POST \(path)", body: body)
            _ = client.read(until: "One ")
        }
        let run = try await place.run { status in
            place.served.model.goOn()
            return status.isTerminal
        }
        #expect(run.status == .completed)
        await place.served.close()
    }

    @Test("is dropped when its reader stops reading: the run goes on")
    func slowReader() async throws {
        let place = try await Place { $0.limits.unreadBytes = 128 << 10 }
        let piece = String(repeating: "x", count: 32 << 10)
        let lines = Array(repeating: ScriptedModel.Line.say(.text(piece)), count: 200)
        place.served.model.add(lines + [.say(.finished(.stop))])
        let (port, path, body) = (place.port, place.path, place.body)
        let (isOver, go) = AsyncStream<Void>.makeStream()
        async let received = onThread {
            var client = try RawClient(port: port)
            client.shrinkBuffer(to: 4 << 10)
            client.ask("POST \(path)", body: body)
            // Reads nothing until the run is over, then whatever was sent before the drop.
            let wait = DispatchSemaphore(value: 0)
            Task {
                for await _ in isOver {}
                wait.signal()
            }
            wait.wait()
            return client.readToEnd().count
        }
        let run = try await place.run { $0.isTerminal }
        go.finish()
        #expect(run.status == .completed)
        #expect(try await received < 200 * (32 << 10))
        await place.served.close()
    }

    @Test("may go on in a second one, while the first is open")
    func twoStreams() async throws {
        let place = try await Place([.function(FunctionTool(name: "f"))])
        place.served.model.add(ScriptedModel.calls(("f", "{}")))
        place.served.model.add(ScriptedModel.text("Done."))
        let (port, path, body) = (place.port, place.path, place.body)
        let texts = try await onThread {
            var first = try RawClient(port: port)
            first.ask("POST \(path)", body: body)
            _ = first.read(until: "event: thread.run.requires_action\ndata: ")
            let data = first.read(until: "\n\n") ?? []
            let run = try JSONValue(parsing: data)
            let call = run["required_action"]?["submit_tool_outputs"]?["tool_calls"]?[0]?["id"]
            let outputs: JSONValue = [
                "stream": true,
                "tool_outputs": [["tool_call_id": call ?? .null, "output": "42"]],
            ]
            var second = try RawClient(port: port)
            second.ask(
                "POST \(path)/\(run["id"]?.stringValue ?? "")/submit_tool_outputs",
                headers: ["Connection: close"], body: outputs.text)
            _ = second.read(until: "\r\n\r\n")
            let text = unchunked(second.readToEnd())
            return (String(decoding: first.read(until: "[DONE]") ?? [], as: UTF8.self), text)
        }
        #expect(texts.0.contains("event: done"))
        #expect(texts.1.hasPrefix("event: thread.run.step.completed\n"))
        #expect(texts.1.hasSuffix("event: done\ndata: [DONE]\n\n"))
        await place.served.close()
    }

    @Test("is told when the server stops, and the run is not lost")
    func stopping() async throws {
        let place = try await Place()
        place.served.model.add([.say(.text("One ")), .wait])
        let (port, path, body) = (place.port, place.path, place.body)
        let (texts, text) = AsyncStream<String>.makeStream()
        async let rest = onThread {
            var client = try RawClient(port: port)
            client.ask("POST \(path)", body: body)
            text.yield(String(decoding: client.read(until: "One ") ?? [], as: UTF8.self))
            text.finish()
            return String(decoding: client.readToEnd(), as: UTF8.self)
        }
        for await _ in texts { break }
        await place.served.server.stop()
        #expect(try await rest.contains("\"code\":\"server_stopping\""))
        #expect(try await rest.contains("event: done\ndata: [DONE]\n\n"))
        let run = try await place.run { _ in true }
        #expect(run.status == .inProgress)
        await place.served.close()
    }
}

/// The bytes of a body that came in chunks.
func unchunked(_ bytes: [UInt8]) -> String {
    var rest = bytes[...]
    var body: [UInt8] = []
    while let end = rest.firstRange(of: Array("\r\n".utf8)) {
        let size = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16) ?? 0
        if size == 0 { break }
        body += rest[end.upperBound...].prefix(size)
        rest = rest[end.upperBound...].dropFirst(size + 2)
    }
    return String(decoding: body, as: UTF8.self)
}
