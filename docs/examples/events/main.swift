// Program B: the events of a run, one after the other.
import Assistants
import AssistantsClient

let client = try AssistantsClient()
let (thread, assistant) = (CommandLine.arguments[1], CommandLine.arguments[2])
try await client.withRunStream(on: thread, assistant: assistant) { stream in
    for try await event in stream {
        switch event {
        case .messageDelta(let delta):
            for case .text(let text, _) in delta.parts.map(\.content) {
                print(text, terminator: "")
            }
        case .run(.completed, _):
            print("\nRun completed!")
        default:
            break
        }
    }
}
