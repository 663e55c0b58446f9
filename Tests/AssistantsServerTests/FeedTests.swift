import Assistants
import AssistantsClient
import AssistantsEngine
import TestSupport
import Testing
import Wire

@Suite("A server's feed", .timeLimit(.minutes(5)))
struct FeedTests {
    /// Makes a thread, runs an assistant on it, and waits for the end.
    private static func run(_ client: RemoteService) async throws -> [AssistantEvent] {
        let assistant = try await client.createAssistant(
            AssistantRequest(model: "scripted"), for: .trusted)
        var thread = ThreadRequest()
        thread.messages = [MessageRequest("Q")]
        return try await client.streamThreadAndRun(
            thread, RunRequest(assistantID: assistant.id), for: .trusted
        ).all()
    }

    @Test("tells a run that somebody else started, as it was told to them")
    func watching() async throws {
        let served = try await ServedEngine()
        let client = served.server.client()
        var feed = try await client.events().makeAsyncIterator()
        #expect(try await feed.next()?.event == nil)
        served.model.add(ScriptedModel.text("One two three."))
        let told = try await Self.run(client)
        var seen: [AssistantEvent] = []
        var numbers: [Int] = []
        while seen.last != .done, let next = try await feed.next()?.event {
            numbers.append(next.sequence)
            if case .run(let event) = next.kind { seen.append(event) }
        }
        // That the thread was made is told under a name of its own.
        #expect(seen.map(\.name) == told.dropFirst().map(\.name))
        #expect(seen == Array(told.dropFirst()))
        #expect(numbers == Array(numbers[0]..<(numbers[0] + numbers.count)))
        await served.close()
    }

    @Test("goes on behind any event, without a gap or a repeat")
    func resuming() async throws {
        let served = try await ServedEngine()
        let client = served.server.client()
        var feed = try await client.events().makeAsyncIterator()
        served.model.add(ScriptedModel.text("One two three."))
        _ = try await Self.run(client)
        var all: [RemoteEvent] = []
        while let next = try await feed.next() {
            all.append(next)
            if case .run(.done) = next.event?.kind { break }
        }
        for place in all.indices.dropLast() {
            var rest = try await client.events(after: all[place].cursor).makeAsyncIterator()
            _ = try await rest.next()
            for event in all[(place + 1)...] { #expect(try await rest.next() == event) }
        }
        await #expect(throws: APIError.self) { _ = try await client.events(after: "x.1") }
        await #expect(throws: APIError.self) { _ = try await client.events(after: "999999") }
        await served.close()
    }

    @Test("shows a project only what is its own")
    func projects() async throws {
        let served = try await ServedEngine()
        let (mine, other) = (served.server.client(key: "team-a"), served.server.client())
        var feed = try await mine.events().makeAsyncIterator()
        _ = try await feed.next()
        _ = try await Self.run(other)
        let told = try await Self.run(mine)
        var seen: [AssistantEvent] = []
        while seen.last != .done, let next = try await feed.next()?.event {
            if case .run(let event) = next.kind { seen.append(event) }
        }
        #expect(seen == Array(told.dropFirst()))
        await served.close()
    }

    @Test("counts the runs that go on, by state, and the open streams, over a restart too")
    func activeRuns() async throws {
        let served = try await ServedEngine()
        served.model.add(ScriptedModel.calls(("f", "{}")))
        let tools = [Tool.function(FunctionTool(name: "f"))]
        let assistant = try await served.engine.createAssistant(
            AssistantRequest(model: "scripted", tools: tools), for: .trusted)
        var request = ThreadRequest()
        request.messages = [MessageRequest("Q")]
        let (engine, port) = (served.engine, served.server.port)
        let waiting = try await engine.streamThreadAndRun(
            request, RunRequest(assistantID: assistant.id), for: .trusted
        ).all()
        #expect(waiting.last == .done)
        // A stream is open, and its run at work.
        served.model.add([.say(.text("One ")), .wait])
        let thread = try await engine.createThread(request, for: .trusted).id
        let text = try await onThread {
            var client = try RawClient(port: port)
            client.ask(
                "POST /v1/threads/\(thread)/runs",
                body: #"{"assistant_id":"\#(assistant.id)","stream":true}"#)
            _ = client.read(until: "One ")
            return String(
                decoding: try RawClient.ask(port: port, "GET /metrics").body, as: UTF8.self)
        }
        for line in [
            #"runs_active{status="requires_action"} 1"#,
            #"runs_active{status="in_progress"} 1"#, #"runs_active{status="queued"} 0"#,
            "streams_open 1",
        ] {
            #expect(text.contains("switchboard_\(line)\n"), "\(text)")
        }
        // A server that starts later knows the same.
        let later = try await TestServer(engine, events: engine.events.stream)
        let page = try await onThread {
            String(
                decoding: try RawClient.ask(port: later.port, "GET /metrics").body, as: UTF8.self)
        }
        #expect(page.contains("switchboard_runs_active{status=\"requires_action\"} 1\n"))
        await later.stop()
        await served.close()
    }

    @Test("counts runs and tokens for the metrics")
    func metrics() async throws {
        let served = try await ServedEngine()
        served.model.add(ScriptedModel.text("One two three."))
        _ = try await Self.run(served.server.client())
        let port = served.server.port
        var text = ""
        // The count follows the run's last event.
        repeat {
            text = try await onThread {
                String(decoding: try RawClient.ask(port: port, "GET /metrics").body, as: UTF8.self)
            }
        } while !text.contains("runs_ended_total{status=\"completed\"} 1\n")
        #expect(text.contains("switchboard_tokens_total{kind=\"completion\"} 3\n"))
        #expect(text.contains("switchboard_first_token_seconds_count 1\n"))
        await served.close()
    }
}
