import Assistants
import Settings
import TextLayout

// The rows of the chat: made when they are seen, found again by message and row.
extension Conversation {
    /// A row of the chat, and the message it belongs to.
    struct ChatRow {
        var row: StyledRow
        /// The message's place in the transcript; nil for what stands behind them.
        var message: Int?
        /// The row within the message.
        var number = 0
    }

    /// Makes the list of layouts match the messages: new ones at the end.
    mutating func alignItems() {
        let messages = transcript.messages
        while chat.items.count > messages.count {
            chat.items.removeLast()
            chat.heights.remove(at: chat.items.count)
        }
        while chat.items.count < messages.count {
            let message = messages[chat.items.count]
            chat.items.append(.init())
            chat.heights.append(MessageLayout.estimate(message, width: max(20, chat.width)))
        }
    }

    /// Forgets every height that is not for this width; the rows are made when they are seen.
    mutating func setChatWidth(_ width: Int) {
        guard width != chat.width else { return }
        chat.width = width
        for place in chat.items.indices { chat.items[place].isExact = false }
    }

    /// Rows of a message, made now if they are not there or out of date.
    mutating func ensure(_ place: Int, _ context: ChatContext) -> Int {
        if place >= transcript.messages.count { return tailRows(context).count }
        if !chat.items[place].isExact {
            chat.items[place].layout.update(
                to: transcript.messages[place], width: chat.width, context)
            chat.items[place].files = NamedFiles(transcript.messages[place])
            chat.items[place].isExact = true
        }
        let parts = parts(of: place, context)
        let height =
            parts.before.count + max(parts.minimum, chat.items[place].layout.textRows)
            + parts.after.count
        chat.heights.set(height, at: place)
        return height
    }

    /// What stands around a message's text.
    private func parts(
        of place: Int, _ context: ChatContext
    ) -> (before: [StyledRow], minimum: Int, after: [StyledRow]) {
        let message = transcript.messages[place]
        let previous = place > 0 ? transcript.messages[place - 1] : nil
        let isContinued =
            message.role == .assistant && message.runID != nil && previous?.role == .assistant
            && previous?.runID == message.runID
        var before: [StyledRow] = []
        if !isContinued { before.append(header(of: message, context)) }
        if let run = message.runID, !isContinued, message.role == .assistant {
            before += thoughtRows(of: run, isGrowing: false, context)
        }
        var after = context.fileRows(of: message) + notices(of: message, context)
        let sources = chat.items[place].layout.sources
        if !sources.isEmpty {
            after += [StyledRow(), sourcesRow(sources)]
        }
        after += context.shown.rows(of: message, chat.items[place].files)
        after.append(StyledRow())
        for ending in endings(after: message) {
            after += wrappedNotice(ending.text, ending.role, context) + [StyledRow()]
        }
        return (before, message.status == .inProgress ? 1 : 0, after)
    }

    /// The row of a message where its text begins.
    func textStart(of place: Int, _ context: ChatContext) -> Int {
        parts(of: place, context).before.count
    }

    private func header(of message: Message, _ context: ChatContext) -> StyledRow {
        let isUser = message.role == .user
        let name = isUser ? "you" : context.name(of: message.assistantID).oneRow
        let time = context.time(message.createdAt)
        var pieces = [StyledRow.Piece(name, isUser ? .chatUser : .chatAssistant)]
        if !time.isEmpty { pieces.append(.init(" \(context.glyphs.dot) \(time)", .chatTime)) }
        return StyledRow(pieces)
    }

    private func notices(of message: Message, _ context: ChatContext) -> [StyledRow] {
        guard message.status == .incomplete else { return [] }
        let text: String
        var role = ThemeRole.chatNotice
        switch message.incompleteReason {
        case .runCancelled: text = "stopped \(context.glyphs.dot) \(context.continueKey) continues"
        case .runFailed:
            (text, role) = interruption(of: message, dot: context.glyphs.dot)
        case .runExpired: text = "the run took too long and was ended"
        case .maxTokens: text = "the answer reached its length limit"
        case .contentFilter: text = "the answer was cut by a content filter"
        case .unknown(let reason): text = "incomplete: " + reason.oneRow
        case nil: text = "incomplete"
        }
        return wrappedNotice(text, role, context)
    }

    private func sourcesRow(_ sources: [CitationMarks.Source]) -> StyledRow {
        var text = ""
        for (place, source) in sources.prefix(20).enumerated() {
            text += "\(place > 0 ? "  " : "")【\(place + 1)】\(source.name.oneRow)"
        }
        return StyledRow(text, .dim)
    }

    private func wrappedNotice(
        _ text: String, _ role: ThemeRole, _ context: ChatContext
    ) -> [StyledRow] {
        text.wrapped(to: max(10, chat.width)).prefix(6).map { StyledRow(String($0), role) }
    }

    // MARK: - Thoughts

    private func thoughtRows(
        of run: Run.ID, isGrowing: Bool, _ context: ChatContext
    ) -> [StyledRow] {
        guard let thought = thoughts[run] else { return [] }
        let isOpen = isUnfolded || unfolded.contains(run)
        var text = thought.text
        text.resize(to: max(10, chat.width - 2))
        let count = text.rowCount
        let sign = isOpen ? context.glyphs.unfolded : context.glyphs.folded
        let title = (isGrowing ? "thinking" : "thought") + " \(context.glyphs.dot) "
        let size = count.grouped + (count == 1 ? " line" : " lines")
        var rows = [
            StyledRow(
                "\(sign) \(title)\(size)",
                .dim)
        ]
        if isOpen {
            rows += (0..<count).map { StyledRow(text.row($0), .dim, indent: 2) }
        }
        return rows
    }

    // MARK: - Behind the last message

    /// What stands behind the messages: thoughts that no text followed yet, what is being sent,
    /// failures.
    func tailRows(_ context: ChatContext) -> [StyledRow] {
        var rows: [StyledRow] = []
        for message in pending {
            rows.append(
                StyledRow([
                    .init("you", .chatUser), .init(" \(context.glyphs.dot) now", .chatTime),
                ]))
            let text = String(decoding: message.text.utf8.prefix(4_096), as: UTF8.self)
            rows += text.canonicalised.wrapped(to: max(10, chat.width)).map {
                StyledRow(String($0), .chatBody)
            }
            rows += context.fileRows(of: message.files)
            rows.append(StyledRow())
        }
        if let run = shownRun { rows += runTail(run, context) }
        if let failure { rows += wrappedNotice(failure.oneRow, .chatError, context) }
        return rows
    }

    /// A run that has no message to say it with.
    private func runTail(_ run: Run, _ context: ChatContext) -> [StyledRow] {
        var rows: [StyledRow] = []
        if run.status.isActive, thoughts[run.id] != nil,
            !transcript.messages.contains(where: { $0.runID == run.id })
        {
            rows += thoughtRows(of: run.id, isGrowing: true, context)
        }
        if !hasPlace(run.id), let ending = ending(of: run) {
            rows += wrappedNotice(ending.text, ending.role, context)
        }
        return rows
    }

    // MARK: - What is seen

    /// The first row that is shown when the end is followed.
    mutating func bottomAnchor(rows: Int, _ context: ChatContext) -> ChatView.Anchor {
        var need = rows
        var place = transcript.messages.count
        while place >= 0 {
            let height = ensure(place, context)
            if height >= need { return .init(message: place, row: height - need) }
            need -= height
            place -= 1
        }
        return .init(message: 0, row: 0)
    }

    /// The rows of the pane, from the anchor or up to the end.
    mutating func chatRows(_ count: Int, _ context: ChatContext) -> [ChatRow] {
        alignItems()
        chat.shownRows = count
        var place = chat.anchor ?? bottomAnchor(rows: count, context)
        place.message = min(place.message, transcript.messages.count)
        var rows: [ChatRow] = []
        while rows.count < count, place.message <= transcript.messages.count {
            let height = ensure(place.message, context)
            let range =
                min(place.row, max(0, height - 1))..<min(height, place.row + count - rows.count)
            if range.lowerBound < range.upperBound {
                rows += messageRows(place.message, range, context)
            }
            place = .init(message: place.message + 1, row: 0)
        }
        return rows
    }

    private mutating func messageRows(
        _ place: Int, _ range: Range<Int>, _ context: ChatContext
    ) -> [ChatRow] {
        if place >= transcript.messages.count {
            let rows = tailRows(context)
            return rows[range.clamped(to: 0..<rows.count)].map { ChatRow(row: $0, message: nil) }
        }
        let parts = parts(of: place, context)
        let count = chat.items[place].layout.textRows
        let textRows = max(parts.minimum, count)
        let start = parts.before.count
        var text = chat.items[place].layout.rows(
            max(
                0, range.lowerBound - start)..<max(
                    0, max(range.lowerBound, min(range.upperBound - start, count))))
        if transcript.messages[place].status == .inProgress, count == 0 { text = [StyledRow()] }
        let firstText = max(0, range.lowerBound - start)
        var rows: [ChatRow] = []
        for row in range {
            if row < start {
                rows.append(ChatRow(row: parts.before[row], message: place, number: row))
            } else if row < start + textRows {
                let index = row - start - firstText
                var shown = text.indices.contains(index) ? text[index] : StyledRow()
                if transcript.messages[place].status == .inProgress, row == start + textRows - 1,
                    shown.columns < chat.width
                {
                    // As plain as the text: in a colour of its own it would cost more bytes in
                    // each frame than the words.
                    shown.pieces.append(.init(context.glyphs.caret, .chatBody))
                }
                rows.append(ChatRow(row: shown, message: place, number: row))
            } else {
                rows.append(
                    ChatRow(
                        row: parts.after[row - start - textRows], message: place, number: row))
            }
        }
        return rows
    }
}
