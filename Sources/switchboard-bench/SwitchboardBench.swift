import ArgumentParser

/// Measures the program beside a named floor, in one run. `script/bench` builds and starts it.
@main
struct SwitchboardBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switchboard-bench",
        abstract: "Measure Switchboard beside a naive floor, in one run.",
        subcommands: [
            StreamBenchmark.self, DeltaBenchmark.self, ConsoleBenchmark.self, IdleBenchmark.self,
            ThreadsBenchmark.self, StartBenchmark.self, ServerBenchmark.self, LibraryBenchmark.self,
            ToolsBenchmark.self, NaiveProgram.self, ModelProgram.self, RunReading.self,
        ])
}
