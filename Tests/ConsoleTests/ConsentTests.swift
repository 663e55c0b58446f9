import Assistants
import Processes
import Settings
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("A command that answers a call")
struct ConsentTests {
    @Test("is asked about by itself, with all that would run")
    func question() {
        let stage = Stage.asking()
        #expect(stage.effects.contains(.readConsents("run_1")))
        #expect(stage.question?.order == Stage.order())
        let texts = [
            "May this run?", #""get_weather" for "Analyst" with the id "asst_1""#,
            #" 0  "weather""#, #" 1  "--json""#, "with 15 bytes on its standard input:",
            #"    "{"city":"Oslo"}""#, #"in the folder "/home/ada""#, "for 1 min 0 s and",
            "262 kB", "without variables named like keys", "y once", "Esc later",
        ]
        for text in texts { #expect(stage.shows(text), "\(text)\n\(stage.picture)") }
        #expect(stage.begun.isEmpty)
    }

    @Test("runs once when yes is pressed, exactly as it was asked about")
    func once() {
        var stage = Stage.asking()
        let asked = stage.question?.order
        stage.answerQuestion("y")
        #expect(stage.effects.contains(.runCommand(Stage.order(), .asked(begun: nil))))
        #expect(stage.begun == [asked])
        #expect(!stage.effects.contains { if case .keepConsent = $0 { true } else { false } })
        #expect(stage.question == nil)
        stage.wait(.seconds(2))
        #expect(stage.shows("running · 2."), "\(stage.picture)")
        #expect(stage.row(29).hasSuffix("running"), "\(stage.picture)")
        stage.give(.commandEnded(Stage.order(), output: "sunny"))
        #expect(
            stage.effects.contains(
                .submit(
                    [ToolOutput(toolCallID: "call_1", output: "sunny")], to: "run_1",
                    on: "thread_1")))
    }

    @Test(
        "does not run by a key that was pressed before the terminal had shown the question",
        arguments: ["y", "a"])
    func early(key: String) {
        var stage = Stage.asking()
        // Sent out, but it is not known whether it was shown: the terminal gave no sign.
        stage.terminalShows(sign: false)
        stage.wait(.seconds(60))
        stage.press(key)
        stage.wait(.seconds(1))
        // Shown only now; what was typed until then came before the sign.
        stage.terminalShows()
        stage.press(key)
        stage.wait(.seconds(1))
        #expect(stage.begun.isEmpty && stage.question != nil)
        stage.press(key)
        stage.wait(.seconds(1))
        #expect(stage.begun.count == 1)
    }

    @Test("does not run by keys that follow each other, as a sentence or a paste does")
    func burst() {
        var stage = Stage.asking()
        stage.readQuestion()
        // A terminal that does not mark pastes.
        stage.type("yes, please do")
        stage.wait(.seconds(1))
        #expect(stage.begun.isEmpty && stage.question != nil)
        stage.input(.paste("y"))
        stage.wait(.milliseconds(499))
        stage.press("y")
        stage.wait(.seconds(1))
        #expect(stage.begun.isEmpty && stage.question != nil)
        stage.press("y")
        stage.input(.paste("\n"))
        stage.wait(.seconds(1))
        #expect(stage.begun.isEmpty && stage.question != nil)
    }

    @Test(
        "does not run by anything but its letter",
        arguments: ["Enter", "M-y", "C-y", "Y", "Space", "Tab", "C-j", "o", "C-d"])
    func others(key: String) {
        var stage = Stage.asking()
        stage.readQuestion()
        stage.press(key)
        stage.wait(.seconds(1))
        #expect(stage.begun.isEmpty && stage.given.isEmpty, "\(stage.effects)")
    }

    @Test("does not run by Enter, whatever the keymap says")
    func bound() throws {
        let file = "keys:\n  bind:\n    allow-once: [Enter, C-y]"
        let settings = try ConfigurationFile(bytes: Array(file.utf8), file: "config.yaml").keys
        var stage = Stage.asking()
        stage.state.options.keymap = Keymap(settings)
        #expect(stage.state.options.keymap.labels(of: .allowOnce) == ["Enter", "^Y"])
        for key in ["Enter", "C-y"] {
            stage.readQuestion()
            stage.press(key)
            stage.wait(.seconds(1))
        }
        #expect(stage.begun.isEmpty && stage.question != nil)
    }

    @Test("does not run when the program is left, or the terminal goes away")
    func leaving() {
        var stage = Stage.asking()
        stage.readQuestion()
        stage.press("y")
        #expect(stage.state.leave().allSatisfy { if case .runCommand = $0 { false } else { true } })
        stage = Stage.asking()
        stage.readQuestion()
        stage.press("C-x C-c")
        #expect(stage.effects.contains(.quit) && stage.begun.isEmpty)
    }

    @Test("counts no key until it was shown again, once somebody else had the terminal")
    func cameBack() {
        var stage = Stage.asking()
        stage.readQuestion()
        _ = stage.state.update(.cameBack, at: stage.now)
        stage.press("y")
        stage.wait(.seconds(1))
        #expect(stage.begun.isEmpty && stage.question?.shown == nil)
        stage.answerQuestion("y")
        #expect(stage.begun.count == 1)
    }

    @Test("cannot run what was not found")
    func notFound() {
        var command = Stage.command()
        command.program = nil
        var stage = Stage.asking(["get_weather": command])
        for key in ["y", "a"] {
            stage.answerQuestion(key)
            #expect(stage.begun.isEmpty && stage.shows("weather was not found"))
        }
        stage.answerQuestion("n")
        #expect(stage.given.count == 1)
    }

    @Test("waits until its end was on the screen", arguments: [(24, 80), (15, 60)])
    func end(rows: Int, columns: Int) {
        let long = #"{"text":""# + String(repeating: "word ", count: 2_000) + #""}"#
        let call = Stage.call("call_1", "get_weather", long)
        var stage = Stage.asking(calls: [call], rows: rows, columns: columns)
        stage.terminalShows()
        stage.wait(.seconds(1))
        stage.press("y")
        stage.wait(.seconds(1))
        #expect(stage.begun.isEmpty && stage.shows("Read it to the end first"))
        stage.readQuestion()
        #expect(stage.question?.hasShownEnd == true)
        stage.press("y")
        stage.wait(.milliseconds(150))
        #expect(stage.begun == [Stage.order(call)])
    }

    @Test("tells the assistant that it was not allowed when no is pressed")
    func refused() {
        var stage = Stage.asking()
        stage.answerQuestion("n")
        #expect(stage.begun.isEmpty)
        #expect(stage.given.map(\.output) == [ConsoleState.refusal])
        #expect(!stage.effects.contains { if case .keepConsent = $0 { true } else { false } })
    }

    @Test("still waits after Esc, and F4 asks again")
    func later() {
        var stage = Stage.asking()
        stage.press("Esc")
        #expect(stage.question == nil && stage.begun.isEmpty && stage.given.isEmpty)
        #expect(stage.row(29).contains("get_weather still waits · F4 asks again"))
        #expect(stage.shows("F4 asks you"))
        stage.press("F4")
        #expect(stage.question != nil && stage.question?.shown == nil)
        stage.answerQuestion("y")
        #expect(stage.begun == [Stage.order()])
    }

    @Test("can be answered by the person instead")
    func typed() {
        var stage = Stage.asking()
        stage.answerQuestion("t")
        #expect(stage.shows("What did it give back?"), "\(stage.picture)")
        stage.wait(.milliseconds(600))
        stage.type("rain")
        stage.press("Enter")
        #expect(stage.given.map(\.output) == ["rain"] && stage.begun.isEmpty)
    }

    @Test("is not asked about over what is written or open")
    func busy() {
        var options = ConsoleOptions()
        options.functions = ["get_weather": Stage.command()]
        var stage = Stage(rows: 30, columns: 80, options: options)
        stage.begin(question: "Weather?")
        stage.type("I was writ")
        stage.wait(for: [Stage.call()])
        stage.give(.consents(Consents(), for: "run_1"))
        stage.type("ing y")
        #expect(stage.question == nil && stage.shows("I was writing y"))
        #expect(stage.shows("F4 asks you"))
        stage.press("F4")
        #expect(stage.question != nil)
    }

    @Test("that the configuration never allows waits for the person, as any function does")
    func never() {
        var stage = Stage.asking(["get_weather": Stage.command(["weather"], .never)])
        #expect(stage.question == nil && stage.begun.isEmpty)
        stage.press("F4")
        #expect(stage.shows("What did it give back?"))
    }

    @Test("that the configuration always allows is asked about when a server wants it")
    func stranger() {
        let commands = ["get_weather": Stage.command(["weather"], .always)]
        var stage = Stage.asking(commands)
        #expect(stage.question == nil && stage.begun.count == 1)
        stage = Stage.asking(commands, server: "http://server")
        #expect(stage.begun.isEmpty && stage.question != nil)
        #expect(stage.shows(#"on the server "http://server""#), "\(stage.picture)")
        var consents = Consents()
        let order = Stage.order(Stage.call(), Stage.command(["weather"]), service: "http://server")
        consents.add(Consents.Answer(order, isAllowed: true, time: 1))
        stage = Stage.asking(commands, consents: consents, server: "http://server")
        #expect(stage.begun.count == 1 && stage.question == nil)
    }
}
