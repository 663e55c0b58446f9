import Assistants

// Selecting rows of the chat, and the source text that they show.
extension Conversation {
    /// Begins to select at the chosen message, or at the last row that is seen.
    mutating func beginSelecting(_ context: ChatContext) {
        alignItems()
        let bottom = bottomAnchor(rows: chat.shownRows, context)
        var place = chat.anchor ?? bottom
        if let selected = chat.selected.flatMap({ transcript.place(ofMessage: $0) }) {
            place = .init(message: selected, row: 0)
        } else {
            place = moved(place, by: max(0, chat.shownRows - 1), context)
        }
        chat.selection = .init(mark: place, end: place)
        chat.selected = nil
        reveal(place, context)
    }

    /// Moves the end of the selection by rows, and shows it.
    mutating func extendSelection(by difference: Int, _ context: ChatContext) {
        guard let selection = chat.selection else { return }
        let end = moved(selection.end, by: difference, context)
        chat.selection?.end = end
        reveal(end, context)
    }

    /// The place at a row of the pane, from 0; none is behind the last message.
    mutating func place(ofRow row: Int, _ context: ChatContext) -> ChatView.Anchor? {
        alignItems()
        guard !transcript.messages.isEmpty else { return nil }
        let top = chat.anchor ?? bottomAnchor(rows: chat.shownRows, context)
        return moved(top, by: row, context)
    }

    /// Selects from a place to a row of the pane, and shows it.
    mutating func select(
        from mark: ChatView.Anchor, toRow row: Int, _ context: ChatContext
    ) {
        guard let end = place(ofRow: row, context) else { return }
        chat.selection = .init(mark: mark, end: end)
        chat.selected = nil
        reveal(end, context)
    }

    /// The source text of the selected rows: of each message what its rows show, whole marks and
    /// all, and of a person's message all of it.
    mutating func selectedSource(_ context: ChatContext) -> String {
        guard let selection = chat.selection else { return "" }
        var texts: [String] = []
        for place in selection.first.message...selection.last.message
        where place < transcript.messages.count {
            let height = ensure(place, context)
            let lower = place == selection.first.message ? selection.first.row : 0
            let upper = place == selection.last.message ? selection.last.row + 1 : height
            let start = textStart(of: place, context)
            let rows = max(0, lower - start)..<max(0, max(lower, upper) - start)
            let source = transcript.messages[place].text
            let text = chat.items[place].layout.source(ofRows: rows, whole: source)
            if !text.isEmpty { texts.append(text) }
        }
        return texts.joined(separator: "\n\n")
    }

    /// A place some rows away, as far as there are rows.
    mutating func moved(
        _ place: ChatView.Anchor, by difference: Int, _ context: ChatContext
    ) -> ChatView.Anchor {
        var place = place
        var rest = difference
        while rest < 0 {
            if place.row + rest >= 0 { return .init(message: place.message, row: place.row + rest) }
            if place.message == 0 { return .init(message: 0, row: 0) }
            rest += place.row + 1
            place.message -= 1
            place.row = max(0, ensure(place.message, context) - 1)
        }
        while rest > 0 {
            let height = ensure(place.message, context)
            if place.row + rest < height {
                return .init(message: place.message, row: place.row + rest)
            }
            if place.message >= transcript.messages.count - 1 {
                return .init(message: place.message, row: max(0, height - 1))
            }
            rest -= height - place.row
            place = .init(message: place.message + 1, row: 0)
        }
        return place
    }

    /// Scrolls just so far that a row is seen.
    mutating func reveal(_ place: ChatView.Anchor, _ context: ChatContext) {
        let bottom = bottomAnchor(rows: chat.shownRows, context)
        let top = chat.anchor ?? bottom
        if (place.message, place.row) < (top.message, top.row) {
            setAnchor(place, bottom: bottom)
            return
        }
        let last = moved(top, by: max(0, chat.shownRows - 1), context)
        guard (place.message, place.row) > (last.message, last.row) else { return }
        setAnchor(moved(place, by: 1 - chat.shownRows, context), bottom: bottom)
    }
}

extension ChatView {
    /// Rows that are selected, from one place to another in either direction.
    struct Selection: Hashable, Sendable {
        var mark: Anchor
        var end: Anchor

        var first: Anchor { isForward ? mark : end }
        var last: Anchor { isForward ? end : mark }
        private var isForward: Bool {
            (mark.message, mark.row) <= (end.message, end.row)
        }

        /// Whether a row is selected.
        func contains(_ place: Anchor) -> Bool {
            (first.message, first.row) <= (place.message, place.row)
                && (place.message, place.row) <= (last.message, last.row)
        }
    }
}
