// Program A: a handler is told what a run does, and prints it; its code and what that printed too.
import Assistants
import AssistantsClient
import Foundation

final class EventHandler: AssistantEventHandler {
    func onTextCreated(_ text: MessageText) {
        write("\nassistant > ")
    }

    func onTextDelta(_ delta: TextDelta, snapshot: MessageText) {
        write(delta.value)
    }

    func onToolCallCreated(_ toolCall: ToolCall) {
        write("\nassistant > \(toolCall.name)\n\n")
    }

    func onToolCallDelta(_ delta: ToolCallDelta, snapshot: ToolCall) {
        guard case .codeInterpreter(let input, let outputs) = delta.kind else { return }
        write(input ?? "")
        if outputs.isEmpty { return }
        write("\n\noutput >\n")
        for case .logs(let logs) in outputs.map(\.output) { write("\n\(logs)\n") }
    }
}

func write(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
}

let client = try AssistantsClient()
let (thread, assistant) = (CommandLine.arguments[1], CommandLine.arguments[2])
try await client.withRunStream(
    on: thread, assistant: assistant,
    instructions: "Please address the user as Jane Doe. The user has a premium account.",
    handler: EventHandler()
) { stream in
    try await stream.untilDone()
}
