import Assistants
import Events
import TestSupport
import Testing

@testable import Console

@Suite("The effects")
struct RunnerTests {
    /// Does effects on a service and returns what came of them.
    private func results(
        of effects: [Effect], on service: ScriptedService
    ) async -> [EffectResult] {
        let runner = EffectRunner(service: service, options: ConsoleOptions())
        for effect in effects { runner.perform(effect) }
        runner.finish()
        await runner.run()
        return runner.takeResults()
    }

    private func service() -> ScriptedService {
        ScriptedService(assistants: [Stage.analyst, Stage.guide], models: [Stage.model])
    }

    private func sending(_ thread: String, _ text: String?) -> Effect {
        .send(
            Sending(
                threadID: thread, number: 7, text: text, assistantID: "asst_1",
                instructions: "In French.", deadline: .seconds(86_400)))
    }

    @Test("make a thread, a message and a run, in this order")
    func send() async throws {
        let service = service()
        let results = await results(of: [sending("", "Hello?")], on: service)
        #expect(
            service.calls == ["createThread", "createMessage", "createRun", "assistant"])
        #expect(results.count == 3)
        guard case .threadCreated(7, let thread) = results[0],
            case .messageSent(7, let message) = results[1],
            case .runStarted(7, let run) = results[2]
        else {
            Issue.record("other results: \(results)")
            return
        }
        #expect(message.text == "Hello?" && message.threadID == thread.id)
        #expect(run.instructions == "In French." && run.threadID == thread.id)
    }

    @Test("say where a sending stopped", arguments: ["createThread", "createMessage", "createRun"])
    func failure(operation: String) async {
        let service = service()
        service.fail(operation, with: APIError(status: 500, message: "It broke."))
        let results = await results(of: [sending("", "Hello?")], on: service)
        guard case .sendingFailed(7, _, let step, let text)? = results.last else {
            Issue.record("other results: \(results)")
            return
        }
        let steps = [
            "createThread": SendingStep.thread, "createMessage": .message, "createRun": .run,
        ]
        #expect(step == steps[operation])
        #expect(text == "It broke.")
    }

    @Test("open a thread with its newest messages, runs and steps")
    func open() async throws {
        let service = service()
        let messages = (0..<200).map { Stage.question("line \($0)", id: "m\($0)") }
        service.add(Stage.thread, messages: messages)
        service.play(
            [
                .run(.completed, Stage.run("run_1", .completed)),
                .step(.completed, Stage.step("step_1", .messageCreation(messageID: "m1"))),
            ], run: "run_1", on: "thread_1")
        let results = await results(of: [.open("thread_1", limit: 60)], on: service)
        guard case .opened("thread_1", let opened)? = results.first else {
            Issue.record("other results: \(results)")
            return
        }
        #expect(opened.messages.map(\.id) == messages.suffix(60).map(\.id))
        #expect(opened.window == 140..<200 && opened.total == 200)
        #expect(opened.runs.map(\.id) == ["run_1"] && opened.steps.map(\.id) == ["step_1"])
    }

    @Test(
        "have what an active run wrote told again, once the thread is read",
        arguments: [true, false])
    func retell(isActive: Bool) async throws {
        let service = service()
        service.add(
            Stage.thread,
            messages: [Stage.question("Hello?"), Stage.answer("a", "Go", .inProgress)])
        let run = Stage.run("run_1", isActive ? .inProgress : .completed)
        service.play([.run(.inProgress, run)], run: "run_1", on: "thread_1")
        let mailbox = service.events.subscribe()
        service.retold = [.message(.inProgress, Stage.answer("a", "Good mor", .inProgress))]
        let results = await results(of: [.open("thread_1", limit: 60)], on: service)
        #expect(service.calls.contains("retellRun") == isActive)
        var stage = Stage()
        stage.state.show(thread: "thread_1")
        stage.give(try #require(results.first))
        stage.tell(service: mailbox.take())
        #expect(stage.shows(isActive ? "  Good mor" : "  Go"))
    }

    @Test("keep the metadata of a thread that is renamed")
    func rename() async throws {
        let service = service()
        var thread = Stage.thread
        thread.metadata = ["project": "x"]
        service.add(thread, messages: [])
        _ = await results(of: [.rename(thread, to: "Title")], on: service)
        #expect(service.threads.first?.metadata == ["project": "x", "title": "Title"])
    }

    @Test("make and change assistants")
    func assistants() async throws {
        let service = service()
        let draft = AssistantDraft(name: "Poet", model: "m", instructions: "Rhyme.")
        let results = await results(of: [.saveAssistant(draft)], on: service)
        guard case .assistantSaved(let assistant)? = results.first else {
            Issue.record("other results: \(results)")
            return
        }
        #expect(assistant.name == "Poet" && assistant.instructions == "Rhyme.")
    }

    @Test("submit outputs, cancel runs, delete threads")
    func others() async {
        let service = service()
        service.add(Stage.thread, messages: [])
        service.play(
            [.run(.requiresAction, Stage.run("run_1", .requiresAction))], run: "run_1",
            on: "thread_1")
        let output = ToolOutput(toolCallID: "call_1", output: "sunny")
        _ = await results(of: [.submit([output], to: "run_1", on: "thread_1")], on: service)
        _ = await results(of: [.cancelRun("run_1", on: "thread_1")], on: service)
        _ = await results(of: [.deleteThread("thread_1")], on: service)
        #expect(service.calls.contains("submitToolOutputs sunny"))
        #expect(service.runs.first?.status == .cancelled)
        #expect(service.threads.isEmpty)
    }

    @Test("show a whole run from the service's events")
    func wholeRun() async throws {
        let service = service()
        let mailbox = service.events.subscribe()
        var stage = Stage()
        stage.type("Hello?")
        stage.press("Enter")
        for result in await results(of: stage.effects, on: service) {
            stage.tell(service: mailbox.take())
            stage.give(result)
        }
        let run = try #require(service.runs.first)
        service.play(
            [
                .run(.inProgress, Stage.run(run.id, .inProgress)),
                .message(.created, Stage.answer("a", "", .inProgress, run: run.id)),
                .messageDelta(MessageDelta(id: "a", text: "Good ")),
                .messageDelta(MessageDelta(id: "a", text: "morning.")),
            ], run: run.id, on: run.threadID)
        stage.tell(service: mailbox.take())
        #expect(stage.shows("  Hello?"))
        #expect(stage.shows("  Good morning.▌"))
        #expect(stage.state.current == run.threadID)
    }
}
