import Assistants

// Threads, assistants, commands and help as lists.
extension ConsoleState {
    /// Where a selection goes by a command; nil when the command does not move it.
    func moved(_ selected: Int, by command: Command, count: Int) -> Int? {
        let page = max(1, rows - 8)
        let place: Int
        switch command {
        case .listUp, .up, .historyPrevious: place = selected - 1
        case .listDown, .down, .historyNext: place = selected + 1
        case .listPageUp, .pageUp: place = selected - page
        case .listPageDown, .pageDown: place = selected + page
        case .top: place = 0
        case .follow: place = count - 1
        default: return nil
        }
        return min(max(0, place), max(0, count - 1))
    }

    // MARK: - Threads

    /// The threads that a list shows.
    func shownThreads(_ list: ThreadsList) -> [ThreadSummary] {
        let wanted = list.filter.text.lowercased()
        guard !wanted.isEmpty else { return threads }
        return threads.filter {
            $0.title.lowercased().contains(wanted) || $0.opening.lowercased().contains(wanted)
                || $0.id.lowercased().contains(wanted)
        }
    }

    mutating func performInThreads(_ command: Command, _ list: ThreadsList) {
        var list = list
        let shown = shownThreads(list)
        let chosen = shown.indices.contains(list.selected) ? shown[list.selected] : nil
        if let place = moved(list.selected, by: command, count: shown.count) {
            list.selected = place
            if place >= threads.count - 20, hasMoreThreads { loadThreads(after: threads.last?.id) }
        }
        switch command {
        case .listChoose, .send:
            guard let chosen else { break }
            popups.removeLast()
            return show(thread: chosen.id)
        case .listFilter: list.isFiltering = true
        case .listClose: return _ = closeInnermost()
        case .listNew:
            popups.removeLast()
            return beginThread()
        case .listRename:
            if let chosen { return renameThread(chosen.id) }
        case .listDelete:
            guard let chosen else { break }
            delete(thread: chosen.id)
            list.selected = min(list.selected, max(0, shownThreads(list).count - 1))
        case .listUndo: undoDeletion()
        default: break
        }
        popups[popups.count - 1] = .threads(list)
    }

    // MARK: - Assistants

    /// The assistants that a list shows.
    func shownAssistants(_ list: AssistantSwitcher) -> [Assistant] {
        let wanted = list.filter.text.lowercased()
        guard !wanted.isEmpty else { return assistants }
        return assistants.filter {
            ($0.name ?? "").lowercased().contains(wanted) || $0.model.lowercased().contains(wanted)
        }
    }

    mutating func performInAssistants(_ command: Command, _ list: AssistantSwitcher) {
        var list = list
        let shown = shownAssistants(list)
        let chosen = shown.indices.contains(list.selected) ? shown[list.selected] : nil
        if let place = moved(list.selected, by: command, count: shown.count) {
            list.selected = place
        }
        switch command {
        case .listChoose, .send:
            guard let chosen else { break }
            popups.removeLast()
            return use(chosen)
        case .listFilter: list.isFiltering = true
        case .listClose: return _ = closeInnermost()
        case .listNew: return open(.form(AssistantForm(models: models.map(\.name))))
        case .listEdit:
            if let chosen { return open(.form(AssistantForm(chosen, models: models.map(\.name)))) }
        default: break
        }
        popups[popups.count - 1] = .assistants(list)
    }

    // MARK: - Commands

    /// The commands that the palette shows: those whose title or name holds every word.
    func shownCommands(_ palette: CommandPalette) -> [Command] {
        let words = palette.filter.text.lowercased().split(separator: " ")
        return Command.table.map(\.command).filter { command in
            guard command.isInPalette else { return false }
            let text = "\(command.title) \(command.rawValue) \(command.explanation)".lowercased()
            return words.allSatisfy { text.contains($0) }
        }
    }

    mutating func performInPalette(_ command: Command, _ palette: CommandPalette) {
        var palette = palette
        let shown = shownCommands(palette)
        if let place = moved(palette.selected, by: command, count: shown.count) {
            palette.selected = place
        }
        if command == .send || command == .listChoose {
            guard shown.indices.contains(palette.selected) else { return }
            popups.removeLast()
            return perform(shown[palette.selected])
        }
        popups[popups.count - 1] = .palette(palette)
    }

    mutating func performInHelp(_ command: Command, _ help: HelpPane) {
        if command == .listClose { return _ = closeInnermost() }
        var help = help
        if let place = moved(help.top, by: command, count: 1_000) { help.top = place }
        popups[popups.count - 1] = .help(help)
    }
}
