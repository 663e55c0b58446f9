/// Who asks for an operation.
public enum Caller: Hashable, Sendable {
    /// The person at this machine: sees every project, creates in the local one.
    case trusted
    /// A holder of a project's key: sees that project only.
    case project(String)

    /// The project that belongs to the person at this machine.
    public static let localProject = "local"
}

/// The Assistants API: one method for each operation, each with its caller.
///
/// The engine does them in this process, the client over HTTP. An object that is not there, or
/// belongs to another project, is an `APIError` with status 404; a state conflict one with 400.
public protocol AssistantsService: Sendable {
    func createAssistant(
        _ request: AssistantRequest, for caller: Caller
    ) async throws(APIError) -> Assistant
    func assistant(_ id: Assistant.ID, for caller: Caller) async throws(APIError) -> Assistant
    func assistants(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Assistant>
    func modifyAssistant(
        _ id: Assistant.ID, _ changes: AssistantChanges, for caller: Caller
    ) async throws(APIError) -> Assistant
    func deleteAssistant(_ id: Assistant.ID, for caller: Caller) async throws(APIError)

    func createThread(_ request: ThreadRequest, for caller: Caller) async throws(APIError) -> Thread
    func thread(_ id: Thread.ID, for caller: Caller) async throws(APIError) -> Thread
    func modifyThread(
        _ id: Thread.ID, _ changes: ThreadChanges, for caller: Caller
    ) async throws(APIError) -> Thread
    /// Deletes a thread; an active run on it is cancelled first.
    func deleteThread(_ id: Thread.ID, for caller: Caller) async throws(APIError)

    func createMessage(
        _ request: MessageRequest, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Message
    func message(
        _ id: Message.ID, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Message
    func messages(
        in thread: Thread.ID, run: Run.ID?, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Message>
    func modifyMessage(
        _ id: Message.ID, in thread: Thread.ID, metadata: [String: String], for caller: Caller
    ) async throws(APIError) -> Message
    func deleteMessage(
        _ id: Message.ID, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError)

    /// Starts a run and returns it as it was queued.
    func createRun(
        _ request: RunRequest, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run
    /// Starts a run and returns its events, up to `done`. Leaving the stream does not end the run.
    func streamRun(
        _ request: RunRequest, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream
    func createThreadAndRun(
        _ thread: ThreadRequest, _ request: RunRequest, for caller: Caller
    ) async throws(APIError) -> Run
    func streamThreadAndRun(
        _ thread: ThreadRequest, _ request: RunRequest, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream
    func run(
        _ id: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run
    func runs(
        on thread: Thread.ID, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Run>
    func modifyRun(
        _ id: Run.ID, on thread: Thread.ID, metadata: [String: String], for caller: Caller
    ) async throws(APIError) -> Run
    /// Asks a run to stop; it is `cancelling` until it has.
    func cancelRun(
        _ id: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run
    /// Answers every waiting function call of a run, all at once.
    func submitToolOutputs(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run
    func streamToolOutputs(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream

    func step(
        _ id: RunStep.ID, of run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> RunStep
    func steps(
        of run: Run.ID, on thread: Thread.ID, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<RunStep>
}

/// A service that can say which threads there are. The hosted one never could.
public protocol ThreadListing: AssistantsService {
    /// The threads, newest activity first unless the page says otherwise.
    func threads(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<ThreadSummary>
}

/// A service that can find threads by what their metadata says.
public protocol ThreadFiltering: ThreadListing {
    /// The threads whose metadata has all of these values, in the order of `threads`.
    func threads(
        with metadata: [String: String], _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<ThreadSummary>
}

/// A thread as a list shows it.
public struct ThreadSummary: Identifiable, Hashable, Sendable {
    public var thread: Thread
    /// When something last happened in it, in seconds since 1970.
    public var lastActivity: Int
    public var messageCount: Int
    /// The first line of the first message; empty in an empty thread. At most 120 scalars.
    public var opening: String
    /// The run that is active on it, if one is.
    public var activeRun: Run.ID?
    /// The assistant of the newest run.
    public var assistantID: Assistant.ID?

    /// The thread's id.
    public var id: Thread.ID { thread.id }

    /// What a list calls the thread: its title, else how it begins.
    public var title: String { thread.title ?? opening }

    /// Makes a summary.
    public init(
        thread: Thread, lastActivity: Int, messageCount: Int, opening: String,
        activeRun: Run.ID? = nil, assistantID: Assistant.ID? = nil
    ) {
        self.thread = thread
        self.lastActivity = lastActivity
        self.messageCount = messageCount
        self.opening = opening
        self.activeRun = activeRun
        self.assistantID = assistantID
    }
}

/// A service that can count messages and read them by place, so that a long thread opens at once.
public protocol MessageWindows: AssistantsService {
    /// The number of messages in a thread.
    func messageCount(in thread: Thread.ID, for caller: Caller) async throws(APIError) -> Int
    /// The messages at places counted from the thread's start.
    func messages(
        in thread: Thread.ID, at range: Range<Int>, for caller: Caller
    ) async throws(APIError) -> [Message]
}

/// A service whose runs can be watched by others than those who started them.
public protocol RunWatching: AssistantsService {
    /// Tells everyone who watches the active run of a thread again, with its steps and its open
    /// message as whole objects with all they have so far.
    ///
    /// Whoever begins to watch in the middle of a run asks for this after having subscribed, and is
    /// complete: what is stored of a growing message may lag behind. Does nothing where no run is
    /// active.
    func retellRun(on thread: Thread.ID, for caller: Caller) async throws(APIError)
}
