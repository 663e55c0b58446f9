import ArgumentParser
import Glibc

/// Long threads and long lists of threads: opening them, and going through them.
struct ThreadsBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "threads",
        abstract: "Open and scroll long threads and lists; floor: read everything at the start.")

    @Option(parsing: .upToNextOption, help: "Messages of the thread, for each pass.")
    var messages = [10, 1_000, 100_000]
    @Option(help: "Threads in the long list.") var threads = 100_000
    @Option(help: "How many pages are turned each way.") var pages = 50

    func run() throws {
        print("threads of so many messages, 120×40, \(pages) pages each way, \(load())")
        for count in messages {
            let home = try Household()
            let seed = try Seed(in: home, messages: count)
            try program(home, seed, count)
            try floor(home, seed, count)
        }
        let home = try Household()
        let seed = try Seed(in: home, messages: 10, threads: threads)
        print("a list of \(threads) threads, \(load())")
        try list(home, seed)
    }

    // MARK: - A thread

    private func program(_ home: Household, _ seed: Seed, _ count: Int) throws {
        let program = try TerminalProgram(
            [Household.program, "console", "--thread", seed.thread], environment: home.environment)
        defer { program.stop() }
        guard let shown = program.wait(for: Seed.sign(count - 1)) else {
            throw BenchmarkError("The thread was not shown.")
        }
        program.rest(seconds: 0.5)
        let opened = ProcessFigures(program.processID).peakMemory
        print(
            "  switchboard, \(count) messages: shown after \((shown - program.start).digits(3)) s, "
                + "\(opened.digits(1)) MB")
        turn(program, "back", "\u{1b}[5~", count)
        jump(program, "to the top", "\u{1b}[1;5H", to: 0)
        turn(program, "on", "\u{1b}[6~", count)
        jump(program, "to the end", "\u{1b}[1;5F", to: count - 1)
        let figures = ProcessFigures(program.processID)
        print(
            "    afterwards \(figures.peakMemory.digits(1)) MB, "
                + "\(figures.processorTime.digits(2)) s of processor time in all")
    }

    private func floor(_ home: Household, _ seed: Seed, _ count: Int) throws {
        let program = try TerminalProgram(
            [
                Household.own, "naive", "readall", "--database", seed.database, "--thread",
                seed.thread,
            ], environment: home.environment)
        defer { program.stop() }
        guard let shown = program.wait(for: Self.frameEnd, seconds: 120) else {
            throw BenchmarkError("The floor showed nothing.")
        }
        let memory = ProcessFigures(program.processID).peakMemory
        print(
            "  floor, \(count) messages: shown after \((shown - program.start).digits(3)) s, "
                + "\(memory.digits(1)) MB")
        turn(program, "back", "\n", count)
    }

    // MARK: - The list

    private func list(_ home: Household, _ seed: Seed) throws {
        let program = try TerminalProgram([Household.program], environment: home.environment)
        defer { program.stop() }
        guard let shown = program.wait(for: "Run steps") else {
            throw BenchmarkError("The console showed nothing.")
        }
        program.rest(seconds: 1)
        print("  switchboard: first frame after \((shown - program.start).digits(3)) s")
        jump(program, "open the list", "\u{1b}OQ", to: threads - 1)
        turn(program, "down", "\u{1b}[6~", threads)
        let figures = ProcessFigures(program.processID)
        print(
            "    afterwards \(figures.peakMemory.digits(1)) MB, "
                + "\(figures.processorTime.digits(2)) s of processor time in all")
        let (output, seconds, _) = try home.run(
            [Household.own, "naive", "readall", "--database", seed.database])
        guard output.holds(Array(Self.frameEnd.utf8)) else {
            throw BenchmarkError("The floor showed nothing.")
        }
        print("  floor: all threads read and shown after \(seconds.digits(3)) s")
    }

    // MARK: - Keys

    private static let frameEnd = "\u{1b}[?2026l"

    /// Presses a key for each page, as fast as a held key repeats, until nothing new comes.
    private func turn(_ program: TerminalProgram, _ name: String, _ key: String, _ count: Int) {
        var times: [Double] = []
        var last: [Int] = []
        for _ in 0..<pages {
            let place = program.output.count
            guard let time = press(program, key, until: { !Seed.numbers(in: $0).isEmpty }) else {
                break
            }
            times.append(time)
            program.rest(seconds: 0.03)
            last = Seed.numbers(in: program.output[place...])
        }
        let reached = last.isEmpty ? "" : ", reached \(last.min() ?? 0) to \(last.max() ?? 0)"
        print(
            "    \(times.count) pages \(name): p50 \(times.quantile(0.5).digits(1)) ms, "
                + "slowest \(times.quantile(1).digits(1)) ms\(reached)")
    }

    /// Presses a key that leads to something, and waits until it is seen.
    private func jump(_ program: TerminalProgram, _ name: String, _ key: String, to number: Int) {
        let wanted = number % Seed.signs
        let time = press(program, key) { Seed.numbers(in: $0).contains(wanted) }
        print("    \(name): " + (time.map { "\($0.digits(1)) ms" } ?? "nothing new seen"))
        program.rest(seconds: 0.3)
    }

    /// Milliseconds from a key until whole frames after it show what is waited for; nil when that
    /// does not come.
    private func press(
        _ program: TerminalProgram, _ key: String, until isShown: (ArraySlice<UInt8>) -> Bool
    ) -> Double? {
        let place = program.output.count
        let frameEnd = Array(Self.frameEnd.utf8)
        let start = now()
        program.send(key)
        return program.wait(seconds: 1.5) {
            let new = $0.output[place...]
            return new.holds(frameEnd) && isShown(new)
        }.map { ($0 - start) * 1000 }
    }
}
