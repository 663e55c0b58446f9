import ArgumentParser
import FoundationEssentials

/// How long a command takes from its start to its end, in a pipe.
struct StartBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Run short commands in a pipe; floor: cat.")

    @Option(help: "How often each is run; the medians are shown.") var repeats = 20

    func run() throws {
        print("from start to end in a pipe, medians of \(repeats), \(load())")
        let home = try Household()
        let question = "How do I connect a model?"
        let answer = try home.run([Household.program, "ask", question]).output
        let file = home.path + "/answer"
        try Data(answer).write(to: URL(filePath: file))
        try measure("switchboard --version", [Household.program, "--version"], home)
        try measure(
            "switchboard ask, answered by Guide", [Household.program, "ask", question], home)
        try measure("switchboard threads list", [Household.program, "threads", "list"], home)
        try measure("floor: cat of the same \(answer.count) bytes", ["cat", file], home)
    }

    private func measure(_ name: String, _ command: [String], _ home: Household) throws {
        var (times, used): ([Double], [Double]) = ([], [])
        for _ in 0..<repeats {
            let result = try home.run(command)
            times.append(result.seconds * 1000)
            used.append(result.cpu * 1000)
        }
        print(
            "  \(name): \(times.quantile(0.5).digits(1)) ms, "
                + "\(used.quantile(0.5).digits(1)) ms of processor time")
    }
}
