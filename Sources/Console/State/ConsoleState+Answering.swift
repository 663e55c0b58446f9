import Assistants
import Settings
import Wire

// Calls of functions that the person answers.
extension ConsoleState {
    /// Shows the calls that wait and takes their outputs.
    mutating func answerCall() {
        guard let first = callToAttend else {
            return say("No tool call waits for an answer.")
        }
        answer(first)
    }

    /// Opens the prompt at a call.
    mutating func answer(_ call: ToolCall) {
        guard let run = conversation.activeRun, !attend(to: call, of: run) else { return }
        endNotice(of: run.id)
        let calls = typedCalls(of: run).map { prompt(for: $0, of: run) }
        open(
            .answer(
                AnswerPrompt(
                    runID: run.id, threadID: current, calls: calls,
                    place: calls.firstIndex { $0.key.call == call.id } ?? 0, since: now.monotonic)))
    }

    private func prompt(for call: ToolCall, of run: Run) -> AnswerPrompt.Call {
        var arguments = ""
        if case .function(_, let text, _) = call.kind { arguments = text }
        let function = function(named: call.name, of: run)
        let schema = options.outputSchemas[call.name]
        let key = key(of: call, run)
        return AnswerPrompt.Call(
            key: key, name: call.name, explanation: function?.description ?? "",
            arguments: CallArguments(arguments, parameters: function?.parameters),
            output: outputsPutAside[key] ?? schema.map { .form(OutputForm($0)) }
                ?? .typed(TypedOutput()))
    }

    /// Keeps what was typed in a prompt that is closed, for when its calls are asked about again.
    mutating func putAside(_ prompt: AnswerPrompt) {
        putTypedAside(of: prompt.runID)
        outputsPutAside.keep(prompt)
    }

    /// Whether every call of a prompt still waits: the run may have been answered elsewhere, and
    /// wait again with the same ids.
    private func waits(for prompt: AnswerPrompt) -> Bool {
        guard let run = conversations[prompt.threadID]?.activeRun, run.id == prompt.runID,
            run.status == .requiresAction
        else { return false }
        return Set(run.requiredAction.map { key(of: $0, run) }).isSuperset(
            of: prompt.calls.map(\.key))
    }

    /// A run waits no more: the prompt for its calls closes, and what was typed can be brought
    /// back as text.
    mutating func closeAnswers(of run: Run.ID) {
        for case .answer(let prompt) in popups where prompt.runID == run {
            popups.removeAll { $0 == .answer(prompt) }
            let typed = prompt.calls.map(\.output.typedText).filter { !$0.isEmpty }
            if !typed.isEmpty { cut = typed.joined(separator: "\n") }
            let name = prompt.call.name
            let advice =
                typed.isEmpty ? "" : " \(glyphs.dot) \(label(.yank)) brings back what was typed"
            say("\(name) waits no more\(advice)", warning: true, for: .seconds(10))
        }
        outputsPutAside.remove(run: run)
    }

    /// A function as the run knows it, or its assistant.
    private func function(named name: String, of run: Run) -> FunctionTool? {
        let assistant = assistants.first { $0.id == run.assistantID }
        for case .function(let function) in run.tools + (assistant?.tools ?? [])
        where function.name == name {
            return function
        }
        return nil
    }

    /// Carries out a command in the prompt.
    mutating func performInAnswer(_ command: Command, _ prompt: AnswerPrompt) {
        var prompt = prompt
        switch command {
        case .nextPane: prompt.move(by: 1)
        case .previousPane: prompt.move(by: -1)
        case .left: prompt.calls[prompt.place].output.choose(by: -1)
        case .right: prompt.calls[prompt.place].output.choose(by: 1)
        case .up: moveRow(in: &prompt, by: -1)
        case .down: moveRow(in: &prompt, by: 1)
        case .rowUp, .listUp: scroll(&prompt, by: -1)
        case .rowDown, .listDown: scroll(&prompt, by: 1)
        case .pageUp: scroll(&prompt, by: -max(1, rows / 3))
        case .pageDown: scroll(&prompt, by: max(1, rows / 3))
        case .send, .sendNow:
            // A key that was meant for the input line, or is held down, must not answer.
            guard now.monotonic - prompt.since >= AnswerPrompt.pause else { return }
            if submit(&prompt, allowsEmpty: command == .sendNow) { return }
        default: break
        }
        popups[popups.count - 1] = .answer(prompt)
    }

    /// Goes on to what is missing, or submits; true when the prompt is done.
    private mutating func submit(_ prompt: inout AnswerPrompt, allowsEmpty: Bool) -> Bool {
        if allowsEmpty {
            prompt.calls[prompt.place].output.allowEmpty()
        } else if !prompt.call.output.isAtEnd {
            prompt.move(by: 1)
            return false
        }
        if !prompt.call.output.isGiven, case .typed = prompt.call.output {
            say(
                "Type what the tool gave back \(glyphs.dot) \(label(.sendNow)) sends nothing",
                waitingFor: prompt.runID)
            return false
        }
        // What comes next is to be read first: a key that is held down must not go on.
        prompt.since = now.monotonic
        guard prompt.calls[prompt.place].output.check() else { return false }
        if let next = prompt.calls.firstIndex(where: { !$0.output.isGiven }) {
            prompt.go(to: next)
            prompt.calls[next].output.begin(atEnd: false)
            return false
        }
        guard let outputs = prompt.outputs() else { return false }
        guard waits(for: prompt) else {
            say(
                "Another call waits by now \(glyphs.dot) \(label(.stop)) closes this one, "
                    + "\(label(.answerCall)) shows what waits", warning: true, for: .seconds(10))
            return false
        }
        popups.removeLast()
        outputsPutAside.remove(prompt.calls.map(\.key))
        endNotice(of: prompt.runID)
        give(typed: outputs, for: prompt)
        return true
    }

    /// Goes to another field, or to another row of the text.
    private func moveRow(in prompt: inout AnswerPrompt, by difference: Int) {
        if case .form = prompt.call.output {
            return _ = prompt.calls[prompt.place].output.move(by: difference)
        }
        guard let draft = prompt.call.output.draft else { return }
        let rows = DraftRows(draft, width: answerWidth, glyphs: glyphs)
        guard rows.rows.indices.contains(rows.cursor.row + difference) else { return }
        prompt.calls[prompt.place].output.move(
            to: rows.index(row: rows.cursor.row + difference, column: rows.cursor.column))
    }

    /// Columns for what is typed.
    var answerWidth: Int { max(8, columns - 6) }

    private func scroll(_ prompt: inout AnswerPrompt, by difference: Int) {
        let content = content(of: prompt, columns: columns - 2)
        let layout = screenLayout
        let space = content.share(layout.inputRule - layout.main.row - 1).rows
        prompt.top = min(max(0, prompt.top + difference), max(0, content.rows.count - space))
    }
}
