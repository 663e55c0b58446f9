import ArgumentParser
import FoundationEssentials
import Glibc
import Wire

/// What reading a run's stream costs a program, beside openai-python on the same stream.
struct LibraryBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "library",
        abstract: "Read a run's stream with AssistantsClient; peer: openai-python, same stream.")

    @Option(help: "About how many events the stream has.") var events = 200_000

    @Option(help: "How often each of our readers reads it; the median counts.") var runs = 5

    func run() async throws {
        let folder = ProcessInfo.processInfo.environment["SWITCHBOARD_BENCH_PEER"] ?? ""
        if folder.isEmpty { print("openai-python is not here: run script/bench library") }
        for kind in RecordedRun.Kind.allCases {
            let run = RecordedRun(kind, events: events)
            let server = try RunServer(run.bytes)
            let size = run.bytes.count / 1_000_000
            print("\(kind.rawValue) stream of \(run.events) events, \(size) MB")
            let ours = try median([Household.own, "read-run", "callbacks", server.url], run)
            report("switchboard, handler", ours)
            let plain = try median([Household.own, "read-run", "events", server.url], run)
            report("switchboard, events alone", plain)
            if folder.isEmpty { continue }
            let python = [folder + "/venv/bin/python", folder + "/library_reader.py"]
            let helper = try measure(python + ["helper", server.url], run)
            report("openai-python, helper with handler", helper)
            let raw = try measure(python + ["raw", server.url], run)
            report("openai-python, raw stream", raw)
            let helperRatio = helper.processor / ours.processor
            let rawRatio = raw.processor / plain.processor
            print("  helper to handler: \(helperRatio.digits(0)) times the processor time")
            print("  raw stream to events alone: \(rawRatio.digits(0)) times")
        }
        print(load())
    }

    /// What one reader said of itself.
    private struct Cost: Decodable {
        var events: Int
        var text: Int
        /// Seconds of processor time from the request to the end.
        var processor: Double
        /// Seconds from the request to the end.
        var seconds: Double
        /// The peak resident size in MB.
        var memory: Double
    }

    private func median(_ command: [String], _ run: RecordedRun) throws -> Cost {
        let costs = try (0..<max(1, runs)).map { _ in try measure(command, run) }
        return costs.sorted { $0.processor < $1.processor }[costs.count / 2]
    }

    private func measure(_ command: [String], _ run: RecordedRun) throws -> Cost {
        let output = try Household().run(command).output
        guard let cost = try? JSONDecoder().decode(Cost.self, from: Data(output)) else {
            throw BenchmarkError("\(command[0]) said: \(String(decoding: output, as: UTF8.self))")
        }
        guard cost.text == run.textLength else {
            throw BenchmarkError("\(command) read \(cost.text) of \(run.textLength) characters")
        }
        return cost
    }

    private func report(_ name: String, _ cost: Cost) {
        let perEvent = cost.processor / Double(cost.events) * 1e6
        let rate = Int(Double(cost.events) / cost.seconds)
        print(
            "  \(name): \(perEvent.digits(2)) µs of processor time an event, \(rate) events/s, "
                + "peak \(cost.memory.digits(0)) MB")
    }
}
