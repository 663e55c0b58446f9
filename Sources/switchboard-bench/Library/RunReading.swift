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
        let (before, start) = (Self.processorTime(), now())
        var events = 0
        try await client.withRunStream(
            on: "thread_1", assistant: "asst_1", handler: way == .callbacks ? counter : nil
        ) { stream in
            for try await event in stream {
                events += 1
                if way == .callbacks { continue }
                guard case .messageDelta(let delta) = event else { continue }
                for case .text(let text, _) in delta.parts.map(\.content) {
                    counter.text += text.utf8.count
                }
            }
        }
        let cost: JSONValue = [
            "events": .integer(events), "text": .integer(counter.text),
            "processor": .double(Self.processorTime() - before), "seconds": .double(now() - start),
            "memory": .integer(Self.usage().ru_maxrss),
        ]
        print(cost.text)
    }

    private static func usage() -> rusage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage
    }

    private static func processorTime() -> Double {
        let usage = usage()
        return [usage.ru_utime, usage.ru_stime].reduce(0) {
            $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
        }
    }
}
