// Program E: a handler for the text and for the run's end, which no SDK has a callback for.
import Assistants
import AssistantsClient

final class MyHandler: AssistantEventHandler {
    func onTextDelta(_ delta: TextDelta, snapshot: MessageText) {
        print(delta.value, terminator: "")
    }

    func onRunCompleted(_ run: Run) {
        print("\nDone!")
    }
}

let client = try AssistantsClient()
let (thread, assistant) = (CommandLine.arguments[1], CommandLine.arguments[2])
try await client.withRunStream(on: thread, assistant: assistant, handler: MyHandler()) { stream in
    try await stream.untilDone()
}
