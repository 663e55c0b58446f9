import Console
import Processes
import Settings
import Wire

/// Everything that `switchboard tools` lists.
struct ToolList {
    /// What was said about commands.
    let consents: Consents
    private let code: CodeSettings
    private let codeProblem: String?
    private let functions: [FunctionSettings]

    /// Looks at what is there.
    init(_ home: Home) {
        consents = home.consentKeeper?.read() ?? Consents()
        code = home.configuration.code
        functions = home.configuration.functions.filter { !$0.command.isEmpty }
        guard code.isEnabled else {
            codeProblem = "turned off in the configuration"
            return
        }
        do throws(SandboxProblem) {
            _ = try Sandbox(SandboxLimits(code))
            codeProblem = nil
        } catch {
            codeProblem = "\(error)"
        }
    }

    // MARK: - As text

    /// The tools, then the answers, then the calls that were begun.
    ///
    /// - Parameter names: The names of assistants, by their ids.
    func text(names: [String: String]) -> String {
        [tools, answers(names), begun].filter { !$0.isEmpty }
            .joined(separator: Output.isTerminal ? "\n" : "")
    }

    private var tools: String {
        var table = Table(header: ["TOOL", "MAY RUN", "WHAT"])
        let limits =
            "Python in a sandbox, for \(code.callTime.seconds) s a call, with \(code.memory) MiB "
            + "of memory, \(code.folderSize) MiB of files, \(code.processes) processes"
        table.add([
            "code_interpreter", codeProblem == nil ? "always" : "off", codeProblem ?? limits,
        ])
        table.add(["file_search", "always", "searches vector stores and the manual; runs nothing"])
        for function in functions {
            let what =
                "\(function.command.spelled) for \(function.time.seconds) s, with "
                + "\(function.output) bytes of output"
            table.add([function.name.spelled, function.consent.rawValue, what])
        }
        return table.text
    }

    private func answers(_ names: [String: String]) -> String {
        guard !consents.answers.isEmpty else { return "" }
        var table = Table(
            header: ["NUMBER", "ANSWER", "FUNCTION", "COMMAND", "ASSISTANT", "WHERE", "WHEN"])
        for (place, answer) in consents.answers.enumerated() {
            let id = answer.assistantID.spelled
            let name = names[answer.assistantID].map { "\($0.spelled) (\(id))" } ?? id
            table.add([
                "\(place + 1)", answer.isAllowed ? "always" : "never", answer.function.spelled,
                answer.command.spelled, name, answer.service.spelled, answer.time.isoTime,
            ])
        }
        return table.text
    }

    private var begun: String {
        guard !consents.begun.isEmpty else { return "" }
        var table = Table(
            header: ["NUMBER", "END", "FUNCTION", "COMMAND", "THREAD", "WHERE", "BEGUN"])
        for (place, call) in consents.begun.enumerated() {
            table.add([
                "\(consents.answers.count + place + 1)", "unknown", call.function.spelled,
                call.command.spelled, call.threadID.spelled, call.service.spelled,
                call.time.isoTime,
            ])
        }
        return table.text
    }

    // MARK: - As JSON

    /// The same for programs.
    var json: JSONValue {
        var interpreter: JSONObject = [
            "name": "code_interpreter", "may_run": codeProblem == nil ? "always" : "off",
        ]
        if let codeProblem { interpreter["reason"] = .string(codeProblem) }
        interpreter["call_seconds"] = .integer(code.callTime.seconds)
        interpreter["memory_bytes"] = .integer(code.memory << 20)
        interpreter["folder_bytes"] = .integer(code.folderSize << 20)
        interpreter["processes"] = .integer(code.processes)
        let commands = functions.map { function -> JSONValue in
            [
                "name": .string(function.name), "may_run": .string(function.consent.rawValue),
                "command": .array(function.command.map { .string($0) }),
                "call_seconds": .integer(function.time.seconds),
                "output_bytes": .integer(function.output),
            ]
        }
        let search: JSONValue = ["name": "file_search", "may_run": "always"]
        return [
            "tools": .array([.object(interpreter), search] + commands),
            "answers": .array(consents.answers.map(\.json)),
            "begun": .array(consents.begun.map(\.json)),
        ]
    }
}

extension Duration {
    /// Whole seconds.
    fileprivate var seconds: Int { Int(components.seconds) }
}

extension String {
    /// The text so that no other looks like it.
    var spelled: String { ExactText(self).text }
}

extension [String] {
    /// A command line so that no other looks like it: each argument in quotes.
    var spelled: String {
        map { argument in
            let text = ExactText(argument).text.replacing("\"", with: "<U+0022>")
            return "\"" + text + "\""
        }.joined(separator: " ")
    }
}
