import ArgumentParser

/// What the console does while nothing happens.
struct IdleBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "idle", abstract: "Watch an idle console; floor: sleep.")

    @Option(help: "Seconds that are watched.") var seconds = 5.0

    func run() throws {
        print("idle for \(seconds.digits(0)) s, no looking for servers, \(load())")
        let home = try Household()
        try watch("switchboard, new", [Household.program], home)
        let seed = try Seed(in: home, messages: 1_000)
        try watch(
            "switchboard, a thread of 1,000 messages",
            [Household.program, "console", "--thread", seed.thread], home)
        try watch("floor: sleep", ["sleep", "60"], home)
    }

    private func watch(_ name: String, _ command: [String], _ home: Household) throws {
        let program = try TerminalProgram(command, environment: home.environment)
        defer { program.stop() }
        program.rest(seconds: 3)
        let bytes = program.output.count
        let before = ProcessFigures(program.processID)
        program.rest(seconds: seconds)
        let after = ProcessFigures(program.processID)
        let used = (after.processorTime - before.processorTime) * 1000
        print(
            "  \(name): \(after.switches(since: before)) voluntary switches, "
                + "\(program.output.count - bytes) bytes, \(used.digits(1)) ms of processor time, "
                + "\(after.voluntarySwitches.count) threads")
    }
}
