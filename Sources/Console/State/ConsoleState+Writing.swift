// Editing what is written, and the messages sent before.
extension ConsoleState {
    /// Carries out a command of the input line.
    mutating func write(_ command: Command) {
        focus = .input
        switch command {
        case .up: return moveRow(by: -1)
        case .down: return moveRow(by: 1)
        case .historyPrevious: return recall(by: -1)
        case .historyNext: return recall(by: 1)
        case .deleteLeft where conversation.draft.cursor == 0: if detach() { return }
        default: break
        }
        wantedColumn = nil
        var text = cut
        let isChanged = conversation.draft.edit(command, cut: &text)
        cut = text
        if command == .yank, let message = removed, message.text == cut {
            removed = nil
            takeBack(message.files)
        }
        if isChanged { draftChanged() }
    }

    private mutating func moveRow(by difference: Int) {
        let rows = inputRows
        let row = rows.cursor.row + difference
        guard rows.rows.indices.contains(row) else { return recall(by: difference) }
        let column = wantedColumn ?? rows.cursor.column
        conversation.draft.move(to: rows.index(row: row, column: column))
        wantedColumn = column
    }

    /// The rows of the input line as they are drawn.
    var inputRows: DraftRows {
        DraftRows(conversation.draft, width: inputWidth, glyphs: glyphs)
    }

    /// Columns of the input line behind its prompt.
    var inputWidth: Int { max(2, columns - 4) }

    /// Brings back a message sent before or after the one that is there.
    private mutating func recall(by difference: Int) {
        let texts = memory.history
        guard !texts.isEmpty else { return }
        let place = (history.place ?? texts.count) + difference
        if place >= texts.count {
            guard history.place != nil else { return }
            history.place = nil
            conversation.draft = history.draft
            rememberDraft()
            return
        }
        guard place >= 0 else { return }
        if history.place == nil { history.draft = conversation.draft }
        history.place = place
        conversation.draft.replace(with: texts[place])
        rememberDraft()
    }
}

extension Draft {
    /// Carries out an editing command; true when the text changed.
    mutating func edit(_ command: Command, cut: inout String) -> Bool {
        switch command {
        case .left: move(to: cursor - 1)
        case .right: move(to: cursor + 1)
        case .wordLeft: move(to: wordPlace(forward: false))
        case .wordRight: move(to: wordPlace(forward: true))
        case .lineStart: move(to: linePlace(end: false))
        case .lineEnd: move(to: linePlace(end: true))
        case .deleteLeft: return !delete(to: cursor - 1).isEmpty
        case .deleteRight: return !delete(to: cursor + 1).isEmpty
        case .deleteWordLeft: return take(delete(to: wordPlace(forward: false)), into: &cut)
        case .deleteWordRight: return take(delete(to: wordPlace(forward: true)), into: &cut)
        case .killToEnd:
            let end = linePlace(end: true)
            return take(delete(to: end == cursor ? cursor + 1 : end), into: &cut)
        case .killToStart: return take(delete(to: linePlace(end: false)), into: &cut)
        case .yank:
            insert(text: cut)
            return !cut.isEmpty
        case .undoTyping: return undoChange()
        default: break
        }
        return false
    }

    private func take(_ text: String, into cut: inout String) -> Bool {
        if !text.isEmpty { cut = text }
        return !text.isEmpty
    }
}
