import Assistants
import Terminal

// What is open over the panes: opening, typing, choosing.
extension ConsoleState {
    /// Opens something; the same kind is not opened twice.
    mutating func open(_ popup: Popup) {
        popups.removeAll { $0.kind == popup.kind }
        popups.append(popup)
        needsFrame = true
    }

    mutating func openThreads() {
        loadThreads()
        var list = ThreadsList()
        list.selected = threads.firstIndex { $0.id == current } ?? 0
        open(.threads(list))
    }

    mutating func openAssistants() {
        effects.append(.loadAssistants)
        var list = AssistantSwitcher()
        list.selected = assistants.firstIndex { $0.id == assistant?.id } ?? 0
        open(.assistants(list))
    }

    mutating func renameThread(_ id: Assistants.Thread.ID) {
        guard let summary = threads.first(where: { $0.id == id }) else {
            return say("A thread gets its title once something was sent.")
        }
        open(
            .prompt(
                TextPrompt(
                    purpose: .rename(id), title: "Title of the thread",
                    draft: Draft(summary.title))))
    }

    /// What was open is closed.
    mutating func closed(_ popup: Popup) {
        // A filter is the innermost thing of its list: the list stays.
        switch popup {
        case .threads(var list) where list.isFiltering:
            list.isFiltering = false
            list.filter = Draft()
            list.selected = 0
            popups.append(.threads(list))
        case .assistants(var list) where list.isFiltering:
            list.isFiltering = false
            list.filter = Draft()
            list.selected = 0
            popups.append(.assistants(list))
        case .consent(let prompt):
            let key = label(.answerCall)
            say(
                "\(prompt.order.function) still waits \(glyphs.dot) \(key) asks again",
                waitingFor: prompt.order.runID)
        case .answer(let prompt):
            putAside(prompt)
            say(
                "The call still waits \(glyphs.dot) \(label(.answerCall)) answers it",
                waitingFor: prompt.runID)
        default: break
        }
    }

    // MARK: - Typing

    /// Types a character where a popup takes text; false where it does not.
    mutating func typesInPopup(_ key: Key) -> Bool {
        guard let character = key.text, let popup = popups.last else { return false }
        if case .consent(let prompt) = popup { return answers(key, prompt) }
        if popup.keyContext == .list, popup.isList {
            // A letter that means nothing in the list begins to filter it.
            guard options.keymap.match([key], in: .list) == .nothing else { return false }
            _ = performInPopup(.listFilter)
        }
        guard popups.last?.keyContext == .input else { return false }
        change { $0.insert(character) }
        return true
    }

    /// Inserts a paste where a popup takes text.
    mutating func pasteIntoPopup(_ text: String) {
        switch popups.last {
        case .answer, .form: change { $0.insert(text: text) }
        case .threads, .assistants, .palette, .prompt, .history:
            guard popups.last?.keyContext == .input else { return }
            let line = String(text.prefix { $0 != "\n" }.prefix(500))
            change { draft in for character in line { draft.insert(character) } }
        case .help, .consent, .files, .passages, nil: break
        }
    }

    /// Changes the text of the innermost popup.
    mutating func change(_ make: (inout Draft) -> Void) {
        guard let popup = popups.popLast() else { return }
        switch popup {
        case .threads(var list):
            make(&list.filter)
            (list.selected, list.top) = (0, 0)
            popups.append(.threads(list))
        case .assistants(var list):
            make(&list.filter)
            (list.selected, list.top) = (0, 0)
            popups.append(.assistants(list))
        case .palette(var list):
            make(&list.filter)
            (list.selected, list.top) = (0, 0)
            popups.append(.palette(list))
        case .history(var list):
            make(&list.filter)
            (list.selected, list.top) = (0, 0)
            popups.append(.history(list))
        case .prompt(var prompt):
            make(&prompt.draft)
            popups.append(.prompt(prompt))
        case .form(var form):
            make(&form.draft)
            popups.append(.form(form))
        case .answer(var prompt):
            prompt.change(make)
            popups.append(.answer(prompt))
        case .help, .consent, .files, .passages: popups.append(popup)
        }
    }

    // MARK: - Commands

    /// Carries out a command in the innermost popup; false when it means nothing there and may
    /// mean what it means anywhere.
    mutating func performInPopup(_ command: Command) -> Bool {
        guard let popup = popups.last else { return false }
        switch command {
        case .redraw, .suspend, .quit, .theme, .mouse: return false
        case .editor:
            guard case .answer(let prompt) = popup, let draft = prompt.call.output.draft
            else { return true }
            effects.append(.openEditor(draft.text, for: .output))
            return true
        case .stop:
            closeInnermost()
            return true
        case .threads, .assistants, .palette, .help:
            // The key that opened it closes it; another one opens the other.
            if popup.kind == command {
                closeInnermost()
                return true
            }
            return false
        default: break
        }
        if popup.keyContext == .input, editPopup(command) { return true }
        switch popup {
        case .threads(let list): performInThreads(command, list)
        case .assistants(let list): performInAssistants(command, list)
        case .palette(let palette): performInPalette(command, palette)
        case .help(let help): performInHelp(command, help)
        case .form(let form): performInForm(command, form)
        case .answer(let prompt): performInAnswer(command, prompt)
        case .consent(let prompt): scroll(command, prompt)
        case .prompt(let prompt): performInPrompt(command, prompt)
        case .history(let search): performInHistory(command, search)
        case .files(let list): performInFiles(command, list)
        case .passages(let pane): performInPassages(command, pane)
        }
        return true
    }

    private mutating func editPopup(_ command: Command) -> Bool {
        switch command {
        case .left, .right, .wordLeft, .wordRight, .lineStart, .lineEnd, .deleteLeft,
            .deleteRight, .deleteWordLeft, .deleteWordRight, .killToEnd, .killToStart, .yank,
            .undoTyping:
            if case .form(let form) = popups.last, form.field == .model,
                command == .left || command == .right, form.draft.isEmpty
            {
                return false
            }
            if case .answer(let prompt) = popups.last, prompt.call.output.draft == nil,
                !command.changesChoice(cut: cut)
            {
                return false
            }
            var text = cut
            change { draft in _ = draft.edit(command, cut: &text) }
            cut = text
            return true
        case .newline:
            switch popups.last {
            case .answer: change { $0.insert("\n") }
            case .form(let form) where form.field == .instructions: change { $0.insert("\n") }
            default: return false
            }
            return true
        default: return false
        }
    }

    private mutating func performInPrompt(_ command: Command, _ prompt: TextPrompt) {
        guard command == .send else { return }
        popups.removeLast()
        let text = prompt.draft.text.trimmed
        switch prompt.purpose {
        case .rename(let id): rename(thread: id, to: text)
        case .instructions:
            conversation.instructions = text.isEmpty ? nil : text
            if !text.isEmpty { say("The next run in this thread gets these instructions.") }
        }
    }

    private mutating func performInHistory(_ command: Command, _ search: HistorySearch) {
        let found = historyMatches(search)
        var search = search
        switch command {
        case .up, .historySearch, .historyPrevious, .palette:
            search.selected = min(search.selected + 1, max(0, found.count - 1))
        case .down, .historyNext: search.selected = max(0, search.selected - 1)
        case .send:
            popups.removeLast()
            if found.indices.contains(search.selected) {
                conversation.draft.replace(with: found[search.selected])
                draftChanged()
            }
            return
        default: break
        }
        popups[popups.count - 1] = .history(search)
    }

    /// Messages sent before that hold what is searched, newest first, each once.
    func historyMatches(_ search: HistorySearch) -> [String] {
        let wanted = search.filter.text.lowercased()
        var seen: Set<String> = []
        return memory.history.reversed().filter {
            (wanted.isEmpty || $0.lowercased().contains(wanted)) && seen.insert($0).inserted
        }
    }

    private mutating func performInForm(_ command: Command, _ form: AssistantForm) {
        var form = form
        switch command {
        case .nextPane: form.move(by: 1)
        case .previousPane: form.move(by: -1)
        case .down:
            form.field == .model && !form.models.isEmpty
                ? form.chooseModel(by: 1) : form.move(by: 1)
        case .up:
            form.field == .model && !form.models.isEmpty
                ? form.chooseModel(by: -1) : form.move(by: -1)
        case .send:
            if let draft = form.take() {
                popups.removeLast()
                effects.append(.saveAssistant(draft))
                return
            }
        default: break
        }
        popups[popups.count - 1] = .form(form)
    }
}

extension Popup {
    /// The command that opens it, which tells one kind from another.
    var kind: Command {
        switch self {
        case .threads: .threads
        case .assistants: .assistants
        case .form: .newAssistant
        case .palette: .palette
        case .help: .help
        case .answer: .answerCall
        case .consent: .allowOnce
        case .prompt: .renameThread
        case .history: .historySearch
        case .files: .openFile
        case .passages: .passages
        }
    }
}

extension Command {
    /// Whether an editing command does something to a field of choices: what only moves the
    /// cursor does not, nor what has nothing to bring back.
    fileprivate func changesChoice(cut: String) -> Bool {
        switch self {
        case .left, .right, .wordLeft, .wordRight, .lineStart, .lineEnd, .undoTyping: false
        case .yank: !cut.isEmpty
        default: true
        }
    }
}
