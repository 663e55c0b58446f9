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
        var content = content(of: popup, columns: width - 2)
        let room = layout.inputRule - layout.main.row + 1
        let height = min(room, content.height + 2 + (content.field == nil ? 0 : 1))
        let area =
            panel.map { Area(row: $0.row, column: 0, rows: room, columns: width) }
            ?? Area(row: layout.main.row, column: 0, rows: max(3, height), columns: width)
        let space = area.rows - 2 - (content.field == nil ? 0 : 1)
        let below = content.hiddenBelow(in: space)
        if below > 0 {
            let more = "\(glyphs.more) \(below) more"
            content.right += content.right.isEmpty ? more : " \(glyphs.dot) " + more
        }
        clear(area, title: content.title, right: content.right, into: &canvas)
        if panel != nil { drawEdge(area, into: &canvas) }
        var row = area.row + 1
        if let field = content.field {
            draw(field, row: row, area, into: &canvas)
            row += 1
        }
        let share = content.share(area.endRow - 1 - row)
        note(popup, rows: content.rows.count, space: share.rows)
        draw(
            content, Area(row: row, column: 0, rows: share.rows, columns: width),
            into: &canvas)
        guard let foot = content.foot else { return }
        draw(
            foot, Area(row: row + share.rows, column: 0, rows: share.foot, columns: width),
            into: &canvas)
    }

    /// Draws what stays at the bottom: a row that says what it is, and rows up to the cursor.
    private func draw(
        _ foot: PopupContent.Foot, _ area: Area, into canvas: inout Canvas
    ) {
        guard area.rows > 1 else { return }
        canvas.draw(
            foot.head, row: area.row, column: 1, columns: area.columns - 2, palette: palette,
            glyphs: glyphs)
        let body = area.dropping(rows: 1)
        let first = min(
            max(0, foot.cursor.row - body.rows + 2), max(0, foot.rows.count - body.rows))
        for (offset, line) in foot.rows.dropFirst(first).prefix(body.rows).enumerated() {
            canvas.draw(
                line, row: body.row + offset, column: 1, columns: area.columns - 2,
                palette: palette, glyphs: glyphs)
        }
        canvas.cursor = (
            row: body.row + foot.cursor.row - first,
            column: min(area.columns - 1, 1 + foot.cursor.column)
        )
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
    /// What stays at the bottom while the rows above are scrolled.
    var foot: Foot?

    /// Rows that stay at the bottom, with the cursor in them.
    struct Foot {
        var head: StyledRow
        var rows: [StyledRow] = []
        var cursor = (row: 0, column: 0)
    }

    /// Rows that all of it takes.
    var height: Int { rows.count + (foot.map { $0.rows.count + 2 } ?? 0) }

    /// How many rows the upper part and the foot get of so many; a blank row sets them apart
    /// where there is room for all.
    func share(_ space: Int) -> (rows: Int, foot: Int) {
        guard let foot else { return (space, 0) }
        let wanted = foot.rows.count + 1
        if height <= space { return (space - wanted, wanted) }
        let most = max(2, space * 2 / 3, space - rows.count)
        let given = min(wanted, most, max(0, space - 1))
        return (max(0, space - given), given)
    }

    /// Rows above the foot that are scrolled out at the bottom.
    func hiddenBelow(in space: Int) -> Int {
        guard foot != nil else { return 0 }
        let shown = share(space).rows
        return max(0, rows.count - min(top ?? 0, max(0, rows.count - shown)) - shown)
    }

    /// Whether a row is marked.
    func isSelected(_ row: Int) -> Bool {
        selected.map { ($0..<$0 + selectedRows).contains(row) } ?? false
    }
}
