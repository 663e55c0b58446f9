import Assistants
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("What is typed for a call")
struct AnswerKeepingTests {
    private static func run(_ call: ToolCall, _ id: String, on thread: String) -> Run {
        var run = Stage.run(id, .requiresAction)
        run.threadID = thread
        run.requiredAction = [call]
        return run
    }

    /// Opens the prompt and makes it ready for keys.
    private func open(_ stage: inout Stage) {
        stage.press("F4")
        stage.wait(.milliseconds(600))
    }

    private func goOn(_ stage: inout Stage) {
        stage.tell(.run(.inProgress, Stage.run("run_1", .inProgress)))
    }

    @Test("can be brought back where the call was answered elsewhere")
    func elsewhere() {
        var stage = ToolCallTests.waiting()
        open(&stage)
        stage.type("sunny")
        goOn(&stage)
        #expect(stage.state.popups.isEmpty && stage.given.isEmpty)
        #expect(stage.row(23).contains("get_weather waits no more · ^Y brings back what was"))
        stage.press("C-y")
        #expect(stage.state.conversation.draft.text == "sunny")
        // Also where the run ends at once.
        stage = ToolCallTests.waiting()
        open(&stage)
        stage.type("rainy")
        stage.complete("It rains.")
        #expect(stage.state.popups.isEmpty && stage.state.cut == "rainy")
    }

    @Test("is not given to a later call of the same id")
    func sameID() {
        var stage = ToolCallTests.waiting()
        open(&stage)
        stage.type("sunny")
        // The run went on and waits again, and nothing was heard of what was between.
        stage.tell(.step(.created, Stage.step("step_2", .toolCalls([ToolCallTests.weather]))))
        stage.press("Enter")
        #expect(stage.given.isEmpty && stage.state.popups.count == 1)
        #expect(stage.row(23).contains("Another call waits by now"))
        stage.press("Esc")
        open(&stage)
        stage.type("wet")
        stage.press("Enter")
        #expect(stage.given.map(\.output) == ["wet"])
    }

    @Test("is not shown for a later call of the same id after the run went on")
    func again() {
        var stage = ToolCallTests.waiting()
        open(&stage)
        stage.type("sunny")
        stage.press("Esc")
        goOn(&stage)
        stage.tell(.step(.created, Stage.step("step_2", .toolCalls([ToolCallTests.weather]))))
        stage.tell(
            .run(.requiresAction, Self.run(ToolCallTests.weather, "run_1", on: "thread_1")))
        open(&stage)
        stage.press("Enter")
        #expect(stage.given.isEmpty && !stage.shows("sunny"))
    }

    @Test("is kept while calls of other threads are looked at")
    func threads() {
        var stage = ThreadsTests.three(rows: 24, columns: 80)
        stage.press("F2", "Down", "Enter")
        let first = stage.state.current
        stage.press("F2", "Down", "Enter")
        let second = stage.state.current
        #expect(first != second)
        for (place, id) in [first, second].enumerated() {
            let run = Self.run(ToolCallTests.weather, "run_\(place + 5)", on: id)
            stage.tell([.run(.run(.requiresAction, run))], thread: id)
        }
        stage.state.show(thread: first)
        open(&stage)
        stage.type("of the first")
        stage.press("Esc")
        stage.state.show(thread: second)
        open(&stage)
        #expect(!stage.shows("of the first"))
        stage.press("Esc")
        stage.state.show(thread: first)
        open(&stage)
        #expect(stage.shows(" › of the first"))
    }

    @Test("is kept while another call of the run is typed, too")
    func calls() {
        let calls = [Stage.call("call_1"), Stage.call("call_2")]
        var stage = Stage.asking(calls: calls)
        stage.answerQuestion("t")
        stage.type("one")
        stage.press("Esc")
        stage.press("F4")
        #expect(stage.question?.order.callID == "call_1")
        stage.press("Esc")
        stage.state.openConsent("call_2")
        stage.draw()
        stage.answerQuestion("t")
        stage.type("two")
        stage.press("Esc")
        stage.state.openConsent("call_1")
        stage.draw()
        stage.answerQuestion("t")
        #expect(stage.shows(" › one"), "\(stage.picture)")
    }

    @Test("is bounded")
    func bounded() {
        var kept = OutputsPutAside()
        func prompt(_ number: Int) -> AnswerPrompt {
            var output = TypedOutput()
            output.change { $0.insert(text: "\(number)") }
            let call = AnswerPrompt.Call(
                key: CallKey(run: "run", step: "step", call: "\(number)"), name: "f",
                arguments: CallArguments("{}", parameters: nil), output: .typed(output))
            return AnswerPrompt(runID: "run", threadID: "t", calls: [call], since: .zero)
        }
        for number in 0...OutputsPutAside.limit { kept.keep(prompt(number)) }
        #expect(kept[prompt(0).call.key] == nil)
        #expect(kept[prompt(1).call.key]?.text == "1")
        kept.remove(run: "run")
        #expect(kept[prompt(1).call.key] == nil)
    }
}
