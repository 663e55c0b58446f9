// Program C: the text of a run's messages, piece by piece.
import AssistantsClient

let client = try AssistantsClient()
let (thread, assistant) = (CommandLine.arguments[1], CommandLine.arguments[2])
try await client.withRunStream(on: thread, assistant: assistant) { stream in
    for try await text in stream.textDeltas {
        print(text)
    }
}
