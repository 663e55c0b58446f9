public import Assistants

/// Is told what happens in a run's stream: the callbacks of the SDKs' handlers, and ours.
///
/// Implement what you need; the rest does nothing. All are called one after the other by the task
/// that reads the stream, so a handler may keep state without locks, and a slow one slows the
/// stream. What one throws ends the stream and is thrown to whoever reads it. A snapshot is what
/// an object adds up to so far, the delta with it; to keep one beyond the call costs a copy of its
/// text when it grows.
///
/// For each event, `onEvent` comes first, then what the event means in particular; the order is
/// that of openai-python (`docs/decisions/0010-callback-order.md`). `onEnd` always comes last, and
/// once.
public protocol AssistantEventHandler: AnyObject {
    /// An event, before anything is made of it.
    func onEvent(_ event: AssistantEvent) async throws

    /// A run step began.
    func onRunStepCreated(_ runStep: RunStep) async throws
    /// A run step grew.
    func onRunStepDelta(_ delta: RunStepDelta, snapshot: RunStep) async throws
    /// A run step ended, well or not; the snapshot is what its deltas added up to.
    func onRunStepDone(_ runStep: RunStep, snapshot: RunStep) async throws

    /// A tool call began.
    func onToolCallCreated(_ toolCall: ToolCall) async throws
    /// A tool call grew.
    func onToolCallDelta(_ delta: ToolCallDelta, snapshot: ToolCall) async throws
    /// A tool call is complete; told once for each.
    func onToolCallDone(_ toolCall: ToolCall) async throws

    /// A message began.
    func onMessageCreated(_ message: Message) async throws
    /// A message grew.
    func onMessageDelta(_ delta: MessageDelta, snapshot: Message) async throws
    /// A message is complete, or ended incomplete.
    func onMessageDone(_ message: Message) async throws

    /// A text began; it holds its first fragment already.
    func onTextCreated(_ text: MessageText) async throws
    /// A text grew.
    func onTextDelta(_ delta: TextDelta, snapshot: MessageText) async throws
    /// A text is complete.
    func onTextDone(_ text: MessageText, in message: Message) async throws
    /// An image is there; told when the next part begins or the message ends.
    func onImageFileDone(_ imageFile: ImageFile, in message: Message) async throws

    /// The stream ended; always last, and once.
    func onEnd() async throws
    /// The server was silent for too long; `onException` follows.
    func onTimeout() async throws
    /// The stream failed, or a callback did.
    func onException(_ error: any Error) async throws

    // Node's, which openai-python does not have.

    /// The stream is open; told when it is first read.
    func onConnect() async throws
    /// The run as it was when the stream came to its end.
    func onFinalRun(_ run: Run) async throws
    /// The task was cancelled.
    func onAbort() async throws

    // Ours: no SDK has them.

    /// The run was created.
    func onRunCreated(_ run: Run) async throws
    /// The run waits for its turn, also after outputs were given.
    func onRunQueued(_ run: Run) async throws
    /// The run began, or goes on.
    func onRunInProgress(_ run: Run) async throws
    /// The run waits for the outputs of functions. To give them from here works: it is a new
    /// stream, read to its end inside the callback.
    func onRunRequiresAction(_ run: Run) async throws
    /// The run is complete.
    func onRunCompleted(_ run: Run) async throws
    /// The run ended at a limit.
    func onRunIncomplete(_ run: Run) async throws
    /// The run failed; `lastError` says why.
    func onRunFailed(_ run: Run) async throws
    /// Somebody asked the run to stop.
    func onRunCancelling(_ run: Run) async throws
    /// The run was stopped.
    func onRunCancelled(_ run: Run) async throws
    /// The run took longer than it may.
    func onRunExpired(_ run: Run) async throws
}

/// What a text of a message grew by.
public struct TextDelta: Hashable, Sendable {
    /// The text's place in the message.
    public var index: Int
    /// What to add.
    public var value: String
    /// Citations that came with it.
    public var annotations: [MessageDelta.IndexedAnnotation]

    /// Makes a delta.
    public init(
        index: Int, value: String, annotations: [MessageDelta.IndexedAnnotation] = []
    ) {
        self.index = index
        self.value = value
        self.annotations = annotations
    }
}

/// An image in a message.
public struct ImageFile: Hashable, Sendable {
    public var fileID: File.ID
    /// `auto`, `low` or `high`; nil where nothing was said.
    public var detail: String?

    /// Names an image.
    public init(fileID: File.ID, detail: String? = nil) {
        self.fileID = fileID
        self.detail = detail
    }
}

extension AssistantEventHandler {
    public func onEvent(_ event: AssistantEvent) async throws {}
    public func onRunStepCreated(_ runStep: RunStep) async throws {}
    public func onRunStepDelta(_ delta: RunStepDelta, snapshot: RunStep) async throws {}
    public func onRunStepDone(_ runStep: RunStep, snapshot: RunStep) async throws {}
    public func onToolCallCreated(_ toolCall: ToolCall) async throws {}
    public func onToolCallDelta(_ delta: ToolCallDelta, snapshot: ToolCall) async throws {}
    public func onToolCallDone(_ toolCall: ToolCall) async throws {}
    public func onMessageCreated(_ message: Message) async throws {}
    public func onMessageDelta(_ delta: MessageDelta, snapshot: Message) async throws {}
    public func onMessageDone(_ message: Message) async throws {}
    public func onTextCreated(_ text: MessageText) async throws {}
    public func onTextDelta(_ delta: TextDelta, snapshot: MessageText) async throws {}
    public func onTextDone(_ text: MessageText, in message: Message) async throws {}
    public func onImageFileDone(_ imageFile: ImageFile, in message: Message) async throws {}
    public func onEnd() async throws {}
    public func onTimeout() async throws {}
    public func onException(_ error: any Error) async throws {}
    public func onConnect() async throws {}
    public func onFinalRun(_ run: Run) async throws {}
    public func onAbort() async throws {}
    public func onRunCreated(_ run: Run) async throws {}
    public func onRunQueued(_ run: Run) async throws {}
    public func onRunInProgress(_ run: Run) async throws {}
    public func onRunRequiresAction(_ run: Run) async throws {}
    public func onRunCompleted(_ run: Run) async throws {}
    public func onRunIncomplete(_ run: Run) async throws {}
    public func onRunFailed(_ run: Run) async throws {}
    public func onRunCancelling(_ run: Run) async throws {}
    public func onRunCancelled(_ run: Run) async throws {}
    public func onRunExpired(_ run: Run) async throws {}
}
