import ArgumentParser
import Assistants
import AssistantsClient
import Glibc
import Wire

/// Reads one run's stream, and prints what that cost as one line of JSON.
struct RunReading: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read-run", abstract: "Read a run's stream.", shouldDisplay: false)

    /// How it is read.
    enum Way: String, ExpressibleByArgument, CaseIterable {
        case callbacks, events
    }

    @Argument var way: Way
    @Argument var url: String

    /// Counts, with the callbacks of the benchmark's other side.
    private final class Counter: AssistantEventHandler {
        var text = 0
        var calls = 0

        func onTextDelta(_ delta: TextDelta, snapshot: MessageText) {
            text += delta.value.utf8.count
        }

        func onToolCallDelta(_ delta: ToolCallDelta, snapshot: ToolCall) {
            calls += 1
        }
    }

    func run() async throws {
        let client = AssistantsClient(baseURL: url, key: "none")
        let counter = Counter()
        let (before, start) = (processorTime(), now())
        var events = 0
        let isCalled = way == .callbacks
        try await client.withRunStream(
            on: "thread_1", assistant: "asst_1", handler: isCalled ? counter : nil
        ) { stream in
            for try await event in stream {
                events += 1
                if isCalled { continue }
                guard case .messageDelta(let delta) = event else { continue }
                for case .text(let text, _) in delta.parts.map(\.content) {
                    counter.text += text.utf8.count
                }
            }
        }
        let figures = ProcessFigures(getpid())
        let cost: JSONValue = [
            "events": .integer(events), "text": .integer(counter.text),
            "processor": .double(figures.processorTime - before), "seconds": .double(now() - start),
            "memory": .double(figures.peakMemory),
        ]
        print(cost.text)
    }
}
