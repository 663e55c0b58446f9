import Assistants
import Events
import TestSupport
import Testing
import Wire

@testable import AssistantsEngine

@Suite("The engine's runs", .timeLimit(.minutes(5))) struct EngineRunTests {
    static let function = Tool.function(FunctionTool(name: "weather"))

    @Test("leave in the store what their stream told")
    func storedAsTold() async throws {
        let model = ScriptedModel(texts: "The sky is blue.")
        let host = try await TestEngine(model)
        let assistant = try await host.assistant(instructions: "Be brief.")
        let thread = try await host.thread("What colour?")
        let events = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
        ).all()
        var transcript = Transcript()
        for event in events { transcript.apply(event) }
        let run = try #require(transcript.runs.first)
        #expect(run.status == .completed)
        #expect(run.usage == Usage(promptTokens: 10, completionTokens: 4))
        #expect(try await host.engine.run(run.id, on: thread.id, for: .trusted) == run)
        let steps = try await host.engine.steps(
            of: run.id, on: thread.id, PageRequest(order: .ascending), for: .trusted)
        #expect(steps.data == transcript.steps)
        let messages = try await host.engine.messages(
            in: thread.id, run: run.id, PageRequest(), for: .trusted)
        #expect(messages.data == transcript.messages)
        #expect(messages.data.map(\.text) == ["The sky is blue."])
        #expect(model.requests.first?.instructions == "Be brief.")
        #expect(model.requests.first?.messages == [.user([.text(MessageText("What colour?"))])])
        await host.close()
    }

    @Test("tell every watcher the same as the stream, numbered without gaps")
    func bus() async throws {
        let host = try await TestEngine(ScriptedModel(texts: "Hello there, you."))
        let watcher = host.engine.events.subscribe(merges: false)
        let streamed = try await host.ask("Hi")
        let told = watcher.take()
        #expect(told.map(\.sequence) == Array(1...told.count))
        let events = told.compactMap { event -> AssistantEvent? in
            if case .run(let event) = event.kind { event } else { nil }
        }
        #expect(events == streamed)
        await host.close()
    }

    @Test("begin with thread.created where the thread is made with them")
    func threadAndRun() async throws {
        let host = try await TestEngine(ScriptedModel(texts: "Hello."))
        let assistant = try await host.assistant()
        var thread = ThreadRequest(metadata: ["a": "b"])
        thread.messages = [MessageRequest("Hi")]
        let events = try await host.engine.streamThreadAndRun(
            thread, RunRequest(assistantID: assistant.id), for: .trusted
        ).all()
        #expect(events.collapsedNames.prefix(2) == ["thread.created", "thread.run.created"])
        #expect(events.last == .done)
        await host.close()
    }

    @Test("wait for tool outputs and go on in a second stream")
    func functionRound() async throws {
        let model = ScriptedModel([
            ScriptedModel.calls(("weather", "{\"city\":\"Ulm\"}")), ScriptedModel.text("Rain."),
        ])
        let host = try await TestEngine(model)
        let assistant = try await host.assistant([Self.function])
        let thread = try await host.thread("Weather?")
        let first = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
        ).all()
        #expect(
            first.collapsedNames == RunMachineTests.beginning + RunMachineTests.stepOpens + [
                "thread.run.requires_action", "done",
            ])
        let run = try #require(try await host.onlyRun(of: thread.id))
        #expect(run.status == .requiresAction)
        #expect(run.expiresAt == run.createdAt + 600)
        await expectError(
            400, "Can't add messages to \(thread.id) while a run \(run.id) is active."
        ) {
            _ = try await host.engine.createMessage(
                MessageRequest("x"), in: thread.id, for: .trusted)
        }
        await expectError(400, "Thread \(thread.id) already has an active run \(run.id).") {
            _ = try await host.engine.createRun(
                RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted)
        }
        await expectError(400, "Expected tool outputs for call_ids ['call_0'], got []") {
            _ = try await host.engine.submitToolOutputs(
                [], to: run.id, on: thread.id, for: .trusted)
        }
        await expectError(400, "Cannot update run with status 'requires_action'.") {
            _ = try await host.engine.modifyRun(
                run.id, on: thread.id, metadata: [:], for: .trusted)
        }
        let second = try await host.engine.streamToolOutputs(
            [ToolOutput(toolCallID: "call_0", output: "rain")], to: run.id, on: thread.id,
            for: .trusted
        ).all()
        #expect(
            second.collapsedNames == [
                "thread.run.step.completed", "thread.run.queued", "thread.run.in_progress",
            ] + RunMachineTests.messageOpens + RunMachineTests.messageCloses + [
                "thread.run.completed", "done",
            ])
        await expectError(400, "Runs in status \"completed\" do not accept tool outputs.") {
            _ = try await host.engine.submitToolOutputs(
                [ToolOutput(toolCallID: "call_0", output: "rain")], to: run.id, on: thread.id,
                for: .trusted)
        }
        await expectError(400, "Cannot cancel run with status 'completed'.") {
            _ = try await host.engine.cancelRun(run.id, on: thread.id, for: .trusted)
        }
        let stored = try await host.engine.steps(
            of: run.id, on: thread.id, PageRequest(order: .ascending), for: .trusted)
        guard case .toolCalls(let calls) = stored.data.first?.details,
            case .function(_, _, let output) = calls.first?.kind
        else {
            Issue.record("The first step is no function call")
            return
        }
        #expect(output == "rain")
        await host.close()
    }

    @Test("answer a submit without a stream with the run as it was queued")
    func submitted() async throws {
        let model = ScriptedModel([ScriptedModel.calls(("weather", "{}")), [.wait]])
        let host = try await TestEngine(model)
        let assistant = try await host.assistant([Self.function])
        let thread = try await host.thread()
        _ = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
        ).all()
        let run = try #require(try await host.onlyRun(of: thread.id))
        let answer = try await host.engine.submitToolOutputs(
            [ToolOutput(toolCallID: "call_0", output: "")], to: run.id, on: thread.id,
            for: .trusted)
        #expect(answer.status == .queued)
        #expect(answer.requiredAction == [])
        #expect(answer.expiresAt == run.expiresAt)
        await host.close()
    }

    @Test("stop when they are cancelled, keep the text, and unlock the thread")
    func cancel() async throws {
        let model = ScriptedModel([
            [.say(.text("The sky")), .wait, .say(.text(" is blue")), .say(.finished(.stop))]
        ])
        let host = try await TestEngine(model)
        let assistant = try await host.assistant()
        let thread = try await host.thread()
        var iterator = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
        ).makeAsyncIterator()
        var seen: [AssistantEvent] = []
        while let event = try await iterator.next() {
            seen.append(event)
            if case .messageDelta = event { break }
        }
        let run = try #require(try await host.onlyRun(of: thread.id))
        let answer = try await host.engine.cancelRun(run.id, on: thread.id, for: .trusted)
        #expect(answer.status == .cancelling)
        #expect(answer.cancelledAt == nil)
        var rest: [AssistantEvent] = []
        while let event = try await iterator.next() { rest.append(event) }
        #expect(
            rest.collapsedNames == [
                "thread.run.cancelling", "thread.message.incomplete", "thread.run.step.cancelled",
                "thread.run.cancelled", "done",
            ])
        let messages = try await host.engine.messages(
            in: thread.id, run: run.id, PageRequest(), for: .trusted)
        #expect(messages.data.map(\.text) == ["The sky"])
        #expect(messages.data.map(\.status) == [.incomplete])
        _ = try await host.engine.createMessage(
            MessageRequest("Go on"), in: thread.id, for: .trusted)
        await host.close()
    }

    @Test("expire at their deadline, by the clock, however silent the model is")
    func expiry() async throws {
        let model = ScriptedModel([[.say(.text("Hm")), .wait]])
        let host = try await TestEngine(model)
        let assistant = try await host.assistant()
        let thread = try await host.thread()
        var request = RunRequest(assistantID: assistant.id)
        request.deadline = .seconds(60)
        var iterator = try await host.engine.streamRun(
            request, on: thread.id, for: .trusted
        ).makeAsyncIterator()
        while let event = try await iterator.next() {
            if case .messageDelta = event { break }
        }
        host.clock.advance(by: .seconds(59))
        var run = try #require(try await host.onlyRun(of: thread.id))
        #expect(run.status == .inProgress)
        host.clock.advance(by: .seconds(1))
        var rest: [AssistantEvent] = []
        while let event = try await iterator.next() { rest.append(event) }
        #expect(
            rest.collapsedNames == [
                "thread.message.incomplete", "thread.run.step.expired", "thread.run.expired",
                "done",
            ])
        run = try #require(try await host.onlyRun(of: thread.id))
        #expect(run.status == .expired)
        #expect(run.expiresAt == nil)
        await host.close()
    }

    @Test("fail in one readable sentence when no model answers, and the thread is usable at once")
    func nobodyAnswers() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let assistant = try await host.assistant()
        let thread = try await host.thread()
        var request = RunRequest(assistantID: assistant.id)
        request.model = "nobody"
        let events = try await host.engine.streamRun(
            request, on: thread.id, for: .trusted
        ).all()
        #expect(
            events.collapsedNames == RunMachineTests.beginning + ["thread.run.failed", "done"])
        let run = try #require(try await host.onlyRun(of: thread.id))
        #expect(run.lastError == RunError(code: .serverError, message: "Nobody serves nobody."))
        _ = try await host.engine.createMessage(
            MessageRequest("Again"), in: thread.id, for: .trusted)
        await host.close()
    }

    @Test("keep the partial text when the model server goes away in the middle")
    func cutStream() async throws {
        for ending in [
            ScriptedModel.Line.fail(ModelError(.unreachable, "The server hung up.")), .breakOff,
        ] {
            let host = try await TestEngine(ScriptedModel([[.say(.text("The sky")), ending]]))
            let events = try await host.ask("?")
            #expect(
                events.collapsedNames.suffix(4) == [
                    "thread.message.incomplete", "thread.run.step.failed", "thread.run.failed",
                    "done",
                ])
            await host.close()
        }
    }

    @Test("are cancelled when their thread is deleted")
    func deletedThread() async throws {
        let host = try await TestEngine(ScriptedModel([[.say(.text("Hm")), .wait]]))
        let watcher = host.engine.events.subscribe(merges: false)
        let assistant = try await host.assistant()
        let thread = try await host.thread()
        let stream = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted)
        try await host.engine.deleteThread(thread.id, for: .trusted)
        #expect(
            try await stream.all().collapsedNames.suffix(2) == ["thread.run.cancelled", "done"])
        await expectError(404) { _ = try await host.engine.thread(thread.id, for: .trusted) }
        #expect(watcher.take().last?.kind == .threadDeleted)
        await host.close()
    }

    @Test("go on when nobody reads their stream")
    func abandonedStream() async throws {
        let model = ScriptedModel([[.say(.text("Hm")), .wait, .say(.finished(.stop))]])
        let host = try await TestEngine(model)
        let watcher = host.engine.events.subscribe(merges: false)
        let assistant = try await host.assistant()
        let thread = try await host.thread()
        do {
            let stream = try await host.engine.streamRun(
                RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted)
            for try await event in stream {
                if case .messageDelta = event { break }
            }
        }
        model.goOn()
        let last = await watcher.untilDone()
        #expect(last.contains("thread.run.completed"))
        await host.close()
    }
}
