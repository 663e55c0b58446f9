import Assistants
import Settings
import Terminal
import TextLayout

// What is open, drawn over the panes: a rule with its name, its rows, a rule below.
extension ConsoleState {
    /// Draws one popup.
    mutating func draw(_ popup: Popup, _ layout: ScreenLayout, into canvas: inout Canvas) {
        let width = popupWidth(popup)
        let room = Area(
            row: layout.main.row, column: 0, rows: layout.inputRule - layout.main.row + 1,
            columns: width)
        let content = content(of: popup, columns: width - 2)
        let height = min(room.rows, content.rows.count + 2 + (content.field == nil ? 0 : 1))
        let area = Area(row: room.row, column: 0, rows: max(3, height), columns: width)
        clear(area, title: content.title, right: content.right, into: &canvas)
        var row = area.row + 1
        if let field = content.field {
            draw(field, row: row, area, into: &canvas)
            row += 1
        }
        let space = area.endRow - 1 - row
        guard space > 0 else { return }
        let first = firstRow(of: content, space: space)
        for (offset, line) in content.rows.dropFirst(first).prefix(space).enumerated() {
            canvas.draw(
                line, row: row + offset, column: 1, columns: width - 2, palette: palette,
                glyphs: glyphs)
            if content.selected == first + offset {
                canvas.restyle(
                    row: row + offset, columns: 0..<width, with: palette[.listSelected])
            }
        }
        if let cursor = content.cursor, cursor.row >= first, cursor.row < first + space {
            canvas.cursor = (
                row: row + cursor.row - first, column: min(width - 1, 1 + cursor.column)
            )
        }
    }

    /// Wide screens keep the panes in view beside a list.
    private func popupWidth(_ popup: Popup) -> Int {
        switch popup {
        case .threads, .assistants: columns < 100 ? columns : max(60, columns / 2)
        default: columns < 100 ? columns : min(columns, 96)
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
        guard area.columns < columns else { return }
        for row in area.row + 1..<area.endRow - 1 {
            canvas.write(glyphs.column, row: row, column: area.columns, style: palette[.popupRule])
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
    /// The row that is marked.
    var selected: Int?
    /// The first row, for what is scrolled; nil shows what is selected.
    var top: Int?
    /// Where the cursor stands among the rows.
    var cursor: (row: Int, column: Int)?
}
