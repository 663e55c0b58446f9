/// A service that has one thread, whose run is a recording.
///
/// It can be read as any service; whatever would change it is refused with a sentence.
public struct ReplayService: AssistantsService {
    private let recording: Recording
    private let sum: Transcript

    /// A service for one recording.
    public init(_ recording: Recording) {
        self.recording = recording
        var sum = Transcript()
        for event in recording.events { sum.apply(event) }
        self.sum = sum
    }

    private var thread: Thread {
        sum.thread ?? Thread(id: recording.threadID, createdAt: sum.runs.first?.createdAt ?? 0)
    }

    private var player: Assistant {
        let run = sum.runs.last
        return Assistant(
            id: run?.assistantID ?? "asst_recording", createdAt: run?.createdAt ?? 0,
            name: "Recording", model: run?.model ?? "")
    }

    private func refuse() throws(APIError) -> Never {
        throw APIError.invalid(
            "This is a recording: it can be watched, not changed. "
                + "Start switchboard without replay.")
    }

    private func one<Value: Identifiable>(
        _ id: Value.ID, of values: [Value], _ kind: String
    ) throws(APIError) -> Value where Value.ID == String {
        guard let value = values.first(where: { $0.id == id }) else {
            throw APIError.notFound(kind, id)
        }
        return value
    }

    // MARK: Reading

    public func assistant(
        _ id: Assistant.ID, for caller: Caller
    ) async throws(APIError) -> Assistant {
        try one(id, of: [player], "assistant")
    }

    public func assistants(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Assistant> {
        Page(data: [player], hasMore: false)
    }

    public func thread(_ id: Thread.ID, for caller: Caller) async throws(APIError) -> Thread {
        try one(id, of: [thread], "thread")
    }

    /// None: a recording's messages come with its events.
    public func messages(
        in thread: Thread.ID, run: Run.ID?, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Message> {
        Page(data: [], hasMore: false)
    }

    public func message(
        _ id: Message.ID, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Message {
        try one(id, of: sum.messages, "message")
    }

    /// None: a recording's runs come with its events.
    public func runs(
        on thread: Thread.ID, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Run> {
        Page(data: [], hasMore: false)
    }

    public func run(
        _ id: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        try one(id, of: sum.runs, "run")
    }

    public func steps(
        of run: Run.ID, on thread: Thread.ID, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<RunStep> {
        Page(data: [], hasMore: false)
    }

    public func step(
        _ id: RunStep.ID, of run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> RunStep {
        try one(id, of: sum.steps, "run step")
    }
}

// MARK: - Refused

extension ReplayService {
    public func createAssistant(
        _ request: AssistantRequest, for caller: Caller
    ) async throws(APIError) -> Assistant { try refuse() }

    public func modifyAssistant(
        _ id: Assistant.ID, _ changes: AssistantChanges, for caller: Caller
    ) async throws(APIError) -> Assistant { try refuse() }

    public func deleteAssistant(_ id: Assistant.ID, for caller: Caller) async throws(APIError) {
        try refuse()
    }

    public func createThread(
        _ request: ThreadRequest, for caller: Caller
    ) async throws(APIError) -> Thread { try refuse() }

    public func modifyThread(
        _ id: Thread.ID, _ changes: ThreadChanges, for caller: Caller
    ) async throws(APIError) -> Thread { try refuse() }

    public func deleteThread(_ id: Thread.ID, for caller: Caller) async throws(APIError) {
        try refuse()
    }

    public func createMessage(
        _ request: MessageRequest, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Message { try refuse() }

    public func modifyMessage(
        _ id: Message.ID, in thread: Thread.ID, metadata: [String: String], for caller: Caller
    ) async throws(APIError) -> Message { try refuse() }

    public func deleteMessage(
        _ id: Message.ID, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) { try refuse() }

    public func createRun(
        _ request: RunRequest, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run { try refuse() }

    public func streamRun(
        _ request: RunRequest, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream { try refuse() }

    public func createThreadAndRun(
        _ thread: ThreadRequest, _ request: RunRequest, for caller: Caller
    ) async throws(APIError) -> Run { try refuse() }

    public func streamThreadAndRun(
        _ thread: ThreadRequest, _ request: RunRequest, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream { try refuse() }

    public func modifyRun(
        _ id: Run.ID, on thread: Thread.ID, metadata: [String: String], for caller: Caller
    ) async throws(APIError) -> Run { try refuse() }

    public func cancelRun(
        _ id: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run { try refuse() }

    public func submitToolOutputs(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run { try refuse() }

    public func streamToolOutputs(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream { try refuse() }
}
