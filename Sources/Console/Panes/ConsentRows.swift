import Assistants
import Processes
import Settings
import TextLayout
import Wire

// The question whether a command may run: everything that would.
extension ConsoleState {
    func content(of prompt: ConsentPrompt, columns: Int) -> PopupContent {
        let count = prompt.count > 1 ? "\(prompt.number) of \(prompt.count)" : ""
        let more = prompt.hasShownEnd ? "" : "read on: \(label(.pageDown))"
        var content = PopupContent(
            title: "May this run?",
            right: [more, count].filter { !$0.isEmpty }.joined(separator: " \(glyphs.dot) "),
            top: prompt.top)
        content.rows = ConsentRows(state: self, prompt: prompt, columns: columns).rows
        return content
    }
}

/// The rows of the question.
private struct ConsentRows {
    let state: ConsoleState
    let prompt: ConsentPrompt
    let columns: Int

    private var order: CommandOrder { prompt.order }

    var rows: [StyledRow] {
        var rows = asker + warnings
        rows.append(StyledRow("Runs, outside of the sandbox:", .dim))
        for (place, argument) in order.command.arguments.enumerated() {
            rows += quoted(argument, label: "\(place)")
        }
        if let program = order.command.program {
            rows += named("which is", program)
        } else {
            rows.append(StyledRow("which was not found, so that it cannot run", .statusWarning))
        }
        rows += input + named("in the folder", order.folder)
        let size = order.command.outputLimit.byteText
        let limits =
            "for \(order.command.time.text) and \(size) of output at most, in this program's "
            + "environment without variables named like keys, tokens, secrets or passwords."
        return rows + wrapped(limits, .dim) + [StyledRow()] + wrapped(advice, .text)
    }

    /// Who wants it.
    private var asker: [StyledRow] {
        let assistant = state.assistants.first { $0.id.isExactly(order.assistantID) }
        var rows = exact(order.function, .toolName)
        rows += named("for", assistant?.name ?? "")
        rows += named("with the id", order.assistantID)
        if assistant?.name == nil { rows.remove(at: rows.count - 2) }
        let columns = rows.reduce(0) { $0 + $1.columns + 1 }
        if rows.count == 3, columns <= self.columns {
            rows = [StyledRow(Array(rows.map(\.pieces).joined(separator: [.init(" ")])))]
        }
        if state.options.isServer {
            rows += named("on the server", order.service)
            rows += wrapped("Who runs that server chose all of this.", .statusWarning)
        }
        return rows + [StyledRow()]
    }

    private var warnings: [StyledRow] {
        guard let begun = prompt.begun else { return [] }
        let time = state.chatContext.time(begun)
        return wrapped(
            "It was begun before, \(time), and how it ended was not seen. It may still be at work, "
                + "or have done it; yes runs it again.", .statusWarning) + [StyledRow()]
    }

    /// What it gets to read, exactly, and by name for the eye.
    private var input: [StyledRow] {
        let bytes = order.input.utf8.count
        var rows = [StyledRow("with \(bytes.grouped) bytes on its standard input:", .dim)]
        rows += quoted(order.input, label: "")
        guard let members = ToolCallsPane.members(of: order.input), !members.isEmpty else {
            return rows
        }
        rows.append(StyledRow("which reads, by name:", .dim))
        for member in members {
            let value = member.value.stringValue ?? member.value.text
            let lead = member.key.oneRow + "  "
            let lines = value.canonicalised(as: .code).wrapped(to: max(8, columns - 7))
            if lines.count == 1, columnCount(lead + lines[0]) + 4 <= columns {
                let pieces = [StyledRow.Piece(lead, .dim), .init(String(lines[0]), .dim)]
                rows.append(StyledRow(pieces, indent: 4))
                continue
            }
            rows.append(StyledRow(member.key.oneRow, .dim, indent: 4))
            rows += lines.map { StyledRow(String($0), .dim, indent: 6) }
        }
        return rows
    }

    private var advice: String {
        func key(_ command: Command) -> String { state.keyLabel(command) ?? "-" }
        return "\(key(.allowAlways)) and \(key(.refuseAlways)) are remembered for this assistant "
            + "and this command, whatever it is called with. With \(key(.typeOutput)) you type the "
            + "output yourself; after \(key(.stop)) it still waits."
    }

    // MARK: - Rows

    private func wrapped(_ text: String, _ role: ThemeRole, indent: Int = 0) -> [StyledRow] {
        text.wrapped(to: max(8, columns - indent)).map {
            StyledRow(String($0), role, indent: indent)
        }
    }

    /// A label, and a text spelled exactly below it or behind it.
    private func named(_ label: String, _ text: String) -> [StyledRow] {
        let lead = label + " "
        let rows = ExactText(text).quotedRows(width: max(8, columns - columnCount(lead)))
        guard rows.count == 1, let row = rows.first else {
            return [StyledRow(label, .dim)] + exact(text, .text, indent: 4)
        }
        return [StyledRow([.init(lead, .dim)] + pieces(row, .text))]
    }

    /// A text spelled exactly behind a short label.
    private func quoted(_ text: String, label: String) -> [StyledRow] {
        let rows = exact(text, .text, indent: 4)
        guard let first = rows.first else { return [] }
        let lead = StyledRow.Piece(" " + label.padded(to: 3), .dim)
        return [StyledRow([lead] + first.pieces)] + rows.dropFirst()
    }

    private func exact(_ text: String, _ role: ThemeRole, indent: Int = 0) -> [StyledRow] {
        ExactText(text).quotedRows(width: max(8, columns - indent)).map {
            StyledRow(pieces($0, role), indent: indent)
        }
    }

    private func pieces(_ row: [ExactText.Piece], _ role: ThemeRole) -> [StyledRow.Piece] {
        row.map { .init($0.text, $0.isSpelled ? .statusWarning : role) }
    }
}
