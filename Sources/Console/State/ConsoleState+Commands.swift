import Assistants
import Settings

// What each command does.
extension ConsoleState {
    /// Carries out a command in the place the person is in.
    mutating func perform(_ command: Command) {
        needsFrame = true
        if performInCompletion(command) || performInPopup(command) { return }
        switch command {
        case .send: conversation.draft.takeBackslash() ? newline() : send()
        case .sendNow: stopAndSend()
        case .newline: newline()
        case .stop: _ = stopRun()
        case .continueAnswer: continueAnswer()
        case .retry: runAgain()
        case .editQueue: editQueue()
        case .removeQueued: removeFromQueue()
        case .instructions: open(.prompt(.instructions(conversation.instructions ?? "")))
        case .answerCall: answerCall()
        case .left, .right, .wordLeft, .wordRight, .lineStart, .lineEnd, .deleteLeft,
            .deleteRight, .deleteWordLeft, .deleteWordRight, .killToEnd, .killToStart, .yank,
            .undoTyping, .up, .down, .historyPrevious, .historyNext:
            write(command)
        case .attach: beginAttaching()
        case .historySearch: open(.history(HistorySearch()))
        case .editor: openEditor()
        case .rowUp, .rowDown, .pageUp, .pageDown, .halfPageUp, .halfPageDown, .top, .follow:
            read(command)
        case .scrollLeft: scrollSideways(by: -8)
        case .scrollRight: scrollSideways(by: 8)
        case .nextMessage: selectMessage(by: 1)
        case .previousMessage: selectMessage(by: -1)
        case .nextBlock: selectBlock(by: 1)
        case .previousBlock: selectBlock(by: -1)
        case .selectRows: selectRows()
        case .copyMessage: copyMessage()
        case .copyBlock: copyBlock()
        case .saveFile, .openFile: takeFile(command)
        case .passages: showPassages()
        case .choose: choose()
        case .fold: fold()
        case .foldAll: foldAll()
        case .nextPane, .previousPane, .chatPane, .toolsPane, .stepsPane, .leavePane, .zoom,
            .hideBand, .changeLayout, .growBand, .shrinkBand:
            arrange(command)
        default: performElsewhere(command)
        }
    }

    private mutating func performElsewhere(_ command: Command) {
        switch command {
        case .threads: openThreads()
        case .newThread: beginThread()
        case .nextThread: showThread(by: 1)
        case .previousThread: showThread(by: -1)
        case .firstUnread: showFirstUnread()
        case .renameThread: renameThread(current)
        case .deleteThread: delete(thread: current)
        case .undoDelete: undoDeletion()
        case .assistants: openAssistants()
        case .previousAssistant: usePreviousAssistant()
        case .newAssistant: open(.form(AssistantForm(models: models.map(\.name))))
        case .editAssistant: editAssistant()
        case .speakMessage: speakMessage()
        case .speakNew: speakNew()
        case .stopSpeaking: stopSpeaking()
        case .palette: open(.palette(CommandPalette()))
        case .help: open(.help(HelpPane(context: keyContext)))
        case .theme: nextTheme()
        case .mouse:
            isMouseOn.toggle()
            effects.append(.mouse(isMouseOn))
            say(
                isMouseOn
                    ? "The mouse is the program's." : "The mouse is the terminal's: select with it."
            )
        case .suspend: effects.append(.suspend)
        case .redraw: effects.append(.redraw)
        case .quit: quit()
        default: break
        }
    }

    /// Leaves; deletions that wait are carried out.
    private mutating func quit() {
        guard !isEnding else { return }
        prepareToLeave()
        effects.append(.quit)
    }

    private mutating func prepareToLeave() {
        isEnding = true
        leaveCurrent()
        rememberDraft()
        effects += deletions.map { .deleteThread($0.summary.id) }
        deletions = []
    }

    /// What is to be done when the program ends without having been asked.
    mutating func leave() -> [Effect] {
        prepareToLeave()
        defer { effects = [] }
        return effects
    }

    /// Draws with the colours that the terminal has.
    mutating func use(depth: Settings.ColorDepth) {
        self.depth = depth
        palette = Palette(
            options.themes.indices.contains(themePlace) ? options.themes[themePlace] : .builtIn,
            depth: depth)
    }

    /// Opens the code block of a pane, or what is written.
    private mutating func openEditor() {
        guard focus == .chat, let block = chosenBlock else {
            return effects.append(.openEditor(conversation.draft.text, for: .draft))
        }
        effects.append(.openEditor(block, for: .reading))
    }

    private mutating func newline() {
        conversation.draft.insert("\n")
        draftChanged()
    }

    /// Changes the colours.
    private mutating func nextTheme() {
        guard options.themes.count > 1 else { return say("There is only one theme.") }
        themePlace = (themePlace + 1) % options.themes.count
        options.isThemeChosen = true
        palette = Palette(options.themes[themePlace], depth: depth)
        say("Theme: \(options.themes[themePlace].name)")
    }

    // MARK: - Assistants

    /// Lets an assistant answer in the shown thread from now on.
    mutating func use(_ assistant: Assistant) {
        if let before = self.assistant, before.id != assistant.id {
            conversation.previousAssistantID = before.id
        }
        conversation.assistantID = assistant.id
        if current.isEmpty { assistantID = assistant.id }
        remember { change in
            change.assistantID = assistant.id
        }
        say("\(assistant.name ?? assistant.model) answers in this thread from now on.")
    }

    private mutating func usePreviousAssistant() {
        guard let id = conversation.previousAssistantID,
            let assistant = assistants.first(where: { $0.id == id })
        else { return say("No other assistant answered here before.") }
        use(assistant)
    }

    private mutating func editAssistant() {
        guard let assistant else { return say("There is no assistant to edit.") }
        open(.form(AssistantForm(assistant, models: models.map(\.name))))
    }
}
