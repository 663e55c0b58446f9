/// Everything a person can make the console do.
///
/// The raw value is the name in the configuration file. What each does, in words, and its keys are
/// in `Command.table`; nothing else in the console knows a key.
package enum Command: String, CaseIterable, Hashable, Sendable {
    // Sending.
    case send
    case sendNow = "send-now"
    case newline
    case stop
    case continueAnswer = "continue"
    case retry
    case editQueue = "queue-edit"
    case removeQueued = "queue-remove"
    case instructions
    case attach
    case answerCall = "answer-call"

    // The question whether a command may run.
    case allowOnce = "allow-once"
    case allowAlways = "allow-always"
    case refuse
    case refuseAlways = "refuse-always"
    case typeOutput = "type-output"

    // Writing.
    case left = "cursor-left"
    case right = "cursor-right"
    case wordLeft = "word-left"
    case wordRight = "word-right"
    case lineStart = "line-start"
    case lineEnd = "line-end"
    case deleteLeft = "delete-left"
    case deleteRight = "delete-right"
    case deleteWordLeft = "delete-word-left"
    case deleteWordRight = "delete-word-right"
    case killToEnd = "kill-to-end"
    case killToStart = "kill-to-start"
    case yank
    case undoTyping = "undo-typing"
    case up = "cursor-up"
    case down = "cursor-down"
    case historyPrevious = "history-previous"
    case historyNext = "history-next"
    case historySearch = "history-search"
    case editor

    // Reading.
    case rowUp = "row-up"
    case rowDown = "row-down"
    case pageUp = "page-up"
    case pageDown = "page-down"
    case scrollLeft = "scroll-left"
    case scrollRight = "scroll-right"
    case halfPageUp = "half-page-up"
    case halfPageDown = "half-page-down"
    case top
    case follow
    case nextMessage = "message-next"
    case previousMessage = "message-previous"
    case nextBlock = "code-next"
    case previousBlock = "code-previous"
    case selectRows = "select-rows"
    case copyMessage = "copy-message"
    case copyBlock = "copy-code"
    case saveFile = "file-save"
    case openFile = "file-open"
    case passages
    case speakMessage = "speak"
    case speakNew = "speak-new"
    case stopSpeaking = "speak-stop"
    case choose
    case fold
    case foldAll = "fold-all"

    // Panes.
    case nextPane = "pane-next"
    case previousPane = "pane-previous"
    case chatPane = "pane-chat"
    case toolsPane = "pane-tools"
    case stepsPane = "pane-steps"
    case leavePane = "pane-leave"
    case zoom
    case hideBand = "band-hide"
    case changeLayout = "layout"
    case growBand = "band-taller"
    case shrinkBand = "band-shorter"

    // Threads.
    case threads
    case newThread = "thread-new"
    case nextThread = "thread-next"
    case previousThread = "thread-previous"
    case firstUnread = "thread-unread"
    case renameThread = "thread-rename"
    case deleteThread = "thread-delete"
    case undoDelete = "thread-undelete"

    // Assistants.
    case assistants
    case previousAssistant = "assistant-previous"
    case newAssistant = "assistant-new"
    case editAssistant = "assistant-edit"

    // Lists.
    case listUp = "list-up"
    case listDown = "list-down"
    case listPageUp = "list-page-up"
    case listPageDown = "list-page-down"
    case listChoose = "list-choose"
    case listFilter = "list-filter"
    case listClose = "list-close"
    case listRename = "list-rename"
    case listDelete = "list-delete"
    case listUndo = "list-undo"
    case listNew = "list-new"
    case listEdit = "list-edit"

    // The program.
    case palette
    case help
    case theme
    case mouse
    case suspend
    case redraw
    case quit
}

/// Where a key means what it means.
package enum KeyContext: String, CaseIterable, Hashable, Sendable {
    /// Wherever nothing closer says otherwise.
    case anywhere
    /// While writing in the input line.
    case input
    /// In a pane that has the focus.
    case pane
    /// In a list: threads, assistants.
    case list
    /// At the question whether a command may run.
    case question

    /// What documentation calls the place.
    package var title: String {
        switch self {
        case .anywhere: "anywhere"
        case .input: "in the input line"
        case .pane: "in a pane"
        case .list: "in a list"
        case .question: "at the question"
        }
    }
}

/// One row of the keymap table.
struct CommandEntry: Sendable {
    var command: Command
    /// What the palette, the help pane and the status line call it.
    var title: String
    /// What it does, in a sentence.
    var explanation: String
    /// The keys, by place; a chord's keys are set apart by a blank.
    var keys: [(context: KeyContext, names: [String])]

    init(
        _ command: Command, _ title: String, _ explanation: String,
        anywhere: String = "", input: String = "", pane: String = "", list: String = "",
        question: String = ""
    ) {
        self.command = command
        self.title = title
        self.explanation = explanation
        keys = [
            (.anywhere, anywhere), (.input, input), (.pane, pane), (.list, list),
            (.question, question),
        ].compactMap { context, names in
            names.isEmpty ? nil : (context, names.split(separator: ", ").map(String.init))
        }
    }
}

extension Command {
    /// The row of the table.
    var entry: CommandEntry { Self.entries[self] ?? CommandEntry(self, rawValue, "") }
    /// What the palette and help call it.
    package var title: String { entry.title }
    /// What it does, in a sentence.
    package var explanation: String { entry.explanation }

    private static let entries = Dictionary(
        uniqueKeysWithValues: table.map { ($0.command, $0) })

    /// Whether the palette offers it: what only makes sense at a cursor or in a list is left out.
    var isInPalette: Bool {
        switch self {
        case .left, .right, .wordLeft, .wordRight, .lineStart, .lineEnd, .deleteLeft,
            .deleteRight, .deleteWordLeft, .deleteWordRight, .up, .down, .listUp, .listDown,
            .listPageUp, .listPageDown, .listChoose, .listFilter, .listClose, .listRename,
            .listDelete, .listUndo, .listNew, .listEdit, .send, .newline, .leavePane, .palette,
            .killToEnd, .killToStart, .yank, .undoTyping, .allowOnce, .allowAlways, .refuse,
            .refuseAlways, .typeOutput:
            false
        default: true
        }
    }
}
