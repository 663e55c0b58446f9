import Assistants
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("Stopping a run")
struct StoppingTests {
    private static func running() -> Stage {
        var stage = Stage()
        stage.begin()
        stage.answer()
        stage.delta("Half an ans")
        stage.effects = []
        return stage
    }

    @Test("takes one Esc, once no byte follows it")
    func escape() {
        var stage = Self.running()
        stage.press("Esc")
        #expect(stage.effects.isEmpty)
        stage.input(.escapeSettled)
        #expect(stage.effects == [.cancelRun("run_1", on: "thread_1")])
        #expect(stage.shows("stopping"))
    }

    @Test("does not happen when an arrow's bytes came slowly")
    func slowArrow() {
        var stage = Self.running()
        // The parser gives Esc after 25 ms, then the key it was; the settled Esc never comes.
        stage.press("Esc", "Up")
        stage.input(.escapeSettled)
        #expect(stage.effects.isEmpty)
    }

    @Test("comes last: Esc closes what is open first")
    func innermost() {
        var stage = Self.running()
        stage.press("F2", "/")
        stage.type("x")
        stage.escape()
        #expect(stage.shows("─ Threads ─"))
        stage.escape()
        #expect(!stage.shows("─ Threads ─"))
        stage.press("Tab", "z")
        stage.escape()
        stage.escape()
        #expect(stage.state.focus == .input)
        #expect(stage.effects.isEmpty)
        stage.escape()
        #expect(stage.effects.count == 1)
    }

    @Test("takes Esc Esc from a pane: the first leaves the pane")
    func escapeTwiceInPane() {
        var stage = Self.running()
        stage.press("Tab")
        stage.press("Esc")
        #expect(stage.state.focus == .input)
        stage.press("Esc")
        stage.input(.escapeSettled)
        #expect(stage.effects == [.cancelRun("run_1", on: "thread_1")])
    }

    @Test("takes Esc Esc that came as one key, in the input line and in a pane", arguments: [0, 1])
    func metaEscape(tabs: Int) {
        var stage = Self.running()
        for _ in 0..<tabs { stage.press("Tab") }
        stage.press("M-Esc")
        #expect(stage.state.focus == .input)
        stage.input(.escapeSettled)
        #expect(stage.effects == [.cancelRun("run_1", on: "thread_1")])
    }

    @Test("leaves a pane with Esc Esc and stops nothing when nothing runs")
    func escapeTwiceIdle() {
        var stage = Self.running()
        stage.complete("Half an answer.")
        stage.effects = []
        stage.press("Tab", "Esc")
        stage.escape()
        #expect(stage.state.focus == .input)
        #expect(stage.effects.isEmpty)
    }

    @Test("works with ^C, and only the second one leaves")
    func controlC() {
        var stage = Self.running()
        stage.press("C-c")
        #expect(stage.effects == [.cancelRun("run_1", on: "thread_1")])
        stage.press("C-c")
        #expect(!stage.effects.contains(.quit))
        stage.tell(.run(.cancelled, Stage.run("run_1", .cancelled)))
        stage.press("C-c")
        #expect(stage.shows("^C again leaves the program."))
        stage.wait(.seconds(3))
        stage.press("C-c")
        #expect(!stage.effects.contains(.quit))
        stage.press("C-c")
        #expect(stage.effects.last == .quit)
    }

    @Test("with ^C, and leaving with it, keeps what is written")
    func keepsDraft() {
        var stage = Stage()
        stage.type("half a draft")
        stage.press("C-c", "C-c")
        #expect(stage.effects.last == .quit)
        #expect(stage.state.memory.threads[""]?.draft == "half a draft")
    }

    @Test("takes ^D twice to leave, with nothing written")
    func controlD() {
        var stage = Stage()
        stage.type("x")
        stage.press("C-a", "C-d")
        stage.press("C-d", "C-d")
        #expect(stage.effects.last == .quit)
    }

    @Test("keeps the text, and . continues it")
    func keeps() {
        var stage = Self.running()
        stage.escape()
        var message = Stage.answer("msg_2", "Half an ans", .incomplete)
        message.incompleteReason = .runCancelled
        stage.tell(
            .message(.incomplete, message), .run(.cancelled, Stage.run("run_1", .cancelled)))
        #expect(stage.shows("Half an ans"))
        #expect(stage.shows("stopped · ^X . continues"))
        stage.effects = []
        stage.press("Tab", ".")
        guard case .send(let sending) = stage.effects.last else {
            Issue.record("nothing was sent")
            return
        }
        #expect(sending.text == nil)
        #expect(sending.instructions == "Continue exactly where your last message stopped.")
    }

    @Test("before the run is there stops it when it is")
    func early() {
        var stage = Stage()
        stage.type("Hello?")
        stage.press("Enter")
        stage.escape()
        stage.give(.threadCreated(number: 1, Stage.thread))
        stage.effects = []
        stage.tell(.run(.queued, Stage.run("run_1", .queued)))
        #expect(stage.effects == [.cancelRun("run_1", on: "thread_1")])
    }
}
