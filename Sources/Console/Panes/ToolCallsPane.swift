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
                self.rows(item.place, in: item.step, &state, body),
                isWaiting: waiting.contains(item.call.id),
                isSelected: state.focus == .tools && place == state.conversation.tools.selected,
                showsStart: item.call.beginsWithMost)
        }
        if calls.isEmpty { rows.add([StyledRow(emptyText(state), .dim, indent: 1)]) }
        state.conversation.tools.rowCount = rows.count
        state.conversation.tools.shownRows = body.rows
        let keys = Set(calls.map { layoutKey($0.step, $0.call) })
        if state.conversation.toolLayouts.count > keys.count {
            // Those of runs that are not shown any more.
            state.conversation.toolLayouts = state.conversation.toolLayouts.filter {
                keys.contains($0.key)
            }
        }
        let shown = rows.shown(in: body.rows, top: state.conversation.tools.top)
        for (offset, row) in shown.enumerated() {
            let line = body.row + offset
            state.shelf.want(row.row)
            canvas.draw(
                row.row, row: line, column: body.column, columns: body.columns - 1,
                palette: state.palette, glyphs: state.glyphs)
            if state.focus == .tools, row.call == state.conversation.tools.selected {
                canvas.write(
                    state.glyphs.bar, row: line, column: body.column, style: state.palette[.accent])
            }
        }
    }

    /// The key of what is kept of a call.
    static func layoutKey(_ step: RunStep, _ call: ToolCall) -> String { step.id + call.id }

    private static func emptyText(_ state: ConsoleState) -> String {
        guard let run = state.conversation.shownRun else {
            return "Tools that a run calls appear here."
        }
        return run.status.isActive ? "No tool was called yet." : "The last run called no tools."
    }

    /// The rows of a call: its head, what was asked, what came of it.
    private static func rows(
        _ place: Int, in step: RunStep, _ state: inout ConsoleState, _ area: Area
    ) -> [StyledRow] {
        let columns = area.columns - 1
        guard case .toolCalls(let calls) = step.details else { return [] }
        let call = calls[place]
        let isUnfolded =
            state.conversation.isUnfolded || state.conversation.unfolded.contains(call.id)
        let key = layoutKey(step, call)
        var layout =
            state.conversation.toolLayouts.removeValue(forKey: key) ?? ToolCallLayout(call)
        layout.update(to: call, width: max(8, columns - 5))
        defer { state.conversation.toolLayouts[key] = layout }
        let callState = state.conversation.callState(
            place, in: step, &layout, now: state.now.monotonic)
        let folding = Folding(
            limit: isUnfolded ? nil : foldedRows, follows: callState.isActive,
            hint: foldHint(state), glyphs: state.glyphs)
        let members = layout.members(of: call)
        let head = ToolCallHead(call, in: step, callState, members, state)
        var rows = [head.row(state, columns: columns)]
        switch call.kind {
        case .codeInterpreter:
            rows += folding.rows(of: layout.input, tail: 0) { ThemeRole($0) }
        case .fileSearch(_, let results):
            for (place, result) in results.prefix(isUnfolded ? 50 : 5).enumerated() {
                rows.append(row(of: result, number: place + 1, state.glyphs))
            }
        case .function(_, let arguments, _):
            rows += argumentRows(arguments, members, layout, folding)
        case .unknown: break
        }
        let output = layout.outputs.enumerated().flatMap { place, output in
            if let id = call.pictureID(of: place) {
                return pictureRows(of: id, isUnfolded: isUnfolded, state, area)
            }
            return folding.rows(of: output, tail: 2) { _ in .toolOutput }
        }
        return output.isEmpty ? rows : rows + [StyledRow("output", .dim, indent: 3)] + output
    }

    /// The rows of a picture: one where it is folded and the pane is low.
    private static func pictureRows(
        of id: File.ID, isUnfolded: Bool, _ state: ConsoleState, _ area: Area
    ) -> [StyledRow] {
        let files = state.shownFiles(in: .tools)
        let height = isUnfolded ? min(30, max(6, area.rows - 3)) : area.rows >= 12 ? 8 : 0
        return files.rows(ofPicture: id, columns: area.columns - 7, rows: height).map { row in
            var row = row
            row.indent = 5
            return row
        }
    }

    /// What shows a call whole, from where the person is.
    private static func foldHint(_ state: ConsoleState) -> String {
        let key = state.options.keymap.labels(of: .choose, onlyIn: .pane).first
        guard let key else { return "\(state.label(.fold)) unfolds" }
        if state.focus == .tools { return "\(key) unfolds" }
        return "\(state.label(.toolsPane)) \(key) unfolds"
    }

    /// Each argument by its name; as they came while they are not complete.
    private static func argumentRows(
        _ arguments: String, _ members: ToolCallLayout.Members?, _ layout: ToolCallLayout,
        _ folding: Folding
    ) -> [StyledRow] {
        guard let members, !members.isEmpty else {
            if arguments == "{}" { return [] }
            return folding.rows(of: layout.input, tail: 0) { _ in .toolArgument }
        }
        return members.prefix(folding.limit ?? 100).map { member in
            let value = member.value.stringValue ?? member.value.text
            return StyledRow(
                [.init(member.key.oneRow + " ", .dim), .init(value.oneRow, .toolArgument)],
                indent: 5)
        }
    }

    /// The members of a JSON object, when the text is one.
    static func members(of arguments: String) -> ToolCallLayout.Members? {
        guard arguments.utf8.count <= argumentLimit, arguments.utf8.last == 0x7D,
            let json = try? JSONValue(parsing: arguments)  // Half of a JSON text is expected.
        else { return nil }
        return json.objectValue.map { Array($0) }
    }

    private static func row(
        of result: FileSearchResult, number: Int, _ glyphs: Glyphs
    ) -> StyledRow {
        var pieces = [
            StyledRow.Piece("【\(number)】", .markdownCitation),
            .init(result.fileName.oneRow, .toolArgument),
            .init(" \(glyphs.dot) \(result.score.scoreText)", .dim),
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

/// How much of a long text is shown.
private struct Folding {
    /// Rows of one text; nil for as many as are ever shown.
    var limit: Int?
    /// Whether the last rows matter most.
    var follows: Bool
    /// The key that shows all.
    var hint: String
    var glyphs: Glyphs

    /// The rows of a text, and how many are hidden.
    func rows(
        of text: GrowingRows, tail: Int, _ role: (TextRole) -> ThemeRole
    ) -> [StyledRow] {
        text.parts(limit: limit, follows: follows, tail: tail).map { part in
            switch part {
            case .row(let number):
                StyledRow(text.row(number).map { .init($0.text, role($0.role)) }, indent: 5)
            case .hidden(let count):
                StyledRow(
                    "\(glyphs.ellipsis) \(count.grouped) more \(count == 1 ? "row" : "rows")"
                        + (limit == nil ? "" : " \(glyphs.dot) \(hint)"), .dim, indent: 5)
            }
        }
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
