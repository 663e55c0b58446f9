import Assistants
import Processes
import Terminal

@testable import Console

// A run that waits for calls that commands can answer.
extension Stage {
    static let place = "/data"

    /// A command that is asked about.
    static func command(
        _ arguments: [String] = ["weather", "--json"],
        _ consent: FunctionCommand.Consent = .ask
    ) -> FunctionCommand {
        var command = FunctionCommand(arguments, consent: consent)
        command.program = "/usr/bin/" + (arguments.first ?? "")
        return command
    }

    /// A call of a function.
    static func call(
        _ id: String = "call_1", _ name: String = "get_weather",
        _ arguments: String = #"{"city":"Oslo"}"#
    ) -> ToolCall {
        ToolCall(id: id, kind: .function(name: name, arguments: arguments, output: nil))
    }

    /// A console whose run waits; what was said before is read.
    static func asking(
        _ functions: [String: FunctionCommand] = ["get_weather": command()],
        calls: [ToolCall] = [call()], consents: Consents = Consents(), server: String? = nil,
        rows: Int = 30, columns: Int = 80
    ) -> Stage {
        var options = ConsoleOptions()
        options.functions = functions
        options.service = server ?? place
        options.serverName = server
        options.folder = "/home/ada"
        var stage = Stage(rows: rows, columns: columns, options: options)
        stage.begin(question: "Weather?")
        stage.wait(for: calls)
        stage.give(.consents(consents, for: "run_1"))
        return stage
    }

    /// The run waits for calls.
    mutating func wait(for calls: [ToolCall]) {
        tell(
            .step(.created, Stage.step("step_1", .toolCalls(calls))),
            .step(.inProgress, Stage.step("step_1", .toolCalls(calls))))
        tell(.run(.requiresAction, Stage.waitingRun(calls)))
    }

    static func waitingRun(_ calls: [ToolCall]) -> Run {
        var run = Stage.run("run_1", .requiresAction)
        run.requiredAction = calls
        return run
    }

    /// What would run for a call.
    static func order(
        _ call: ToolCall = call(), _ command: FunctionCommand = command(),
        service: String = place
    ) -> CommandOrder {
        var arguments = ""
        if case .function(_, let given, _) = call.kind { arguments = given }
        return CommandOrder(
            service: service, threadID: "thread_1", runID: "run_1", stepID: "step_1",
            assistantID: "asst_1", callID: call.id, function: call.name, command: command,
            input: arguments, folder: "/home/ada")
    }

    /// The question that is open.
    var question: ConsentPrompt? {
        guard case .consent(let prompt) = state.popups.last else { return nil }
        return prompt
    }

    /// What was to be run.
    var begun: [CommandOrder] {
        effects.compactMap {
            if case .runCommand(let order, _) = $0 { order } else { nil }
        }
    }

    /// The outputs that were to be given.
    var given: [ToolOutput] {
        effects.flatMap { effect -> [ToolOutput] in
            if case .submit(let outputs, _, _) = effect { outputs } else { [] }
        }
    }

    /// Reads the question to its end and waits until a key counts.
    mutating func readQuestion() {
        terminalShows()
        for _ in 0..<1000 where question?.hasShownEnd == false {
            press("PageDown")
            terminalShows()
        }
        wait(.milliseconds(500))
    }

    /// Reads the question and presses a letter, which then holds.
    mutating func answerQuestion(_ letter: String) {
        readQuestion()
        press(letter)
        wait(.milliseconds(150))
    }
}
