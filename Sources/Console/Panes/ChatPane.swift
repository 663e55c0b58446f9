import Assistants
import Settings
import Terminal
import TextLayout

/// The messages of the thread.
enum ChatPane {
    /// Blank columns on both sides of the text.
    static let margin = 2
    /// The most columns of a line, which is what is pleasant to read.
    static let measure = 100

    /// Draws the pane; only what is seen is laid out.
    static func draw(
        _ state: inout ConsoleState, _ area: Area, _ layout: ScreenLayout,
        into canvas: inout Canvas
    ) {
        let hasFocus = state.focus == .chat
        if layout.arrangement != .tabs {
            canvas.drawRule(
                row: area.row, column: area.column, columns: area.columns, title: "Chat",
                right: followText(state.conversation, state.glyphs), hasFocus: hasFocus,
                palette: state.palette, glyphs: state.glyphs)
        }
        let body = area.dropping(rows: 1)
        let width = max(8, min(measure, body.columns - 2 * margin))
        let context = state.chatContext
        state.conversation.setChatWidth(width)
        let rows = state.conversation.chatRows(body.rows, context)
        if state.conversation.isEmpty || rows.isEmpty {
            state.conversation.chat.shownRows = body.rows
            drawEmpty(state, body, width, into: &canvas)
            return
        }
        let selected = state.conversation.chat.selected.flatMap {
            state.conversation.transcript.place(ofMessage: $0)
        }
        state.conversation.chat.widest = rows.map(\.row.columns).max() ?? 0
        if state.conversation.chat.widest <= width { state.conversation.chat.sideways = 0 }
        let sideways = state.conversation.chat.sideways
        for (offset, row) in rows.enumerated() {
            let line = body.row + offset
            state.shelf.want(row.row)
            // Only what does not fit moves: the text beside it stays readable.
            let shown = row.row.columns > width ? row.row.dropping(columns: sideways) : row.row
            if let selected, row.message == selected {
                canvas.write(
                    state.glyphs.bar, row: line, column: body.column,
                    style: state.palette[.accent])
            }
            canvas.draw(
                shown, row: line, column: body.column + margin,
                columns: body.columns - margin, palette: state.palette, glyphs: state.glyphs)
            if let selection = state.conversation.chat.selection, let message = row.message,
                selection.contains(.init(message: message, row: row.number))
            {
                canvas.restyle(
                    row: line, columns: body.column..<body.column + body.columns,
                    with: state.palette[.selection])
            }
        }
    }

    /// Whether the end is followed, in words.
    static func followText(_ conversation: Conversation, _ glyphs: Glyphs) -> String {
        if conversation.isEmpty { return "" }
        if conversation.chat.isFollowing { return "following" }
        let news = conversation.chat.news.count
        return news > 0 ? "\(glyphs.more) \(news) new below" : "\(glyphs.more) more below"
    }

    private static func drawEmpty(
        _ state: ConsoleState, _ body: Area, _ width: Int, into canvas: inout Canvas
    ) {
        let rows: [StyledRow]
        switch state.conversation.loading {
        case .asked: rows = [StyledRow("loading\(state.glyphs.ellipsis)", .dim)]
        case .failed(let reason):
            rows = reason.oneRow.wrapped(to: width).map { StyledRow(String($0), .chatError) }
        case .notAsked, .done: rows = Greeting.rows(state, width: width, height: body.rows)
        }
        for (offset, row) in rows.prefix(body.rows).enumerated() {
            canvas.draw(
                row, row: body.row + offset, column: body.column + margin,
                columns: body.columns - margin, palette: state.palette, glyphs: state.glyphs)
        }
    }
}
