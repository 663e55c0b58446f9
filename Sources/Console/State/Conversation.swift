import Assistants
import TextLayout

/// One thread as the console has it: what was said, what is being written, and where the reader is.
struct Conversation: Sendable {
    /// Whether the messages are there.
    enum Loading: Hashable, Sendable {
        case notAsked, asked, done
        /// What went wrong, in a sentence.
        case failed(String)
    }

    /// A message that the person sent and the service has not confirmed.
    struct Pending: Hashable, Sendable {
        var number: Int
        var text: String
        var files: [AttachedFile] = []
    }

    /// When something of a run began and ended, as far as this console saw it.
    struct Timing: Hashable, Sendable {
        var start: Duration
        var end: Duration?
    }

    /// What the model thought in one run.
    struct Thought: Sendable {
        var text = WrappedText(width: 80)
        var bytes = 0
    }

    /// Empty until the thread exists on the service.
    var id: Assistants.Thread.ID
    /// The fold of everything heard of this thread.
    var transcript = Transcript()
    /// How the messages lie on the screen.
    var chat = ChatView()
    var loading = Loading.notAsked
    /// Places of the messages that are in the transcript, among all of the thread.
    var window = 0..<0
    /// Messages of the thread on the service.
    var total = 0
    /// Whether more messages were asked for.
    var isLoadingMore = false
    /// The reading place that is looked for among messages that are not loaded.
    var sought: Memory.Place?
    var pending: [Pending] = []
    /// Messages that wait for the run to end.
    var queue: [WrittenMessage] = []
    /// When a message was queued last.
    var queuedAt: Duration?
    /// Whether the queue waits for the person, because the run did not end well.
    var queueIsHeld = false
    var draft = Draft()
    /// Files that go with the draft.
    var attached: [AttachedFile] = []
    /// Who answers next; nil follows the console's choice.
    var assistantID: Assistant.ID?
    var previousAssistantID: Assistant.ID?
    /// Added to the instructions of the next run only.
    var instructions: String?
    /// Whether a run was asked for and not heard of yet.
    var isStarting = false
    /// The run that was asked to stop.
    var stopping: Run.ID?
    /// Whether a stop was wanted before the run was there.
    var stopsAtStart = false
    /// What could not be done on this thread, in a sentence.
    var failure: String?
    /// After which message each run began, and the runs that began after each message.
    var origins: [Run.ID: Message.ID] = [:]
    var begun: [Message.ID: [Run.ID]] = [:]
    /// When runs, steps and tool calls began and ended, by their ids.
    var timings: [String: Timing] = [:]
    /// When the texts of tool calls grew last, by the keys of their timings.
    var growth: [String: Growth] = [:]
    /// When the first text of a run came.
    var firstText: [Run.ID: Duration] = [:]
    /// How the stream of the newest run went, where it came over a network.
    var streamHealth: StreamHealth?
    /// When the run that is active last gave a sign.
    var lastSign: Duration?
    var thoughts: [Run.ID: Thought] = [:]
    /// Thoughts and tool calls that are shown whole, by the ids of runs and calls.
    var unfolded: Set<String> = []
    var isUnfolded = false
    var tools = ListView()
    var steps = ListView()
    var toolLayouts: [String: ToolCallLayout] = [:]

    /// A thread of this id; empty for one that is not there yet.
    init(id: Assistants.Thread.ID) {
        self.id = id
        if id.isEmpty { loading = .done }
    }

    /// The run that is active now.
    var activeRun: Run? {
        transcript.runs.last { $0.status.isActive }
    }

    /// The run that the panes show: the active one, else the newest.
    var shownRun: Run? {
        // Of several in one second the one that was heard of last.
        activeRun
            ?? transcript.runs.reduce(nil) { newest, run in
                newest.map { $0.createdAt > run.createdAt } == true ? newest : run
            }
    }

    /// What was written and is not on the service yet, in order.
    var unsent: String {
        if pending.isEmpty, queue.isEmpty { return draft.text }
        let texts = pending.map(\.text) + queue.map(\.text) + [draft.text]
        return texts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    /// Where the files are that belong to it, each once.
    var unsentFiles: [[UInt8]] {
        var seen: Set<[UInt8]> = []
        let files = pending.flatMap(\.files) + queue.flatMap(\.files) + attached
        return files.map(\.path).filter { seen.insert($0).inserted }
    }

    /// Whether sending would have to wait.
    var isBusy: Bool { isStarting || activeRun != nil || !pending.isEmpty }

    /// Whether the run was asked to stop.
    var isStopping: Bool {
        stopsAtStart || stopping != nil || activeRun?.status == .cancelling
    }

    /// The steps of a run, in order.
    func steps(of run: Run.ID) -> [RunStep] {
        transcript.steps.filter { $0.runID == run }
    }

    /// The waiting function calls of the active run.
    var waitingCalls: [ToolCall] {
        guard let run = activeRun, run.status == .requiresAction else { return [] }
        return run.requiredAction
    }

    /// Takes what a person did in a thread that was not there yet.
    mutating func takeOver(_ written: Conversation) {
        pending = written.pending
        queue = written.queue
        queueIsHeld = written.queueIsHeld
        draft = written.draft
        attached = written.attached
        assistantID = written.assistantID
        previousAssistantID = written.previousAssistantID
        instructions = written.instructions
        // Its run may have been heard of before.
        isStarting = written.isStarting && transcript.runs.isEmpty
        stopsAtStart = written.stopsAtStart
        failure = failure ?? written.failure
    }

    /// Whether nothing was said yet.
    var isEmpty: Bool {
        transcript.messages.isEmpty && pending.isEmpty && total == 0 && failure == nil
    }
}

/// Where a pane of rows is scrolled to, and what is selected in it.
struct ListView: Hashable, Sendable {
    /// The first row shown; nil follows the end.
    var top: Int?
    /// The thing that is selected, by its place.
    var selected: Int?
    /// Rows the pane had when it was drawn last, and rows there were.
    var shownRows = 0
    var rowCount = 0

    /// The first row to show.
    func firstRow(of count: Int, in rows: Int) -> Int {
        let last = max(0, count - rows)
        return min(top ?? last, last)
    }

    /// Moves by rows; at the end it follows again.
    mutating func scroll(by difference: Int) {
        let last = max(0, rowCount - shownRows)
        let new = min(max(0, min(top ?? last, last) + difference), last)
        top = new == last ? nil : new
    }
}
