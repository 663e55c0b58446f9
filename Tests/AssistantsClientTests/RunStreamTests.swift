import Assistants
import AssistantsClient
import TestSupport
import Testing
import Transport
import Wire

@Suite("A run's stream", .timeLimit(.minutes(5))) struct RunStreamTests {
    private static func run(_ status: RunStatus) -> Run {
        Run(
            id: "run_1", createdAt: 1, assistantID: "asst_1", threadID: "thread_1", status: status,
            model: "m")
    }

    private static func message(
        _ status: MessageStatus, _ text: String? = nil, id: String = "msg_1"
    ) -> Message {
        Message(
            id: id, createdAt: 1, threadID: "thread_1", status: status, role: .assistant,
            content: text.map { [.text(MessageText($0))] } ?? [], runID: "run_1")
    }

    private static func step(_ status: StepStatus, _ details: RunStep.Details) -> RunStep {
        RunStep(
            id: "step_1", createdAt: 1, runID: "run_1", assistantID: "asst_1",
            threadID: "thread_1", status: status, details: details)
    }

    static let events: [AssistantEvent] = [
        .run(.created, run(.queued)), .run(.inProgress, run(.inProgress)),
        .step(.created, step(.inProgress, .messageCreation(messageID: "msg_1"))),
        .message(.created, message(.inProgress)),
        .messageDelta(MessageDelta(id: "msg_1", text: "Hel")),
        .messageDelta(MessageDelta(id: "msg_1", text: "")),
        .messageDelta(MessageDelta(id: "msg_1", text: "lo ä😀")),
        .message(.completed, message(.completed, "Hello ä😀")),
        .step(.completed, step(.completed, .messageCreation(messageID: "msg_1"))),
        .run(.completed, run(.completed)), .done,
    ]

    @Test("gives its events, up to the end") func iteration() async throws {
        let stream = try await Scripted.stream(Scripted.bytes(Self.events), size: 7)
        var events: [AssistantEvent] = []
        for try await event in stream { events.append(event) }
        #expect(events == Array(Self.events.dropLast()))
        #expect(try await stream.finalRun() == Self.run(.completed))
        #expect(try await stream.finalMessages() == [Self.message(.completed, "Hello ä😀")])
        #expect(try await stream.finalRunSteps().map(\.status) == [.completed])
        #expect(stream.health.isComplete)
        #expect(stream.health.eventCount == 10)
    }

    @Test("gives the text alone, without empty pieces") func textDeltas() async throws {
        let stream = try await Scripted.stream(Scripted.bytes(Self.events))
        var pieces: [String] = []
        for try await text in stream.textDeltas { pieces.append(text) }
        #expect(pieces == ["Hel", "lo ä😀"])
        #expect(try await stream.finalRun().status == .completed)
    }

    @Test("knows what there is, at every event") func snapshots() async throws {
        let stream = try await Scripted.stream(Scripted.bytes(Self.events))
        var texts: [String] = []
        var steps: [String?] = []
        for try await event in stream {
            if case .messageDelta = event {
                texts.append(stream.currentMessageSnapshot?.text ?? "")
            }
            steps.append(stream.currentRunStepSnapshot?.id)
        }
        #expect(texts == ["Hel", "Hel", "Hello ä😀"])
        #expect(steps == [nil, nil] + Array(repeating: "step_1", count: 6) + [nil, nil])
        #expect(stream.currentRun?.status == .completed)
        #expect(stream.currentEvent == nil)
    }

    @Test("has a current event only in callbacks") func currentEvent() async throws {
        let stream = try await Scripted.stream(Scripted.bytes(Self.events))
        var names: [String] = []
        stream.on(.messageCreated) { _ in names.append(stream.currentEvent?.name ?? "") }
        try await stream.untilDone()
        #expect(names == ["thread.message.created"])
    }

    @Test("ends with what a callback throws, and tells of it") func throwingCallback() async throws
    {
        struct Trouble: Error {}
        let recorder = CallbackRecorder()
        let stream = try await Scripted.stream(Scripted.bytes(Self.events), handler: recorder)
        stream.on(.textCreated) { _ in throw Trouble() }
        await #expect(throws: Trouble.self) { try await stream.untilDone() }
        #expect(recorder.callbacks.suffix(2).map(\.name) == ["on_exception", "on_end"])
        #expect(recorder.callbacks.filter { $0.name == "on_end" }.count == 1)
        await #expect(throws: APIError.self) { try await stream.finalRun() }
    }

    @Test("that is left early closes its connection, and tells its end once")
    func leavingEarly() async throws {
        let transport = ScriptedTransport([
            .init(steps: [.bytes(Scripted.bytes(Array(Self.events.prefix(4)))), .silence])
        ])
        let recorder = CallbackRecorder()
        try await Scripted.client(transport).withRunStream(
            on: "t", assistant: "a", handler: recorder
        ) { stream in
            for try await event in stream {
                if case .message = event { break }
            }
        }
        #expect(transport.cancelledCount == 1)
        #expect(
            recorder.callbacks.map(\.name).filter { $0 == "on_end" || $0 == "on_exception" } == [
                "on_end"
            ])
    }

    @Test("takes outputs for a run from inside a callback", arguments: [true, false])
    func outputsInCallback(scoped: Bool) async throws {
        var waiting = Self.run(.requiresAction)
        waiting.requiredAction = [
            ToolCall(id: "call_1", kind: .function(name: "f", arguments: "{}", output: nil))
        ]
        let first = Scripted.bytes([
            .run(.created, Self.run(.queued)), .run(.requiresAction, waiting), .done,
        ])
        let transport = ScriptedTransport { request, _ in
            request.url.hasSuffix("submit_tool_outputs")
                ? .init(bytes: Scripted.bytes(Array(Self.events.dropFirst())), size: 50)
                : .init(bytes: first, size: 50)
        }
        let client = Scripted.client(transport)
        let handler = ToolAnswerer(client)
        if scoped {
            try await client.withRunStream(on: "thread_1", assistant: "a", handler: handler) {
                try await $0.untilDone()
            }
        } else {
            try await client.threads.runs.stream(
                on: "thread_1", RunRequest(assistantID: "a"), handler: handler
            ).untilDone()
        }
        #expect(handler.text == "Hello ä😀")
        #expect(handler.ends == 2)
        let body = try JSONValue(parsing: try #require(transport.requests.last).body)
        #expect(
            body == [
                "tool_outputs": [["tool_call_id": "call_1", "output": "42"]], "stream": true,
            ])
    }

    /// The SDKs' program for functions: it answers each call as soon as the run waits.
    private final class ToolAnswerer: AssistantEventHandler {
        let client: AssistantsClient
        var text = ""
        var ends = 0

        init(_ client: AssistantsClient) { self.client = client }

        func onRunRequiresAction(_ run: Run) async throws {
            let outputs = run.requiredAction.map { ToolOutput(toolCallID: $0.id, output: "42") }
            try await client.withToolOutputsStream(
                outputs, to: run.id, on: run.threadID, handler: self
            ) { try await $0.untilDone() }
        }

        func onTextDelta(_ delta: TextDelta, snapshot: MessageText) { text += delta.value }
        func onEnd() { ends += 1 }
    }

    @Test("trusts what a run says more than what its event is called") func misnamed() async throws
    {
        let recorder = CallbackRecorder()
        let stream = try await Scripted.stream(
            Scripted.bytes([.run(.completed, Self.run(.incomplete)), .done]), handler: recorder)
        try await stream.untilDone()
        #expect(recorder.others.map(\.name).contains("incomplete"))
        #expect(!recorder.others.map(\.name).contains("completed"))
    }

    @Test("that says it is silent for too long is a timeout") func timeout() async throws {
        let transport = ScriptedTransport { _, number in
            number == 0
                ? .init(steps: [
                    .bytes(Scripted.bytes([Self.events[0]])), .fail(.timedOut(.silence)),
                ])
                : .failure(.timedOut(.firstByte))
        }
        let client = Scripted.client(transport, clock: SkippingClock().clock) { $0.retries = .none }
        let recorder = CallbackRecorder()
        let stream = try await client.threads.runs.stream(
            on: "t", RunRequest(assistantID: "a"), handler: recorder)
        let error = await #expect(throws: APIError.self) { try await stream.untilDone() }
        #expect(error?.isTimeout == true)
        #expect(
            recorder.callbacks.suffix(3).map(\.name) == ["on_timeout", "on_exception", "on_end"])
    }

    @Test("copies no text for its snapshots") func cost() async throws {
        // Not a time: a text that were copied for each delta would take 60 GB of traffic here.
        let count = 20_000
        let piece = String(repeating: "x", count: 300)
        var events = Array(Self.events.prefix(4))
        events += (0..<count).map { _ in .messageDelta(MessageDelta(id: "msg_1", text: piece)) }
        events += [.run(.completed, Self.run(.completed)), .done]
        let recorder = LengthRecorder()
        let stream = try await Scripted.stream(
            Scripted.bytes(events), size: 64 << 10, handler: recorder)
        try await stream.untilDone()
        #expect(recorder.last == count * 300)
    }

    private final class LengthRecorder: AssistantEventHandler {
        var last = 0
        func onTextDelta(_ delta: TextDelta, snapshot: MessageText) {
            last = snapshot.value.utf8.count
        }
    }
}
