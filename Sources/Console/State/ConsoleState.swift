import Assistants
import Settings
import Terminal
import TextLayout

/// Everything the console knows and shows, and how it changes.
///
/// Pure: `update` takes what happened and when, and returns what is to be done. No clock, no
/// waiting, no file; the same inputs give the same screens.
struct ConsoleState: Sendable {
    /// Which part gets the keys.
    enum Focus: Hashable, Sendable, CaseIterable {
        case input, chat, tools, steps
    }

    /// A sentence in the status line that goes by itself.
    struct Notice: Hashable, Sendable {
        var text: String
        var isWarning = false
        var until: Duration
        /// The run whose waiting call it is about: it goes when that is looked at or over.
        var waitingRun: Run.ID?
    }

    /// A thread that is to be deleted unless the person takes it back.
    struct Deletion: Hashable, Sendable {
        var summary: ThreadSummary
        var place: Int
        var due: Duration
    }

    var options: ConsoleOptions
    var palette: Palette
    var glyphs: Glyphs
    var depth = Settings.ColorDepth.none
    var now = Moment(monotonic: .zero, wall: 0)
    var rows = 24
    var columns = 80

    /// As the service has them, newest activity first; those to be deleted are left out.
    var threads: [ThreadSummary] = []
    var hasMoreThreads = false
    var isLoadingThreads = false
    /// Whether something changed since the list that is under way was asked for.
    var isListBehind = false
    var listsThreads = true
    var unread: Set<Assistants.Thread.ID> = []
    var deletions: [Deletion] = []
    /// Threads whose queue goes on although the run was stopped.
    var sendsAfterStop: Set<Assistants.Thread.ID> = []
    var assistants: [Assistant] = []
    var hasAssistants = false
    var models: [ModelInfo] = []
    var hasModels = false
    var answering: [Assistant.ID: ModelInfo] = [:]
    /// The assistants of which it was asked which model answers, and heard.
    var resolved: Set<Assistant.ID> = []
    /// The assistant that new threads get.
    var assistantID: Assistant.ID?

    /// The open threads; the one that is not there yet has the empty id.
    var conversations = Conversations()
    /// The thread that is shown.
    var current: Assistants.Thread.ID = ""

    /// Files that messages have, as far as they are known, and those that were asked for.
    var files: [File.ID: File] = [:]
    var askedFiles: Set<File.ID> = []
    /// The list that completes the name of a file in the input line.
    var completion: FileCompletion?
    /// Whether something was written since it was looked whether that list is to open.
    var mayComplete = false
    var focus = Focus.input
    var isZoomed = false
    var layout = Memory.Layout()
    /// The innermost last.
    var popups: [Popup] = []
    /// What was typed in prompts for outputs that were closed.
    var outputsPutAside = OutputsPutAside()
    /// The keys of a chord so far.
    var keys: [Key] = []
    /// When the last key was pressed.
    var keysTime = Duration.zero
    var notice: Notice?
    var isMouseOn = true
    var hasFocus = true
    /// Whether a lone Esc would stop the run, once it is certain that it was one.
    var escapeMayStop = false
    var history = HistoryPlace()
    /// What was cut last.
    var cut = ""
    /// The message with files whose text was cut out of the queue.
    var removed: WrittenMessage?
    /// The column that moving up and down keeps to.
    var wantedColumn: Int?
    var memory: Memory
    var lastSending = 0
    var speech = SpeechState()
    var calls = CommandCalls()
    var isEnding = false
    var themePlace = 0
    var shelf = FileShelf()
    /// Whether something changed that the screen should show.
    var needsFrame = true
    var effects: [Effect] = []

    /// Where the history was left, and what was being written before.
    struct HistoryPlace: Hashable, Sendable {
        var place: Int?
        var draft = Draft()
    }

    /// Threads that are kept in memory besides those with a run.
    static let openThreadLimit = 12
    /// Messages that are read when a thread is opened, and at each end.
    static let windowSize = 60
    /// How long a deletion can be undone.
    static let undoTime = Duration.seconds(10)
    /// How long a notice stays.
    static let noticeTime = Duration.seconds(5)
    /// How long two keys may be apart to be a chord that quits.
    static let quitTime = Duration.seconds(2)
    /// Silence of a run after which the status line says so.
    static let silenceTime = Duration.seconds(30)
    /// How long before the end of a run a message may be queued by somebody who saw it ended.
    static let instant = Duration.milliseconds(500)
    /// How often what moves is drawn: the spinner and running times.
    static let spinTime = Duration.milliseconds(200)

    /// A console that knows nothing of its service yet; `start` says what it asks for.
    init(options: ConsoleOptions = ConsoleOptions(), memory: Memory = Memory()) {
        self.options = options
        self.memory = memory
        glyphs = options.isASCII ? .ascii : .unicode
        self.options.keymap.isASCII = options.isASCII
        palette = Palette(options.themes.first ?? .builtIn, depth: .none)
        isMouseOn = options.usesMouse
        layout = memory.layout
        switch options.layout {
        case .auto: break
        case .band: layout.isSide = false
        case .side: layout.isSide = true
        }
        assistantID = memory.assistantID
        current = options.threadID ?? memory.lastThread ?? ""
        conversations[current] = restored(current)
    }

    /// The thread that is shown.
    var conversation: Conversation {
        _read { yield conversations[existing: current] }
        _modify { yield &conversations[existing: current] }
    }

    /// A conversation as it was left.
    func restored(_ id: Assistants.Thread.ID) -> Conversation {
        var conversation = Conversation(id: id)
        if let memory = memory.threads[id] {
            conversation.draft = Draft(memory.draft)
            conversation.attached = memory.files.map {
                AttachedFile(path: $0, isRestored: true)
            }
            conversation.assistantID = memory.assistantID
        }
        return conversation
    }

    /// What the first frame needs.
    mutating func start() -> [Effect] {
        effects += [.loadAssistants, .loadModels]
        loadThreads()
        openCurrent()
        defer { effects = [] }
        return effects
    }

    /// The assistant that answers next in the shown thread.
    var assistant: Assistant? { assistant(for: current) }

    /// The assistant that answers next in a thread: the one chosen for it, the one that answered
    /// last, the one chosen for new threads, or what a newcomer should meet.
    func assistant(for id: Assistants.Thread.ID) -> Assistant? {
        let wanted = [
            conversations[existing: id].assistantID,
            conversations[existing: id].shownRun?.assistantID, assistantID,
        ]
        for case .some(let id) in wanted {
            if let assistant = assistants.first(where: { $0.id == id }) { return assistant }
        }
        // Without a language model the one that needs none says so best.
        if assistants.allSatisfy({ answering[$0.id].map(\.isBuiltIn) ?? false }) {
            return assistants.first { answering[$0.id]?.name == $0.model } ?? assistants.first
        }
        return assistants.first { answering[$0.id].map(\.isBuiltIn) == false } ?? assistants.first
    }

    /// The model that answers for the shown thread, where it is known.
    var model: ModelInfo? { assistant.flatMap { answering[$0.id] } }

    /// The summary of the shown thread.
    var summary: ThreadSummary? { threads.first { $0.id == current } }

    /// A name in quotes.
    func quoted(_ text: String) -> String { glyphs.leftQuote + text.oneRow + glyphs.rightQuote }

    /// Says something in the status line for a while.
    mutating func say(_ text: String, warning: Bool = false, for time: Duration? = nil) {
        notice = Notice(
            text: text.oneRow, isWarning: warning,
            until: now.monotonic + (time ?? Self.noticeTime))
    }

    /// Says that a call of a run waits, until somebody looks at it.
    mutating func say(_ text: String, waitingFor run: Run.ID) {
        say(text)
        notice?.waitingRun = run
    }

    /// The call of a run was looked at, answered or is over: nothing more needs to be said of it.
    mutating func endNotice(of run: Run.ID) {
        if notice?.waitingRun == run { notice = nil }
    }

    /// What drawing the chat needs to know.
    var chatContext: ChatContext {
        var names: [Assistant.ID: String] = [:]
        for assistant in assistants { names[assistant.id] = assistant.name ?? assistant.model }
        let keys = options.keymap.labels(of: .continueAnswer)
        return ChatContext(
            names: names, glyphs: glyphs, now: now, utcOffset: options.utcOffset,
            continueKey: keys.first ?? "M-x continue", files: files,
            shown: shownFiles(in: .chat), pictureRows: min(20, max(6, rows - 10)))
    }
}
