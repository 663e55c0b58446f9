import Assistants
import AssistantsClient
import TestSupport
import Testing
import Transport
import Wire

@Suite("The feed of our server, where a stream was cut,") struct LateFeedTests {
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

    private static func feed(_ events: [AssistantEvent]) -> ScriptedTransport.Answer {
        var bytes = Array("id: e.1\nevent: switchboard.feed\ndata: {}\n\n".utf8)
        for (number, event) in events.enumerated() {
            bytes += Array("id: e.\(number + 2)\nevent: switchboard.event\ndata: ".utf8)
            ServiceEvent(threadID: "thread_1", runID: "run_1", kind: .run(event)).write(to: &bytes)
            bytes += Array("\n\n".utf8)
        }
        return ScriptedTransport.Answer(steps: [.bytes(bytes)])
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
}
