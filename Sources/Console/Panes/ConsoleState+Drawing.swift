import Settings
import Terminal
import TextLayout

// One frame: every pane draws its own area.
extension ConsoleState {
    /// Draws everything into an empty canvas.
    mutating func draw(into canvas: inout Canvas) {
        rows = canvas.rows
        columns = canvas.columns
        needsFrame = false
        calls.frame = nil
        shelf.beginFrame()
        guard rows >= ScreenLayout.minimum.rows, columns >= ScreenLayout.minimum.columns else {
            return drawTooSmall(into: &canvas)
        }
        let layout = screenLayout
        TitleLine.draw(self, into: &canvas)
        drawPanes(layout, into: &canvas)
        InputLine.draw(self, layout, into: &canvas)
        drawCompletion(layout, into: &canvas)
        StatusLine.draw(self, row: layout.status, into: &canvas)
        for popup in popups { draw(popup, layout, into: &canvas) }
    }

    private func drawTooSmall(into canvas: inout Canvas) {
        let text =
            "Too small: at least \(ScreenLayout.minimum.columns) columns and "
            + "\(ScreenLayout.minimum.rows) rows."
        for (row, line) in text.wrapped(to: max(1, columns)).enumerated() {
            canvas.write(line, row: row, column: 0, style: palette[.text])
        }
    }

    private mutating func drawPanes(_ layout: ScreenLayout, into canvas: inout Canvas) {
        if let area = layout.chat { ChatPane.draw(&self, area, layout, into: &canvas) }
        if let area = layout.tools { ToolCallsPane.draw(&self, area, layout, into: &canvas) }
        if let area = layout.steps { RunStepsPane.draw(&self, area, layout, into: &canvas) }
        if layout.arrangement == .tabs { drawTabs(layout, into: &canvas) }
        canvas.drawRule(
            row: layout.inputRule, column: 0, columns: columns, title: "", right: "",
            hasFocus: false, palette: palette, glyphs: glyphs)
        drawColumns(layout, into: &canvas)
    }

    /// The line between panes that stand side by side.
    private func drawColumns(_ layout: ScreenLayout, into canvas: inout Canvas) {
        guard let steps = layout.steps, let tools = layout.tools else { return }
        let column = steps.column - 1
        let first = layout.arrangement == .band ? steps.row : layout.main.row
        for row in first..<layout.inputRule {
            let isTop = row == first
            canvas.write(
                isTop ? glyphs.tee : glyphs.column, row: row, column: column,
                style: palette[.rule])
        }
        canvas.write(
            glyphs.invertedTee, row: layout.inputRule, column: column, style: palette[.rule])
        _ = tools
    }

    /// The names of the panes in one rule, the one that is shown in brackets.
    private func drawTabs(_ layout: ScreenLayout, into canvas: inout Canvas) {
        let run = conversation.shownRun
        let calls = shownCalls.count
        let state = run.map { runSign($0).text } ?? ""
        let tabs: [(Focus, String)] = [
            (.chat, "Chat"), (.tools, calls > 0 ? "Tool calls \(calls)" : "Tool calls"),
            (.steps, state.isEmpty ? "Run steps" : "Run steps \(state)"),
        ]
        let row = layout.main.row
        canvas.write(
            String(repeating: glyphs.rule, count: layout.main.columns), row: row,
            column: layout.main.column, style: palette[.rule])
        var column = layout.main.column + 1
        for (pane, title) in tabs {
            let isShown = pane == focus || pane == .chat && focus == .input
            let text = isShown ? " [\(title)] " : " \(title) "
            let style = palette[pane == focus ? .paneTitleFocus : .paneTitle]
            column += canvas.write(text, row: row, column: column, style: style) + 2
            if column >= columns { break }
        }
        let right = isChatShown(layout) ? ChatPane.followText(conversation, glyphs) : ""
        let width = columnCount(right)
        if width > 0, column + width + 4 < columns {
            canvas.write(
                " \(right) ", row: row, column: columns - width - 3, style: palette[.paneTitle])
        }
    }

    private func isChatShown(_ layout: ScreenLayout) -> Bool { layout.chat != nil }
}
