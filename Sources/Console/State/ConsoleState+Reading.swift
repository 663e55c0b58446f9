import Assistants
import Terminal
import Wire

// Scrolling, selecting and copying in the panes.
extension ConsoleState {
    /// Scrolls the pane with the focus, or the chat while writing.
    mutating func read(_ command: Command) {
        let pane = focus == .input ? .chat : focus
        let page = max(1, shownRows(of: pane) - 1)
        switch command {
        case .rowUp: move(pane, by: -1)
        case .rowDown: move(pane, by: 1)
        case .pageUp: move(pane, by: -page)
        case .pageDown: move(pane, by: page)
        case .halfPageUp: move(pane, by: -max(1, page / 2))
        case .halfPageDown: move(pane, by: max(1, page / 2))
        case .top: scrollToTop(pane)
        case .follow:
            switch pane {
            case .tools: conversation.tools.top = nil
            case .steps: conversation.steps.top = nil
            case .chat, .input: follow()
            }
        default: break
        }
    }

    /// Begins to select rows of the chat, or ends it.
    mutating func selectRows() {
        focus = .chat
        guard conversation.chat.selection == nil else {
            return conversation.chat.selection = nil
        }
        let context = chatContext
        conversation.beginSelecting(context)
        let dot = glyphs.dot
        say(
            "j and k extend the selection \(dot) \(label(.copyMessage)) copies it \(dot) "
                + "Esc ends it")
    }

    private func shownRows(of pane: Focus) -> Int {
        switch pane {
        case .tools: conversation.tools.shownRows
        case .steps: conversation.steps.shownRows
        case .chat, .input: conversation.chat.shownRows
        }
    }

    /// Moves rows that are wider than the chat.
    mutating func scrollSideways(by difference: Int) {
        let chat = conversation.chat
        let last = max(0, chat.widest - chat.width)
        guard last > 0 || chat.sideways > 0 else { return say("Every row fits.") }
        conversation.chat.sideways = min(max(0, chat.sideways + difference), last)
    }

    /// Extends the selection, or scrolls where there is none.
    private mutating func move(_ pane: Focus, by difference: Int) {
        guard focus == .chat, conversation.chat.selection != nil else {
            return scroll(pane, by: difference)
        }
        let context = chatContext
        conversation.extendSelection(by: difference, context)
    }

    /// Moves what a pane shows by rows.
    mutating func scroll(_ pane: Focus, by difference: Int) {
        switch pane {
        case .tools: conversation.tools.scroll(by: difference)
        case .steps: conversation.steps.scroll(by: difference)
        case .chat, .input:
            let context = chatContext
            conversation.scroll(by: difference, context)
        }
    }

    private mutating func scrollToTop(_ pane: Focus) {
        switch pane {
        case .tools:
            conversation.tools.top =
                conversation.tools.rowCount > conversation.tools.shownRows ? 0 : nil
        case .steps:
            conversation.steps.top =
                conversation.steps.rowCount > conversation.steps.shownRows ? 0 : nil
        case .chat, .input:
            let context = chatContext
            conversation.scrollToTop(context)
            if conversation.window.lowerBound > 0, !conversation.isLoadingMore {
                conversation.isLoadingMore = true
                let end = min(conversation.total, Self.windowSize)
                effects.append(.loadMessages(current, 0..<end, purpose: .jump))
            }
        }
    }

    // MARK: - Selecting

    /// Selects the message after or before, or the tool call where those have the focus.
    mutating func selectMessage(by difference: Int) {
        if focus == .tools {
            let count = shownCalls.count
            guard count > 0 else { return }
            let start = conversation.tools.selected ?? (difference > 0 ? -1 : count)
            conversation.tools.selected = min(max(0, start + difference), count - 1)
            // Followed again, the selected call is in view.
            conversation.tools.top = nil
            return
        }
        let context = chatContext
        conversation.selectMessage(by: difference, context)
    }

    /// The tool calls of the run that is shown, in order.
    var shownCalls: [(step: RunStep, call: ToolCall, place: Int)] {
        guard let run = conversation.shownRun else { return [] }
        return conversation.steps(of: run.id).flatMap { step in
            guard case .toolCalls(let calls) = step.details else {
                return [(step: RunStep, call: ToolCall, place: Int)]()
            }
            return calls.enumerated().map { (step, $0.element, $0.offset) }
        }
    }

    /// The message that commands are about: the selected one, else the last that says something.
    var chosenMessage: Message? {
        if let selected = conversation.chat.selected {
            return conversation.transcript.message(selected)
        }
        return conversation.transcript.messages.last {
            $0.role == .assistant && !$0.content.isEmpty
        }
            ?? conversation.transcript.messages.last
    }

    /// Selects the code block after or before in the chosen message.
    mutating func selectBlock(by difference: Int) {
        guard let message = chosenMessage else { return }
        let blocks = CodeBlocks.blocks(of: message.text)
        guard !blocks.isEmpty else { return say("This message holds no code.") }
        let start = conversation.chat.selectedBlock ?? (difference > 0 ? -1 : blocks.count)
        let place = min(max(0, start + difference), blocks.count - 1)
        conversation.chat.selected = message.id
        conversation.chat.selectedBlock = place
        let first = blocks[place].firstLine.oneRow
        say(
            "Code block \(place + 1) of \(blocks.count): \(first) \(glyphs.dot) "
                + "\(label(.copyBlock)) copies it")
    }

    // MARK: - Copying

    /// Copies the chosen message, or the selected tool call, as it was written.
    mutating func copyMessage() {
        if focus == .tools, let place = conversation.tools.selected,
            shownCalls.indices.contains(place)
        {
            return effects.append(.copy(shownCalls[place].call.sourceText, what: "tool call"))
        }
        if conversation.chat.selection != nil {
            let context = chatContext
            let text = conversation.selectedSource(context)
            guard !text.isEmpty else { return say("The selected rows hold no text.") }
            return effects.append(.copy(text, what: "selection"))
        }
        guard let message = chosenMessage else { return say("There is no message to copy.") }
        effects.append(.copy(message.text, what: "message"))
    }

    /// Copies the selected code block, or the last one of the chosen message.
    mutating func copyBlock() {
        guard let block = chosenBlock else { return say("This message holds no code.") }
        effects.append(.copy(block, what: "code block"))
    }

    /// The selected code block, or the last one of the chosen message.
    var chosenBlock: String? {
        guard let blocks = chosenMessage.map({ CodeBlocks.blocks(of: $0.text) }) else { return nil }
        let place = conversation.chat.selectedBlock ?? blocks.count - 1
        return blocks.indices.contains(place) ? blocks[place] : blocks.last
    }

    // MARK: - Folding

    /// Copies the rows that are selected; else answers or unfolds.
    mutating func choose() {
        if focus == .chat, conversation.chat.selection != nil { return copyMessage() }
        fold()
    }

    /// Folds or unfolds what is selected: a tool call, or the thoughts of a run.
    mutating func fold() {
        if focus == .steps { return }
        if focus == .tools {
            let calls = shownCalls
            let place = conversation.tools.selected ?? calls.count - 1
            guard calls.indices.contains(place) else { return }
            let call = calls[place]
            if conversation.waitingCalls.contains(where: { $0.id == call.call.id }) {
                return answer(call.call)
            }
            return toggle(call.call.id)
        }
        let run = chosenMessage?.runID ?? conversation.shownRun?.id
        guard let run, conversation.thoughts[run] != nil else {
            let quotes = chosenMessage.map(conversation.passages(of:)) ?? []
            return quotes.isEmpty ? say("Nothing to unfold here.") : showPassages()
        }
        toggle(run)
        conversation.refreshRows()
    }

    /// Folds or unfolds everything.
    mutating func foldAll() {
        conversation.isUnfolded.toggle()
        conversation.refreshRows()
    }

    private mutating func toggle(_ id: String) {
        if conversation.unfolded.remove(id) == nil { conversation.unfolded.insert(id) }
    }

    // MARK: - The mouse

    /// The wheel moves the pane under it; a click takes the focus there.
    mutating func take(_ event: MouseEvent) {
        let pane = screenLayout.pane(row: event.row, column: event.column)
        switch event.action {
        case .wheelUp: wheel(pane, by: -3)
        case .wheelDown: wheel(pane, by: 3)
        case .press(.left): click(pane, event)
        case .wheelLeft where pane == .chat: scrollSideways(by: -4)
        case .wheelRight where pane == .chat: scrollSideways(by: 4)
        case .drag(.left): drag(event)
        case .press, .release, .drag, .move, .wheelLeft, .wheelRight: needsFrame = false
        }
    }

    /// Selects the rows from where the button was pressed; past an edge the chat scrolls.
    private mutating func drag(_ event: MouseEvent) {
        guard popups.isEmpty, let area = screenLayout.chat, let mark = conversation.chat.pressed
        else { return needsFrame = false }
        let body = area.dropping(rows: 1)
        let offset = min(max(-1, event.row - body.row), body.rows)
        let context = chatContext
        let isFirst = conversation.chat.selection == nil
        conversation.select(from: mark, toRow: offset, context)
        if isFirst {
            say("\(label(.copyMessage)) copies the selection \(glyphs.dot) Esc ends it")
        }
    }

    private mutating func wheel(_ pane: Focus?, by difference: Int) {
        if !popups.isEmpty {
            _ = performInPopup(difference < 0 ? .listUp : .listDown)
        } else if let pane, pane != .input {
            scroll(pane, by: difference)
        }
    }

    private mutating func click(_ pane: Focus?, _ event: MouseEvent) {
        guard popups.isEmpty, let pane else { return }
        focus = pane
        conversation.chat.selection = nil
        conversation.chat.pressed = nil
        if pane == .chat, let area = screenLayout.chat {
            let context = chatContext
            let row = event.row - area.dropping(rows: 1).row
            if row >= 0 { conversation.chat.pressed = conversation.place(ofRow: row, context) }
        }
        if pane == .input {
            let layout = screenLayout
            let rows = inputRows
            let first = max(0, rows.cursor.row - layout.input.rows + 1)
            conversation.draft.move(
                to: rows.index(
                    row: first + event.row - layout.input.row, column: event.column - 3))
        }
    }
}

extension Conversation {
    /// Has messages with files laid out again when they are seen next: more is known of those.
    mutating func refreshFiles() {
        for place in chat.items.indices where !chat.items[place].files.isEmpty {
            chat.items[place].isExact = false
        }
    }

    /// Has every message laid out again when it is seen next.
    mutating func refreshRows() {
        for place in chat.items.indices { chat.items[place].isExact = false }
    }
}

extension ToolCall {
    /// What was called and what came of it, as text.
    var sourceText: String {
        switch kind {
        case .codeInterpreter(let input, let outputs):
            let logs = outputs.compactMap { if case .logs(let text) = $0 { text } else { nil } }
            return ([input] + logs).joined(separator: "\n")
        case .fileSearch(_, let results):
            return results.map { "\($0.fileName): \($0.text ?? "")" }.joined(separator: "\n")
        case .function(let name, let arguments, let output):
            return "\(name)(\(arguments))" + (output.map { "\n" + $0 } ?? "")
        case .unknown(let json): return json.text
        }
    }
}
