import Assistants
import Settings
import Terminal
import TextLayout
import Wire

/// The tool calls of the run: names, arguments or code as they stream, outputs.
enum ToolCallsPane {
    /// Rows of code, and of outputs, that a folded call shows.
    static let foldedRows = 4
    /// Longer arguments are shown as they came, not by name. In bytes.
    static let argumentLimit = 16_384

    /// Draws the pane.
    static func draw(
        _ state: inout ConsoleState, _ area: Area, _ layout: ScreenLayout,
        into canvas: inout Canvas
    ) {
        let calls = state.shownCalls
        if layout.arrangement != .tabs {
            canvas.drawRule(
                row: area.row, column: area.column, columns: area.columns, title: "Tool calls",
                right: calls.isEmpty ? "" : "\(calls.count)", hasFocus: state.focus == .tools,
                palette: state.palette, glyphs: state.glyphs)
        }
        let body = area.dropping(rows: 1)
        let waiting = Set(state.conversation.waitingCalls.map(\.id))
        var rows = ToolCallRows()
        for (place, item) in calls.enumerated() {
            rows.add(
                self.rows(of: item.call, in: item.step, &state, columns: body.columns - 1),
                isWaiting: waiting.contains(item.call.id),
                isSelected: state.focus == .tools && place == state.conversation.tools.selected,
                showsStart: item.call.beginsWithMost)
        }
        if calls.isEmpty { rows.add([StyledRow(emptyText(state), .dim, indent: 1)]) }
        state.conversation.tools.rowCount = rows.count
        state.conversation.tools.shownRows = body.rows
        let shown = rows.shown(in: body.rows, top: state.conversation.tools.top)
        for (offset, row) in shown.enumerated() {
            let line = body.row + offset
            canvas.draw(
                row.row, row: line, column: body.column, columns: body.columns - 1,
                palette: state.palette, glyphs: state.glyphs)
            if state.focus == .tools, row.call == state.conversation.tools.selected {
                canvas.write(
                    state.glyphs.bar, row: line, column: body.column, style: state.palette[.accent])
            }
        }
    }

    private static func emptyText(_ state: ConsoleState) -> String {
        guard let run = state.conversation.shownRun else {
            return "Tools that a run calls appear here."
        }
        return run.status.isActive ? "No tool was called yet." : "The last run called no tools."
    }

    private static func rows(
        of call: ToolCall, in step: RunStep, _ state: inout ConsoleState, columns: Int
    ) -> [StyledRow] {
        let isUnfolded =
            state.conversation.isUnfolded || state.conversation.unfolded.contains(call.id)
        let limit = isUnfolded ? nil : foldedRows
        var layout =
            state.conversation.toolLayouts.removeValue(forKey: step.id + call.id)
            ?? ToolCallLayout()
        layout.update(to: call, width: max(8, columns - 5))
        defer { state.conversation.toolLayouts[step.id + call.id] = layout }
        var rows = [head(of: call, in: step, state)]
        switch call.kind {
        case .codeInterpreter: rows += detail(layout.input.rows(last: limit), .markdownCodeBlock)
        case .fileSearch(_, let results):
            for (place, result) in results.prefix(isUnfolded ? 50 : 5).enumerated() {
                rows.append(row(of: result, number: place + 1, state.glyphs))
            }
        case .function(_, let arguments, _):
            rows += argumentRows(arguments, layout, limit)
        case .unknown: break
        }
        let output = layout.outputs.flatMap { $0.rows(last: limit) }
        if !output.isEmpty {
            rows.append(StyledRow("output", .dim, indent: 3))
            rows += detail(limit.map { Array(output.suffix($0)) } ?? output, .toolOutput)
        }
        return rows
    }

    private static func detail(_ rows: [String], _ role: ThemeRole) -> [StyledRow] {
        rows.map { StyledRow($0, role, indent: 5) }
    }

    private static func head(
        of call: ToolCall, in step: RunStep, _ state: ConsoleState
    ) -> StyledRow {
        let sign = sign(of: call, in: step, state)
        let time = state.durationText(ofStep: step)
        var pieces = [
            sign, StyledRow.Piece(" "), .init(call.name.oneRow, .toolName),
        ]
        if let main = mainArgument(of: call) {
            let glyphs = state.glyphs
            pieces.append(
                .init("  \(glyphs.leftQuote)\(main)\(glyphs.rightQuote)", .toolArgument))
        }
        let isWaiting = state.conversation.waitingCalls.contains { $0.id == call.id }
        let right = isWaiting ? "\(state.label(.answerCall)) answers" : time
        return StyledRow(
            pieces, right: right.isEmpty ? [] : [.init(right, isWaiting ? .stateWaiting : .dim)],
            indent: 1)
    }

    private static func sign(
        of call: ToolCall, in step: RunStep, _ state: ConsoleState
    ) -> StyledRow.Piece {
        if state.conversation.waitingCalls.contains(where: { $0.id == call.id }) {
            return .init(state.glyphs.waiting, .stateWaiting)
        }
        if case .function(_, _, .some) = call.kind, step.status == .inProgress {
            return .init(state.glyphs.completed, .stateCompleted)
        }
        return state.stepSign(step)
    }

    /// What the call is about, in few words: the first argument that is a text.
    static func mainArgument(of call: ToolCall) -> String? {
        guard case .function(_, let arguments, _) = call.kind,
            let members = members(of: arguments)
        else { return nil }
        for member in members {
            if let text = member.value.stringValue, !text.isEmpty { return text.oneRow }
        }
        return nil
    }

    /// Each argument by its name; as they came while they are not complete.
    private static func argumentRows(
        _ arguments: String, _ layout: ToolCallLayout, _ limit: Int?
    ) -> [StyledRow] {
        guard let members = members(of: arguments), !members.isEmpty else {
            let rows = layout.input.rows(last: limit)
            return rows == ["{}"] ? [] : detail(rows, .toolArgument)
        }
        return members.prefix(limit ?? 100).map { member in
            let value = member.value.stringValue ?? member.value.text
            return StyledRow(
                [.init(member.key.oneRow + " ", .dim), .init(value.oneRow, .toolArgument)],
                indent: 5)
        }
    }

    /// The members of a JSON object, when the text is one.
    static func members(of arguments: String) -> [(key: String, value: JSONValue)]? {
        guard arguments.utf8.count <= argumentLimit, arguments.utf8.last == 0x7D,
            let json = try? JSONValue(parsing: arguments)  // Half of a JSON text is expected.
        else { return nil }
        return json.objectValue.map { Array($0) }
    }

    private static func row(
        of result: FileSearchResult, number: Int, _ glyphs: Glyphs
    ) -> StyledRow {
        let hundredths = Int((min(max(result.score, 0), 1) * 100).rounded())
        let score = hundredths >= 100 ? "1.00" : "0.\(hundredths.twoDigits)"
        var pieces = [
            StyledRow.Piece("【\(number)】", .markdownCitation),
            .init(result.fileName.oneRow, .toolArgument),
            .init(" \(glyphs.dot) \(score)", .dim),
        ]
        let excerpt = excerpt(of: result.text ?? "")
        if !excerpt.isEmpty { pieces.append(.init("  " + excerpt.oneRow, .toolOutput)) }
        return StyledRow(pieces, indent: 5)
    }

    /// What names a passage best in one row: its innermost heading, else how it begins.
    private static func excerpt(of text: String) -> String {
        var heading: Substring?
        for line in text.split(separator: "\n") {
            guard line.utf8.first == UInt8(ascii: "#") else { return String(heading ?? line) }
            heading = line.drop { $0 == "#" || $0 == " " }
        }
        return heading.map(String.init) ?? ""
    }
}

extension ToolCall {
    /// Whether the first rows of its details say more than the last: arguments, and results, which
    /// have the best one first.
    fileprivate var beginsWithMost: Bool {
        switch kind {
        case .function(_, _, let output): output == nil
        case .fileSearch: true
        case .codeInterpreter, .unknown: false
        }
    }
}
