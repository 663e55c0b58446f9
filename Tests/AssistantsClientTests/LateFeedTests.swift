import Assistants
import AssistantsClient
import TestSupport
import Testing
import Transport
import Wire

@Suite("The feed of our server, where a stream was cut,", .timeLimit(.minutes(1)))
struct LateFeedTests {
    private static let call = ToolCall(
        id: "call_1", kind: .function(name: "f", arguments: "{}", output: nil))

    private static func run(_ status: String) -> Run? {
        try? Run(
            json: [
                "id": "run_1", "object": "thread.run", "thread_id": "thread_1",
                "status": .string(status),
            ])
    }

    private static func step(_ status: StepStatus) -> RunStep {
        RunStep(
            id: "step_1", createdAt: 1, runID: "run_1", assistantID: nil, threadID: "thread_1",
            status: status, details: .toolCalls([call]))
    }

    private static func answer(_ events: [AssistantEvent]) -> ScriptedTransport.Answer {
        ScriptedTransport.Answer(
            headers: [("Server", "switchboard"), ("X-Switchboard-Cursor", "e.1")],
            steps: [.bytes(Scripted.bytes(events)), .fail(.cut)])
    }

    /// - Parameters:
    ///   - cursor: What was told before.
    ///   - limit: How many events are told before the connection is cut; nil for all.
    private static func feed(
        _ events: [AssistantEvent], after cursor: Int = 1, limit: Int? = nil
    ) -> ScriptedTransport.Answer {
        var bytes = Array("id: e.1\nevent: switchboard.feed\ndata: {}\n\n".utf8)
        let told = events.enumerated().dropFirst(cursor - 1).prefix(limit ?? events.count)
        for (number, event) in told {
            bytes += Array("id: e.\(number + 2)\nevent: switchboard.event\ndata: ".utf8)
            ServiceEvent(threadID: "thread_1", runID: "run_1", kind: .run(event)).write(to: &bytes)
            bytes += Array("\n\n".utf8)
        }
        return ScriptedTransport.Answer(
            steps: [.bytes(bytes)] + (limit == nil ? [] : [.fail(.cut)]))
    }

    /// What a run's stream told, and the addresses that were asked for.
    private static func read(
        _ transport: ScriptedTransport, _ clock: SkippingClock = SkippingClock()
    ) async throws -> (told: [AssistantEvent], asked: [String]) {
        let client = Scripted.client(transport, clock: clock.clock)
        var told: [AssistantEvent] = []
        try await client.withRunStream(on: "thread_1", assistant: "asst_1") {
            for try await event in $0 { told.append(event) }
        }
        let asked = transport.requests.map {
            $0.method + String($0.url.dropFirst("http://script/v1".count))
        }
        return (told, asked)
    }

    @Test(
        "may tell late what was before the outputs: that is not the end",
        arguments: [0, 1])
    func leftOver(seen: Int) async throws {
        let waiting = try #require(Self.run("requires_action"))
        let queued = try #require(Self.run("queued"))
        let completed = try #require(Self.run("completed"))
        let after: [AssistantEvent] = [
            .step(.completed, Self.step(.completed)), .run(.queued, queued),
            .run(.completed, completed), .done,
        ]
        let before: [AssistantEvent] = [
            .step(.created, Self.step(.inProgress)), .run(.requiresAction, waiting), .done,
        ]
        let transport = ScriptedTransport { request, _ in
            request.method == "POST"
                ? Self.answer(Array(after.prefix(seen))) : Self.feed(before + after)
        }
        let client = Scripted.client(transport, clock: SkippingClock().clock)
        var told: [AssistantEvent] = []
        try await client.withToolOutputsStream(
            [ToolOutput(toolCallID: "call_1", output: "1")], to: "run_1", on: "thread_1"
        ) {
            for try await event in $0 { told.append(event) }
            #expect($0.health.resumptions == 1)
        }
        #expect(told == Array(after.dropLast()))
        #expect(transport.requests.map(\.method) == ["POST", "GET"])
    }

    @Test("is gone on with where it was cut, however little of it comes at a time")
    func pieces() async throws {
        let events: [AssistantEvent] = [
            .run(.created, try #require(Self.run("queued"))),
            .run(.queued, try #require(Self.run("queued"))),
            .run(.inProgress, try #require(Self.run("in_progress"))),
            .run(.completed, try #require(Self.run("completed"))), .done,
        ]
        let transport = ScriptedTransport { request, _ in
            if request.method == "POST" { return Self.answer([events[0]]) }
            let cursor = request.url.split(separator: ".").last?.prefix { $0.isNumber }
            return Self.feed(events, after: cursor.flatMap { Int($0) } ?? 1, limit: 1)
        }
        let clock = SkippingClock()
        let (told, asked) = try await Self.read(transport, clock)
        #expect(told == Array(events.dropLast()))
        #expect(asked.dropFirst() == (1...5).map { "GET/events?after=e.\($0)&run_id=run_1" }[...])
        #expect(clock.sleeps == [])
    }

    @Test("is given up where twice nothing of it comes: the run is asked for")
    func vain() async throws {
        let completed = try #require(Self.run("completed"))
        let created = AssistantEvent.run(.created, try #require(Self.run("queued")))
        let transport = ScriptedTransport { request, _ in
            if request.method == "POST" { return Self.answer([created]) }
            if request.url.contains("/events") { return Self.feed([], limit: 0) }
            return request.url.hasSuffix("/run_1")
                ? .init(200, text: String(decoding: completed.json.bytes, as: UTF8.self))
                : .init(200, text: #"{"data":[]}"#)
        }
        let clock = SkippingClock()
        let (told, asked) = try await Self.read(transport, clock)
        #expect(told == [created, .run(.completed, completed)])
        let feed = "GET/events?after=e.1&run_id=run_1"
        #expect(asked.prefix(4).dropFirst() == [feed, feed, "GET/threads/thread_1/runs/run_1"])
        #expect(asked.count == 6)
        #expect(clock.sleeps.count == 1)
    }

    @Test("is of another start of the server: what was cut stays so, and nothing is done twice")
    func earlierStart() async throws {
        let transport = ScriptedTransport { request, number in
            if request.method == "GET" { return .init(200, text: #"{"data":[]}"#) }
            return number == 0
                ? Self.answer([])
                : .init(410, text: #"{"error":{"message":"lost","code":"stream_lost"}}"#)
        }
        let error = await #expect(throws: APIError.self) { try await Self.read(transport) }
        #expect(error?.isConnectionFailure == true)
        // Last, the run is looked for.
        #expect(transport.requests.map(\.method) == ["POST", "POST", "GET"])
        #expect(
            transport.requests.map { $0.header("x-switchboard-cursor") } == ["1", "e.1", nil])
    }
}
