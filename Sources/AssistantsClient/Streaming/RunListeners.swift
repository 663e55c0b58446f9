public import Assistants

/// The name of something that a listener is called for, and what it is called with.
///
/// The names are those of openai-node's `AssistantStream`: `stream.on(.textDelta) { delta, snapshot
/// in … }`.
public struct RunSignal<Values> {
    fileprivate let place: ReferenceWritableKeyPath<RunListeners, [RunListeners.Listener<Values>]>
}

/// The listeners of one stream: a handler that passes on what it is told.
final class RunListeners: AssistantEventHandler {
    typealias Listener<Values> = (Values) async throws -> Void

    fileprivate var connect: [Listener<Void>] = []
    fileprivate var event: [Listener<AssistantEvent>] = []
    fileprivate var runStepCreated: [Listener<RunStep>] = []
    fileprivate var runStepDelta: [Listener<(RunStepDelta, RunStep)>] = []
    fileprivate var runStepDone: [Listener<(RunStep, RunStep)>] = []
    fileprivate var toolCallCreated: [Listener<ToolCall>] = []
    fileprivate var toolCallDelta: [Listener<(ToolCallDelta, ToolCall)>] = []
    fileprivate var toolCallDone: [Listener<ToolCall>] = []
    fileprivate var messageCreated: [Listener<Message>] = []
    fileprivate var messageDelta: [Listener<(MessageDelta, Message)>] = []
    fileprivate var messageDone: [Listener<Message>] = []
    fileprivate var textCreated: [Listener<MessageText>] = []
    fileprivate var textDelta: [Listener<(TextDelta, MessageText)>] = []
    fileprivate var textDone: [Listener<(MessageText, Message)>] = []
    fileprivate var imageFileDone: [Listener<(ImageFile, Message)>] = []
    fileprivate var run: [Listener<Run>] = []
    fileprivate var error: [Listener<any Error>] = []
    fileprivate var abort: [Listener<Void>] = []
    fileprivate var end: [Listener<Void>] = []

    func add<Values>(_ listener: @escaping Listener<Values>, for signal: RunSignal<Values>) {
        self[keyPath: signal.place].append(listener)
    }

    private func tell<Values>(_ listeners: [Listener<Values>], _ values: Values) async throws {
        for listener in listeners { try await listener(values) }
    }

    func onEvent(_ event: AssistantEvent) async throws {
        if !self.event.isEmpty { try await tell(self.event, event) }
    }
    func onRunStepCreated(_ runStep: RunStep) async throws {
        try await tell(runStepCreated, runStep)
    }
    func onRunStepDelta(_ delta: RunStepDelta, snapshot: RunStep) async throws {
        if !runStepDelta.isEmpty { try await tell(runStepDelta, (delta, snapshot)) }
    }
    func onRunStepDone(_ runStep: RunStep, snapshot: RunStep) async throws {
        try await tell(runStepDone, (runStep, snapshot))
    }
    func onToolCallCreated(_ toolCall: ToolCall) async throws {
        try await tell(toolCallCreated, toolCall)
    }
    func onToolCallDelta(_ delta: ToolCallDelta, snapshot: ToolCall) async throws {
        if !toolCallDelta.isEmpty { try await tell(toolCallDelta, (delta, snapshot)) }
    }
    func onToolCallDone(_ toolCall: ToolCall) async throws {
        try await tell(toolCallDone, toolCall)
    }
    func onMessageCreated(_ message: Message) async throws {
        try await tell(messageCreated, message)
    }
    func onMessageDelta(_ delta: MessageDelta, snapshot: Message) async throws {
        if !messageDelta.isEmpty { try await tell(messageDelta, (delta, snapshot)) }
    }
    func onMessageDone(_ message: Message) async throws { try await tell(messageDone, message) }
    func onTextCreated(_ text: MessageText) async throws { try await tell(textCreated, text) }
    func onTextDelta(_ delta: TextDelta, snapshot: MessageText) async throws {
        if !textDelta.isEmpty { try await tell(textDelta, (delta, snapshot)) }
    }
    func onTextDone(_ text: MessageText, in message: Message) async throws {
        try await tell(textDone, (text, message))
    }
    func onImageFileDone(_ imageFile: ImageFile, in message: Message) async throws {
        try await tell(imageFileDone, (imageFile, message))
    }
    func onConnect() async throws { try await tell(connect, ()) }
    func onFinalRun(_ run: Run) async throws { try await tell(self.run, run) }
    func onException(_ error: any Error) async throws { try await tell(self.error, error) }
    func onAbort() async throws { try await tell(abort, ()) }
    func onEnd() async throws { try await tell(end, ()) }
}

extension RunSignal where Values == Void {
    /// The stream is open; told when it is first read.
    public static var connect: RunSignal { RunSignal(place: \.connect) }
    /// The task was cancelled.
    public static var abort: RunSignal { RunSignal(place: \.abort) }
    /// The stream ended; always last, and once.
    public static var end: RunSignal { RunSignal(place: \.end) }
}

extension RunSignal where Values == AssistantEvent {
    /// An event, before anything is made of it.
    public static var event: RunSignal { RunSignal(place: \.event) }
}

extension RunSignal where Values == RunStep {
    /// A run step began.
    public static var runStepCreated: RunSignal { RunSignal(place: \.runStepCreated) }
}

extension RunSignal where Values == (RunStepDelta, RunStep) {
    /// A run step grew: by what, and what it is so far.
    public static var runStepDelta: RunSignal { RunSignal(place: \.runStepDelta) }
}

extension RunSignal where Values == (RunStep, RunStep) {
    /// A run step ended: the step, and what its deltas added up to.
    public static var runStepDone: RunSignal { RunSignal(place: \.runStepDone) }
}

extension RunSignal where Values == ToolCall {
    /// A tool call began.
    public static var toolCallCreated: RunSignal { RunSignal(place: \.toolCallCreated) }
    /// A tool call is complete; told once for each.
    public static var toolCallDone: RunSignal { RunSignal(place: \.toolCallDone) }
}

extension RunSignal where Values == (ToolCallDelta, ToolCall) {
    /// A tool call grew: by what, and what it is so far.
    public static var toolCallDelta: RunSignal { RunSignal(place: \.toolCallDelta) }
}

extension RunSignal where Values == Message {
    /// A message began.
    public static var messageCreated: RunSignal { RunSignal(place: \.messageCreated) }
    /// A message is complete, or ended incomplete.
    public static var messageDone: RunSignal { RunSignal(place: \.messageDone) }
}

extension RunSignal where Values == (MessageDelta, Message) {
    /// A message grew: by what, and what it is so far.
    public static var messageDelta: RunSignal { RunSignal(place: \.messageDelta) }
}

extension RunSignal where Values == MessageText {
    /// A text began; it holds its first fragment already.
    public static var textCreated: RunSignal { RunSignal(place: \.textCreated) }
}

extension RunSignal where Values == (TextDelta, MessageText) {
    /// A text grew: by what, and what it is so far.
    public static var textDelta: RunSignal { RunSignal(place: \.textDelta) }
}

extension RunSignal where Values == (MessageText, Message) {
    /// A text is complete, and the message it stands in.
    public static var textDone: RunSignal { RunSignal(place: \.textDone) }
}

extension RunSignal where Values == (ImageFile, Message) {
    /// An image is there, and the message it stands in.
    public static var imageFileDone: RunSignal { RunSignal(place: \.imageFileDone) }
}

extension RunSignal where Values == Run {
    /// The run as it was when the stream came to its end.
    public static var run: RunSignal { RunSignal(place: \.run) }
}

extension RunSignal where Values == any Error {
    /// The stream failed, or a listener did.
    public static var error: RunSignal { RunSignal(place: \.error) }
}
