import Assistants
import Settings
import Terminal
import TextLayout

// What is open, drawn over the panes: a rule with its name, its rows, a rule below.
extension ConsoleState {
    /// Draws one popup.
    mutating func draw(_ popup: Popup, _ layout: ScreenLayout, into canvas: inout Canvas) {
        let panel = popup.isList ? layout.panel : nil
        let width = panel?.columns ?? columns
        let content = content(of: popup, columns: width - 2)
        let room = layout.inputRule - layout.main.row + 1
        let height = min(room, content.rows.count + 2 + (content.field == nil ? 0 : 1))
        let area =
            panel.map { Area(row: $0.row, column: 0, rows: room, columns: width) }
            ?? Area(row: layout.main.row, column: 0, rows: max(3, height), columns: width)
        clear(area, title: content.title, right: content.right, into: &canvas)
        if panel != nil { drawEdge(area, into: &canvas) }
        var row = area.row + 1
        if let field = content.field {
            draw(field, row: row, area, into: &canvas)
            row += 1
        }
        draw(
            content, Area(row: row, column: 0, rows: area.endRow - 1 - row, columns: width),
            into: &canvas)
    }

    private func draw(_ content: PopupContent, _ area: Area, into canvas: inout Canvas) {
        guard area.rows > 0 else { return }
        let first = firstRow(of: content, space: area.rows)
        for (offset, line) in content.rows.dropFirst(first).prefix(area.rows).enumerated() {
            let row = area.row + offset
            var line = line
            if content.isSelected(first + offset) {
                canvas.fill(row: row, columns: 0..<area.columns, style: palette[.listSelected])
                line = line.drawn(as: .listSelected)
            }
            canvas.draw(
                line, row: row, column: 1, columns: area.columns - 2, palette: palette,
                glyphs: glyphs)
        }
        if let cursor = content.cursor, cursor.row >= first, cursor.row < first + area.rows {
            canvas.cursor = (
                row: area.row + cursor.row - first, column: min(area.columns - 1, 1 + cursor.column)
            )
        }
    }

    /// The line between a list and the panes beside it.
    private func drawEdge(_ area: Area, into canvas: inout Canvas) {
        for row in area.row..<area.endRow {
            let sign =
                row == area.row
                ? glyphs.tee : row == area.endRow - 1 ? glyphs.invertedTee : glyphs.column
            canvas.write(sign, row: row, column: area.columns, style: palette[.popupRule])
        }
    }

    private func firstRow(of content: PopupContent, space: Int) -> Int {
        if let top = content.top { return min(top, max(0, content.rows.count - space)) }
        let wanted = content.cursor?.row ?? content.selected ?? 0
        return min(max(0, wanted - space / 2), max(0, content.rows.count - space))
    }

    private func clear(
        _ area: Area, title: String, right: String, into canvas: inout Canvas
    ) {
        for row in area.row..<area.endRow {
            canvas.fill(row: row, columns: 0..<area.columns, style: palette[.popup])
        }
        for (row, text, end) in [(area.row, title, right), (area.endRow - 1, "", "")] {
            canvas.write(
                String(repeating: glyphs.rule, count: area.columns), row: row, column: 0,
                style: palette[.popupRule])
            if !text.isEmpty {
                canvas.write(
                    " \(text.fitted(to: area.columns - 4, glyphs: glyphs)) ", row: row, column: 1,
                    style: palette[.popupTitle])
            }
            let width = columnCount(end)
            if width > 0, width + columnCount(text) + 8 < area.columns {
                canvas.write(
                    " \(end) ", row: row, column: area.columns - width - 3,
                    style: palette[.popupTitle])
            }
        }
    }

    private func draw(
        _ field: (label: String, draft: Draft), row: Int, _ area: Area, into canvas: inout Canvas
    ) {
        let label = " \(field.label) "
        let start = canvas.write(label, row: row, column: 0, style: palette[.inputPrompt])
        let rows = DraftRows(field.draft, width: max(4, area.columns - start - 1), glyphs: glyphs)
        let shown = rows.rows[rows.cursor.row]
        canvas.write(shown.text, row: row, column: start, style: palette[.input])
        canvas.cursor = (row: row, column: min(area.columns - 1, start + rows.cursor.column))
    }
}

/// What a popup shows.
struct PopupContent {
    var title: String
    var right = ""
    /// A line that is typed into, above the rows.
    var field: (label: String, draft: Draft)?
    var rows: [StyledRow] = []
    /// The row that is marked, and how many rows belong to it.
    var selected: Int?
    var selectedRows = 1
    /// The first row, for what is scrolled; nil shows what is selected.
    var top: Int?
    /// Where the cursor stands among the rows.
    var cursor: (row: Int, column: Int)?

    /// Whether a row is marked.
    func isSelected(_ row: Int) -> Bool {
        selected.map { ($0..<$0 + selectedRows).contains(row) } ?? false
    }
}
