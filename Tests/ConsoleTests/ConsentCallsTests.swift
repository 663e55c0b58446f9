import Assistants
import Processes
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("Calls that commands can answer")
struct ConsentCallsTests {
    private static let two = [
        Stage.call("call_1", "get_weather", #"{"city":"Oslo"}"#),
        Stage.call("call_2", "get_weather", #"{"city":"Rome"}"#),
    ]

    @Test("are asked about one by one, run at once, and are given together")
    func several() {
        var stage = Stage.asking(calls: Self.two)
        #expect(stage.shows("1 of 2"))
        let first = Stage.order(Self.two[0])
        let second = Stage.order(Self.two[1])
        #expect(stage.question?.order == first)
        stage.answerQuestion("y")
        #expect(stage.begun == [first])
        #expect(stage.shows("2 of 2") && stage.question?.order == second)
        // The next question is a new one: nothing that was typed for the first answers it.
        #expect(stage.question?.shown == nil)
        stage.press("y")
        stage.wait(.seconds(1))
        #expect(stage.begun == [first])
        stage.give(.commandEnded(first, output: "sunny"))
        #expect(stage.given.isEmpty)
        stage.answerQuestion("y")
        #expect(stage.begun == [first, second])
        stage.give(.commandEnded(second, output: "rain"))
        #expect(stage.given.map(\.output) == ["sunny", "rain"])
        #expect(stage.given.map(\.toolCallID) == ["call_1", "call_2"])
    }

    @Test("need one answer when the first is always")
    func always() {
        var stage = Stage.asking(calls: Self.two)
        stage.answerQuestion("a")
        #expect(stage.begun == Self.two.map { Stage.order($0) })
        let kept = Consents.Answer(Stage.order(), isAllowed: true, time: stage.now.wall)
        #expect(stage.effects.contains(.keepConsent(kept)))
        #expect(stage.question == nil)
    }

    @Test("run without a question where always was said before, and never where never was")
    func remembered() {
        var consents = Consents()
        consents.add(Consents.Answer(Stage.order(), isAllowed: true, time: 1))
        var stage = Stage.asking(consents: consents)
        #expect(stage.question == nil)
        #expect(stage.effects.contains(.runCommand(Stage.order(), .remembered)))
        consents.add(Consents.Answer(Stage.order(), isAllowed: false, time: 2))
        stage = Stage.asking(consents: consents)
        #expect(stage.question == nil && stage.begun.isEmpty)
        #expect(stage.given.map(\.output) == [ConsoleState.refusal])
        // For another command, nothing was said.
        stage = Stage.asking(
            ["get_weather": Stage.command(["weather", "--xml"])], consents: consents)
        #expect(stage.question != nil && stage.begun.isEmpty)
    }

    @Test("wait for what the person types for the others")
    func mixed() {
        let calls = [Stage.call("call_1", "by_hand"), Self.two[1]]
        var stage = Stage.asking(calls: calls)
        let order = Stage.order(Self.two[1])
        #expect(stage.question?.order == order)
        stage.answerQuestion("y")
        stage.give(.commandEnded(order, output: "rain"))
        #expect(stage.given.isEmpty && stage.shows("has its output"))
        stage.press("F4")
        stage.wait(.milliseconds(600))
        stage.type("by me")
        stage.press("Enter")
        #expect(stage.given.map(\.output) == ["by me", "rain"])
    }

    @Test("that were begun and not seen to end are never begun again unasked")
    func begun() {
        var consents = Consents()
        consents.add(Consents.Answer(Stage.order(), isAllowed: true, time: 1))
        consents.add(Consents.Begun(Stage.order(), time: 1_784_990_000))
        let always = ["get_weather": Stage.command(["weather", "--json"], .always)]
        for functions in [["get_weather": Stage.command()], always] {
            var stage = Stage.asking(functions, consents: consents)
            #expect(stage.begun.isEmpty)
            #expect(stage.shows("It was begun before, "), "\(stage.picture)")
            #expect(stage.shows("yes runs it again"))
            stage.press("Esc")
            #expect(stage.shows("end unknown"), "\(stage.picture)")
            stage.press("F4")
            stage.answerQuestion("y")
            #expect(stage.begun.count == 1)
            let reasons = stage.effects.compactMap { effect -> CommandReason? in
                if case .runCommand(_, let reason) = effect { reason } else { nil }
            }
            #expect(reasons == [.asked(begun: 1_784_990_000)])
        }
    }

    @Test("that another console began meanwhile are asked about anew")
    func raced() {
        var stage = Stage.asking()
        stage.answerQuestion("y")
        var consents = Consents()
        consents.add(Consents.Begun(Stage.order(), time: 1_784_990_000))
        stage.give(.commandNotBegun(Stage.order(), .changed(consents)))
        #expect(stage.question?.begun == 1_784_990_000)
        #expect(stage.given.isEmpty)
    }

    @Test("that another console is at are not asked about until it is gone")
    func held() {
        var begun = Consents.Begun(Stage.order(), time: 1_784_990_000)
        begun.isHeld = true
        var consents = Consents()
        consents.add(begun)
        var stage = Stage.asking(consents: consents)
        #expect(stage.question == nil && stage.begun.isEmpty && stage.given.isEmpty)
        #expect(stage.shows("elsewhere"))
        stage.press("F4")
        #expect(stage.question == nil)
        consents.begun[0].isHeld = false
        stage.give(.consents(consents, for: "run_1"))
        #expect(stage.question?.begun == 1_784_990_000)
    }

    @Test("that had ended when the console was left give what they came to")
    func kept() {
        var consents = Consents()
        consents.add(Consents.Begun(Stage.order(), time: 1))
        consents.end(Stage.order(), "sunny")
        let stage = Stage.asking(consents: consents)
        #expect(stage.question == nil && stage.begun.isEmpty)
        #expect(stage.given.map(\.output) == ["sunny"])
    }

    @Test("of a later step of the run are not those of the step before")
    func laterStep() {
        var stage = Stage.asking()
        stage.answerQuestion("y")
        stage.give(.commandEnded(Stage.order(), output: "sunny"))
        stage.tell(.run(.queued, Stage.run("run_1", .queued)))
        #expect(stage.effects.contains(.endCommands([Stage.order().key], forgets: true)))
        // The model gives the same id again.
        let calls = [Stage.call()]
        stage.tell(
            .step(.created, Stage.step("step_2", .toolCalls(calls))),
            .step(.inProgress, Stage.step("step_2", .toolCalls(calls))))
        stage.tell(.run(.requiresAction, Stage.waitingRun(calls)))
        stage.give(.consents(Consents(), for: "run_1"))
        #expect(stage.question?.order.stepID == "step_2")
    }

    @Test("go on being asked about where their run could not be stopped")
    func stopFailed() {
        var stage = Stage.asking()
        stage.answerQuestion("y")
        stage.escape()
        stage.give(.commandEnded(Stage.order(), output: "The function was stopped."))
        stage.give(.stopFailed("run_1", on: "thread_1", "No connection."))
        #expect(stage.shows("No connection.") && stage.given.isEmpty)
        var consents = Consents()
        consents.add(Consents.Begun(Stage.order(), time: 1))
        stage.give(.consents(consents, for: "run_1"))
        #expect(stage.question?.begun == 1)
    }

    @Test("that could not be begun wait on, and say why")
    func failed() {
        var stage = Stage.asking()
        stage.answerQuestion("y")
        stage.give(.commandNotBegun(Stage.order(), .failed("The disk is full.")))
        #expect(stage.shows("The disk is full.") && stage.question == nil)
        stage.press("F4")
        #expect(stage.question != nil)
    }

    @Test("are ended with their run")
    func ended() {
        var stage = Stage.asking()
        stage.answerQuestion("y")
        stage.escape()
        #expect(stage.effects.contains(.cancelRun("run_1", on: "thread_1")))
        #expect(stage.effects.contains(.endCommands([Stage.order().key], forgets: false)))
        stage.give(.commandEnded(Stage.order(), output: "The function was stopped."))
        #expect(stage.given.isEmpty)
        stage.tell(.run(.cancelled, Stage.run("run_1", .cancelled)))
        #expect(stage.effects.contains(.endCommands([Stage.order().key], forgets: true)))
        #expect(stage.state.calls.work.isEmpty)
    }

    @Test("are asked about no more when another console has answered")
    func answeredElsewhere() {
        var stage = Stage.asking()
        #expect(stage.question != nil)
        stage.tell(.run(.queued, Stage.run("run_1", .queued)))
        #expect(stage.question == nil && stage.state.popups.isEmpty)
    }

    @Test("keep their outputs when those could not be given, and F4 gives them again")
    func again() {
        var stage = Stage.asking()
        stage.answerQuestion("y")
        stage.give(.commandEnded(Stage.order(), output: "sunny"))
        stage.effects = []
        stage.give(.submitFailed("run_1", "The server did not answer."))
        #expect(stage.shows("F4 gives the outputs again"))
        stage.press("F4")
        #expect(stage.given.map(\.output) == ["sunny"] && stage.begun.isEmpty)
    }

    @Test("of a thread that is not shown are not asked about until somebody comes to it")
    func elsewhere() {
        var stage = Stage.asking()
        #expect(stage.question != nil)
        stage.press("Esc", "C-x c")
        #expect(stage.question == nil && stage.state.current.isEmpty)
        stage.effects = []
        stage.state.show(thread: "thread_1")
        #expect(stage.state.effects.contains(.readConsents("run_1")))
    }
}
