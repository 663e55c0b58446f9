import Assistants

// Where the reader is, and how that changes: by rows, by messages, to the ends.
extension Conversation {
    /// Moves the view by rows; at the end it follows again.
    mutating func scroll(by difference: Int, _ context: ChatContext) {
        alignItems()
        let bottom = bottomAnchor(rows: chat.shownRows, context)
        var place = chat.anchor ?? bottom
        place.message = min(place.message, transcript.messages.count)
        var rest = difference
        while rest < 0 {
            if place.row + rest >= 0 {
                place.row += rest
                rest = 0
            } else if place.message == 0 {
                place.row = 0
                rest = 0
            } else {
                rest += place.row + 1
                place.message -= 1
                place.row = max(0, ensure(place.message, context) - 1)
            }
        }
        while rest > 0 {
            let height = ensure(place.message, context)
            if place.row + rest < height {
                place.row += rest
                rest = 0
            } else if place.message >= transcript.messages.count {
                rest = 0
            } else {
                rest -= height - place.row
                place = .init(message: place.message + 1, row: 0)
            }
        }
        setAnchor(place, bottom: bottom)
    }

    /// Shows the first message that is loaded.
    mutating func scrollToTop(_ context: ChatContext) {
        alignItems()
        setAnchor(.init(message: 0, row: 0), bottom: bottomAnchor(rows: chat.shownRows, context))
    }

    /// Where the reader is; nil while the end is followed.
    var readingPlace: Memory.Place? {
        guard let anchor = chat.anchor, transcript.messages.indices.contains(anchor.message)
        else { return nil }
        return Memory.Place(
            message: transcript.messages[anchor.message].id, row: anchor.row,
            number: window.lowerBound + anchor.message)
    }

    /// Goes to a place; false where its message is not loaded.
    mutating func show(_ place: Memory.Place) -> Bool {
        guard let number = transcript.place(ofMessage: place.message) else { return false }
        chat.anchor = .init(message: number, row: max(0, place.row))
        return true
    }

    /// Follows the end.
    mutating func follow() {
        sought = nil
        chat.anchor = nil
        chat.news = []
    }

    /// Selects the message after or before the one that is selected, and shows it.
    mutating func selectMessage(by difference: Int, _ context: ChatContext) {
        alignItems()
        guard !transcript.messages.isEmpty else { return }
        let bottom = bottomAnchor(rows: chat.shownRows, context)
        let current = chat.selected.flatMap { transcript.place(ofMessage: $0) }
        let first = chat.anchor ?? bottom
        let start = current ?? (difference < 0 ? transcript.messages.count : first.message - 1)
        let place = min(max(0, start + difference), transcript.messages.count - 1)
        chat.selected = transcript.messages[place].id
        chat.selectedBlock = nil
        show(message: place, bottom: bottom, context)
    }

    /// Scrolls just so far that the message's first row is seen.
    mutating func show(message place: Int, bottom: ChatView.Anchor, _ context: ChatContext) {
        let first = chat.anchor ?? bottom
        if place < first.message || place == first.message && first.row > 0 {
            return setAnchor(.init(message: place, row: 0), bottom: bottom)
        }
        var rows = -first.row
        for before in first.message..<max(first.message, place) { rows += ensure(before, context) }
        if rows >= max(1, chat.shownRows - 1) {
            setAnchor(.init(message: place, row: 0), bottom: bottom)
        }
    }

    /// What was prepended moves the places of everything by `count`.
    mutating func shiftChat(by count: Int, context: ChatContext) {
        guard count > 0 else { return }
        let added = Array(transcript.messages.prefix(count))
        chat.items.insert(contentsOf: repeatElement(.init(), count: count), at: 0)
        chat.heights.prepend(
            added.map { MessageLayout.estimate($0, width: max(20, chat.width)) })
        // The message that was first may lose its header: it is laid out again.
        if chat.items.count > count { chat.items[count].isExact = false }
        chat.anchor?.message += count
        chat.pressed?.message += count
        chat.selection?.mark.message += count
        chat.selection?.end.message += count
    }

    /// A message is gone.
    mutating func removeMessage(_ id: Message.ID) {
        guard let place = transcript.place(ofMessage: id) else { return }
        alignItems()
        transcript.removeMessage(id)
        chat.items.remove(at: place)
        chat.heights.remove(at: place)
        if let anchor = chat.anchor, anchor.message > place { chat.anchor?.message -= 1 }
        if chat.selected == id { chat.selected = nil }
        (chat.selection, chat.pressed) = (nil, nil)
        total = max(0, total - 1)
        window = window.lowerBound..<max(window.lowerBound, window.upperBound - 1)
    }

    /// A message grew, or a whole one came in its place.
    mutating func touch(message id: Message.ID, replaced: Bool) {
        guard let place = transcript.place(ofMessage: id) else { return }
        if place < chat.items.count {
            chat.items[place].isExact = false
            chat.items[place].layout.touch(replaced: replaced)
        }
        if !chat.isFollowing { chat.news.insert(id) }
    }

    mutating func setAnchor(_ place: ChatView.Anchor, bottom: ChatView.Anchor) {
        sought = nil
        let isAtEnd = (place.message, place.row) >= (bottom.message, bottom.row)
        if isAtEnd { follow() } else { chat.anchor = place }
    }
}
