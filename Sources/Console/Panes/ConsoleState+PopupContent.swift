import Assistants
import Settings
import TextLayout
import Wire

// The rows of each popup.
extension ConsoleState {
    /// What a popup shows in a width.
    func content(of popup: Popup, columns: Int) -> PopupContent {
        switch popup {
        case .threads(let list): content(of: list)
        case .assistants(let list): content(of: list)
        case .palette(let palette): content(of: palette, columns: columns)
        case .help(let help): content(of: help, columns: columns)
        case .history(let search): content(of: search)
        case .files(let list): content(of: list)
        case .passages(let pane): content(of: pane, columns: columns)
        case .prompt(let prompt):
            PopupContent(title: prompt.title, field: (glyphs.prompt, prompt.draft))
        case .form(let form): content(of: form, columns: columns)
        case .answer(let prompt): content(of: prompt, columns: columns)
        case .consent(let prompt): content(of: prompt, columns: columns)
        }
    }

    private func content(of list: ThreadsList) -> PopupContent {
        let shown = shownThreads(list)
        var content = PopupContent(
            title: "Threads", right: shown.count.grouped + (hasMoreThreads ? "+" : ""))
        if list.isFiltering { content.field = ("/", list.filter) }
        let context = chatContext
        content.rows = shown.map { row(of: $0, context) }
        if shown.isEmpty {
            content.rows = [
                StyledRow(
                    !listsThreads
                        ? "This service does not list threads."
                        : list.isFiltering ? "No thread holds this." : "No thread yet.", .dim)
            ]
        } else {
            content.selected = list.selected
        }
        return content
    }

    private func row(of summary: ThreadSummary, _ context: ChatContext) -> StyledRow {
        var sign = StyledRow.Piece("  ")
        if summary.activeRun != nil {
            sign = .init(glyphs.running + " ", .stateRunning)
        } else if unread.contains(summary.id) {
            sign = .init(glyphs.unread + " ", .listUnread)
        }
        let title = summary.title.oneRow
        let isUnread = unread.contains(summary.id)
        let name = title.isEmpty ? "empty thread" : title
        let mark = summary.id == current ? glyphs.prompt + " " : ""
        return StyledRow(
            [sign, .init(mark + name, isUnread ? .listUnread : title.isEmpty ? .dim : .text)],
            right: [.init(context.time(summary.lastActivity), .dim)])
    }

    private func content(of list: AssistantSwitcher) -> PopupContent {
        let shown = shownAssistants(list)
        var content = PopupContent(title: "Assistants", right: shown.count.grouped)
        if list.isFiltering { content.field = ("/", list.filter) }
        content.rows = shown.map { assistant in
            let isUsed = assistant.id == self.assistant?.id
            let model = answering[assistant.id]
            var place = assistant.model.oneRow
            if let model {
                place = model.name.oneRow + " \(glyphs.dot) " + model.provider.oneRow
                if !model.isLocal { place += " (\(model.host.oneRow))" }
            }
            return StyledRow(
                [
                    .init(isUsed ? glyphs.prompt + " " : "  ", .accent),
                    .init((assistant.name ?? assistant.id).oneRow, .text),
                ], right: [.init(place.fitted(to: 44, glyphs: glyphs), .dim)])
        }
        if shown.isEmpty {
            content.rows = [StyledRow(hasAssistants ? "No assistant." : "one moment", .dim)]
        } else {
            content.selected = list.selected
        }
        return content
    }

    private func content(of palette: CommandPalette, columns: Int) -> PopupContent {
        let shown = shownCommands(palette)
        var content = PopupContent(
            title: "All commands", right: shown.count.grouped, field: (":", palette.filter))
        for (place, command) in shown.enumerated() {
            let rows = rows(of: command, columns: columns)
            if place == palette.selected {
                content.selected = content.rows.count
                content.selectedRows = rows.count
            }
            content.rows += rows
        }
        if shown.isEmpty { content.rows = [StyledRow("No command is called so.", .dim)] }
        return content
    }

    /// What a command is called, what it does, as many rows as that takes, and its keys.
    private func rows(of command: Command, columns: Int) -> [StyledRow] {
        let keys = options.keymap.labels(of: command).prefix(2).joined(separator: "  ")
        let right = [StyledRow.Piece(keys, .statusKey)]
        if columns < 66 {
            return [StyledRow(command.title, .text).with(right: right)]
                + command.explanation.wrapped(to: max(10, columns - 3)).map {
                    StyledRow(String($0), .dim, indent: 2)
                }
        }
        let lead = 26
        let room = max(10, columns - lead - columnCount(keys) - 2)
        return command.explanation.wrapped(to: room).enumerated().map { place, text in
            StyledRow(
                [
                    .init((place == 0 ? command.title : "").padded(to: lead), .text),
                    .init(String(text), .dim),
                ], right: place == 0 ? right : [])
        }
    }

    private func content(of search: HistorySearch) -> PopupContent {
        let found = historyMatches(search)
        var content = PopupContent(title: "Sent before", field: ("search", search.filter))
        content.rows = found.prefix(200).map { StyledRow($0.oneRow, .text) }
        if found.isEmpty {
            content.rows = [StyledRow("Nothing that was sent holds this.", .dim)]
        } else {
            content.selected = search.selected
        }
        return content
    }

    private func content(of help: HelpPane, columns: Int) -> PopupContent {
        var content = PopupContent(title: "Keys \(help.context.title)", top: help.top)
        // The title names the first group.
        content.rows = Array(
            HelpRows.rows(options.keymap, first: help.context, columns: columns)
                .dropFirst(help.context == .anywhere ? 0 : 1))
        return content
    }

    private func content(of form: AssistantForm, columns: Int) -> PopupContent {
        var content = PopupContent(title: form.id == nil ? "New assistant" : "Edit assistant")
        for field in AssistantForm.Field.allCases {
            let draft = form.drafts[field.rawValue]
            let rows = DraftRows(draft, width: max(8, columns - 16), glyphs: glyphs)
            let isActive = field == form.field
            for (place, row) in rows.rows.enumerated() {
                let label =
                    place == 0 ? field.title.padded(to: 14) : String(repeating: " ", count: 14)
                content.rows.append(
                    StyledRow([
                        .init(label, isActive ? .accent : .dim), .init(row.text, .input),
                    ]))
                if isActive, place == rows.cursor.row {
                    content.cursor = (content.rows.count - 1, 14 + rows.cursor.column)
                }
            }
            if field == .model, !form.models.isEmpty, isActive {
                let names = form.models.joined(separator: ", ").oneRow
                content.rows.append(
                    StyledRow(
                        "arrows choose among \(form.models.count): \(names)", .dim, indent: 14))
            }
        }
        if let problem = form.problem { content.rows.append(StyledRow(problem, .statusWarning)) }
        return content
    }
}
