// Program F: a chat completion as it comes. What is iterated is a stream, or this does not compile.
import ChatCompletions
import Foundation

let environment = ProcessInfo.processInfo.environment
let client = ChatCompletionsClient(
    baseURL: environment["OPENAI_BASE_URL"] ?? "https://api.openai.com/v1",
    key: environment["OPENAI_API_KEY"])
let request = ChatRequest(model: "gpt-4o", messages: [.user("Hello")])
for try await text in try await client.stream(request).textDeltas {
    print(text, terminator: "")
}
print()
