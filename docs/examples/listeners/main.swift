// Program D: listeners are told what a run does, in the style of openai-node.
import Assistants
import AssistantsClient
import Foundation

func write(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
}

let client = try AssistantsClient()
let (thread, assistant) = (CommandLine.arguments[1], CommandLine.arguments[2])
try await client.withRunStream(on: thread, assistant: assistant) { stream in
    stream
        .on(.textCreated) { _ in write("\nassistant > ") }
        .on(.textDelta) { delta, _ in write(delta.value) }
        .on(.toolCallCreated) { toolCall in write("\nassistant > \(toolCall.name)\n\n") }
        .on(.toolCallDelta) { delta, _ in
            guard case .codeInterpreter(let input, let outputs) = delta.kind else { return }
            write(input ?? "")
            if outputs.isEmpty { return }
            write("\noutput >\n")
            for case .logs(let logs) in outputs.map(\.output) { write("\n\(logs)\n") }
        }
    try await stream.untilDone()
}
