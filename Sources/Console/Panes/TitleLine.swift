import Assistants
import Settings
import Terminal
import TextLayout

/// The first row: who answers, with what and where; which thread.
enum TitleLine {
    /// Draws the row.
    static func draw(_ state: ConsoleState, into canvas: inout Canvas) {
        let name = state.assistant.map { ($0.name ?? $0.model).oneRow } ?? "Switchboard"
        var left = [StyledRow.Piece(" " + name, .title)]
        if state.columns >= 70, let place = modelText(state) {
            left.append(.init("  " + place, .titleDim))
        }
        let row = StyledRow(left, right: right(state))
        canvas.draw(
            row, row: 0, column: 0, columns: state.columns - 1, palette: state.palette,
            glyphs: state.glyphs)
    }

    /// The model, who serves it and, when it is not this machine, where.
    private static func modelText(_ state: ConsoleState) -> String? {
        guard let model = state.model else { return state.assistant?.model.oneRow }
        let name = model.name.oneRow
        let provider = model.provider.oneRow
        let parts = provider.isEmpty || provider == name ? [name] : [name, provider]
        var text = parts.joined(separator: " \(state.glyphs.dot) ")
        if !model.isLocal, !model.host.isEmpty, state.columns >= 100 {
            text += " (\(model.host.oneRow))"
        }
        return text
    }

    private static func right(_ state: ConsoleState) -> [StyledRow.Piece] {
        let width = state.columns / 2
        var title = state.summary?.title.oneRow ?? ""
        if state.current.isEmpty { title = "new thread" }
        var pieces: [StyledRow.Piece] = []
        let count = countText(state)
        let gap = state.columns >= 70 ? "   " : "  "
        let room = width - columnCount(count) - 3
        if !title.isEmpty {
            pieces.append(.init(title.fitted(to: max(8, room), glyphs: state.glyphs), .title))
        }
        if !count.isEmpty { pieces.append(.init(gap + count, .titleDim)) }
        return pieces
    }

    private static func countText(_ state: ConsoleState) -> String {
        guard let place = state.threads.firstIndex(where: { $0.id == state.current }) else {
            return ""
        }
        let total = state.threads.count.grouped + (state.hasMoreThreads ? "+" : "")
        return state.columns >= 70 ? "\((place + 1).grouped) of \(total)" : "\(place + 1)/\(total)"
    }
}
