import Assistants
import AssistantsClient
import Wire

/// Notes every callback by the name that openai-python has for it; ours are left out.
final class CallbackRecorder: AssistantEventHandler {
    struct Callback: Equatable, CustomStringConvertible {
        var name: String
        var value: String
        init(_ name: String, _ value: String = "") { (self.name, self.value) = (name, value) }
        var description: String { value.isEmpty ? name : "\(name) \(value)" }
    }

    var callbacks: [Callback] = []
    /// The callbacks that openai-python does not have.
    var others: [Callback] = []

    private func note(_ name: String, _ value: String = "") {
        callbacks.append(Callback(name, value))
    }

    func onEvent(_ event: AssistantEvent) { note("on_event", event.name) }
    func onRunStepCreated(_ runStep: RunStep) { note("on_run_step_created", runStep.id) }
    func onRunStepDelta(_ delta: RunStepDelta, snapshot: RunStep) { note("on_run_step_delta") }
    func onRunStepDone(_ runStep: RunStep, snapshot: RunStep) {
        note("on_run_step_done", runStep.id)
    }
    func onToolCallCreated(_ toolCall: ToolCall) { note("on_tool_call_created", toolCall.id) }
    func onToolCallDelta(_ delta: ToolCallDelta, snapshot: ToolCall) {
        note("on_tool_call_delta", snapshot.told)
    }
    func onToolCallDone(_ toolCall: ToolCall) { note("on_tool_call_done", toolCall.told) }
    func onMessageCreated(_ message: Message) { note("on_message_created", message.id) }
    func onMessageDelta(_ delta: MessageDelta, snapshot: Message) { note("on_message_delta") }
    func onMessageDone(_ message: Message) { note("on_message_done", message.id) }
    func onTextCreated(_ text: MessageText) { note("on_text_created", text.value) }
    func onTextDelta(_ delta: TextDelta, snapshot: MessageText) {
        note("on_text_delta", delta.value + "/" + snapshot.value)
    }
    func onTextDone(_ text: MessageText, in message: Message) { note("on_text_done", text.value) }
    func onImageFileDone(_ imageFile: ImageFile, in message: Message) {
        note("on_image_file_done", imageFile.fileID)
    }
    func onEnd() { note("on_end") }
    func onTimeout() { note("on_timeout") }
    func onException(_ error: any Error) { note("on_exception") }

    func onConnect() { others.append(Callback("connect")) }
    func onAbort() { others.append(Callback("abort")) }
    func onFinalRun(_ run: Run) { others.append(Callback("run", "\(run.status)")) }
    func onRunCreated(_ run: Run) { others.append(Callback("created")) }
    func onRunQueued(_ run: Run) { others.append(Callback("queued")) }
    func onRunInProgress(_ run: Run) { others.append(Callback("in_progress")) }
    func onRunRequiresAction(_ run: Run) { others.append(Callback("requires_action")) }
    func onRunCompleted(_ run: Run) { others.append(Callback("completed")) }
    func onRunIncomplete(_ run: Run) { others.append(Callback("incomplete")) }
    func onRunFailed(_ run: Run) { others.append(Callback("failed")) }
    func onRunCancelling(_ run: Run) { others.append(Callback("cancelling")) }
    func onRunCancelled(_ run: Run) { others.append(Callback("cancelled")) }
    func onRunExpired(_ run: Run) { others.append(Callback("expired")) }
}

extension ToolCall {
    /// The call's id and what it says so far, the outputs by their number.
    fileprivate var told: String {
        switch kind {
        case .codeInterpreter(let input, let outputs): "\(id) \(input) \(outputs.count)"
        case .function(_, let arguments, _): "\(id) \(arguments)"
        case .fileSearch, .unknown: id
        }
    }
}

extension CallbackRecorder.Callback {
    /// Reads a callback of `golden-callbacks.json`, whichever SDK it is of.
    init(golden json: JSONValue) {
        let name = json[0]?.stringValue ?? ""
        let value = json[1] ?? .null
        let python = Self.python[name] ?? name
        switch python {
        case "on_event", "on_text_created", "on_text_done", "on_image_file_done":
            self.init(python, value.stringValue ?? "")
        case "on_text_delta":
            self.init(
                python,
                (value["value"]?.stringValue ?? "") + "/"
                    + (value["snapshot"]?.stringValue ?? ""))
        case "on_tool_call_delta":
            self.init(python, ToolCall(json: value["snapshot"] ?? .null).told)
        case "on_tool_call_done": self.init(python, ToolCall(json: value).told)
        case "on_run_step_delta", "on_message_delta", "on_exception", "on_end": self.init(python)
        default: self.init(python, value["id"]?.stringValue ?? "")
        }
    }

    /// openai-node's names, in openai-python's words.
    private static let python = [
        "event": "on_event", "runStepCreated": "on_run_step_created",
        "runStepDelta": "on_run_step_delta", "runStepDone": "on_run_step_done",
        "toolCallCreated": "on_tool_call_created", "toolCallDelta": "on_tool_call_delta",
        "toolCallDone": "on_tool_call_done", "messageCreated": "on_message_created",
        "messageDelta": "on_message_delta", "messageDone": "on_message_done",
        "textCreated": "on_text_created", "textDelta": "on_text_delta",
        "textDone": "on_text_done", "imageFileDone": "on_image_file_done",
        "error": "on_exception", "end": "on_end",
    ]
}
