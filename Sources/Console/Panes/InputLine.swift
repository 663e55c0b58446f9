import Settings
import Terminal
import TextLayout

/// The queue and the message that is written, above the last row.
enum InputLine {
    /// Draws queue and input, and puts the cursor where the next character goes.
    static func draw(
        _ state: ConsoleState, _ layout: ScreenLayout, into canvas: inout Canvas
    ) {
        drawQueue(state, layout.queue, into: &canvas)
        state.drawChips(layout.chips, into: &canvas)
        let rows = state.inputRows
        let first = max(0, min(rows.cursor.row, rows.rows.count - layout.input.rows))
        let top = max(0, max(first, rows.cursor.row - layout.input.rows + 1))
        let start = min(top, max(0, rows.rows.count - layout.input.rows))
        for offset in 0..<layout.input.rows {
            let row = layout.input.row + offset
            if offset == 0 {
                canvas.write(
                    " \(state.glyphs.prompt)", row: row, column: 0,
                    style: state.palette[.inputPrompt])
            }
            guard rows.rows.indices.contains(start + offset) else { continue }
            let line = rows.rows[start + offset]
            canvas.write(line.text, row: row, column: 3, style: state.palette[.input])
            for chip in line.chips {
                canvas.restyle(
                    row: row, columns: chip.lowerBound + 3..<chip.upperBound + 3,
                    with: state.palette[.inputQueued])
            }
        }
        if state.conversation.draft.isEmpty { drawHint(state, layout, into: &canvas) }
        if state.popups.isEmpty, state.focus == .input {
            canvas.cursor = (
                row: layout.input.row + rows.cursor.row - start, column: 3 + rows.cursor.column
            )
        }
    }

    private static func drawHint(
        _ state: ConsoleState, _ layout: ScreenLayout, into canvas: inout Canvas
    ) {
        guard let text = state.conversation.instructions, state.focus == .input else { return }
        canvas.write(
            "next run: \(text.oneRow)".fitted(to: state.columns - 5, glyphs: state.glyphs),
            row: layout.input.row, column: 3, style: state.palette[.dim])
    }

    private static func drawQueue(
        _ state: ConsoleState, _ area: Area, into canvas: inout Canvas
    ) {
        let queue = state.conversation.queue
        let note =
            state.conversation.queueIsHeld
            ? "  (waits: Enter sends it)" : "  (sent when this run ends)"
        let hidden = queue.count - area.rows
        for offset in 0..<area.rows {
            let place = hidden + offset
            guard queue.indices.contains(place) else { continue }
            let more = offset == 0 && hidden > 0 ? "  (+\(hidden) before)" : ""
            let end = note + more
            let room = state.columns - 4 - columnCount(end)
            let text = queue[place].shownText.oneRow.fitted(to: max(8, room), glyphs: state.glyphs)
            canvas.write(
                " \(state.glyphs.prompt) \(text)\(end)", row: area.row + offset, column: 0,
                style: state.palette[.inputQueued])
        }
    }
}
