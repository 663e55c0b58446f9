import ArgumentParser
import FoundationEssentials
import Glibc

/// An answer that streams into the console on a pseudo-terminal, from a model server on loopback.
struct ConsoleBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console",
        abstract: "Stream an answer into the console; floors: raw print, erase and rewrite.")

    @Option(help: "How many pieces the answer has.") var deltas = 2000
    @Option(help: "How many come in a second.") var rate = 200.0
    @Option(help: "How often each is measured; the medians are shown.") var repeats = 3

    @Option(help: "A file that gets what the console last sent while the answer came.")
    var keep: String?

    func run() throws {
        let stream = MarkdownStream(count: deltas)
        print(
            "\(stream.pieces.count) Markdown deltas at \(rate.digits(0))/s, 120×40, band layout, "
                + "medians of \(repeats), \(load())")
        for hertz in [60, 120] {
            try measure("switchboard, \(hertz) Hz") { try console(stream, hertz: hertz) }
        }
        for hertz in [60, 120] {
            try measure("switchboard replay, \(hertz) Hz: no engine, no model server") {
                try replay(stream, hertz: hertz)
            }
        }
        try measure("floor: raw print") { try floor("raw", stream, hertz: 0) }
        for hertz in [60, 120] {
            try measure("floor: erase and rewrite, \(hertz) Hz") {
                try floor("rewrite", stream, hertz: hertz)
            }
        }
    }

    private func measure(_ name: String, _ body: () throws -> Result) throws {
        var results: [Result] = []
        for _ in 0..<repeats { results.append(try body()) }
        func middle(_ value: (Result) -> Double) -> Double { results.map(value).quantile(0.5) }
        print("  \(name)")
        print(
            "    \(middle { $0.bytes }.digits(2)) bytes a visible byte, "
                + "\(middle { $0.processorTime }.digits(3)) s of processor time a 1,000 deltas")
        if middle({ $0.median }) > 0 {
            print(
                "    delta to screen p50 \(middle { $0.median }.digits(2)) ms, "
                    + "p99 \(middle { $0.slow }.digits(2)) ms")
        }
        let unseen = results.map(\.unseen).max() ?? 0
        if unseen > 0 { print("    \(unseen) deltas were never seen") }
        print(
            "    peak \(middle { $0.memory }.digits(1)) MB, "
                + "first frame \(middle { $0.firstFrame }.digits(3)) s")
    }

    /// What one pass gave.
    private struct Result {
        var bytes = 0.0
        var processorTime = 0.0
        var median = 0.0
        var slow = 0.0
        var memory = 0.0
        var firstFrame = 0.0
        var unseen = 0
    }

    // MARK: - What is measured

    private func console(_ stream: MarkdownStream, hertz: Int) throws -> Result {
        let server = try ModelServer()
        let home = try Household(settings: "frame-rate: \(hertz)\n")
        let program = try TerminalProgram(
            [Household.program, "--model-url", server.url], environment: home.environment)
        defer { program.stop() }
        guard let first = program.wait(server, until: { program.output.holds(Self.frameSign) })
        else { throw BenchmarkError("The console showed nothing.") }
        _ = program.wait(server, seconds: 1) { false }
        program.send("hello\r")
        guard program.wait(server, until: { server.isAsked }) != nil else {
            throw BenchmarkError("The console asked no model.")
        }
        _ = program.wait(server, seconds: 0.3) { false }
        var result = play(stream, on: program, server) { server.say($0) }
        server.finish()
        _ = program.wait(server, seconds: 0.2) { false }
        result.firstFrame = first - program.start
        return result
    }

    /// The console alone: it plays the pieces to itself, so only it knows when each began.
    private func replay(_ stream: MarkdownStream, hertz: Int) throws -> Result {
        let home = try Household(settings: "frame-rate: \(hertz)\n")
        let file = home.path + "/answer.events"
        try stream.recording.write(to: URL(filePath: file))
        // Speed 1 is 50 events a second.
        let program = try TerminalProgram(
            [Household.program, "replay", "--speed", (rate / 50).digits(2), file],
            environment: home.environment)
        defer { program.stop() }
        guard let first = program.wait(for: "Run steps") else {
            throw BenchmarkError("The console showed nothing.")
        }
        let figures = ProcessFigures(program.processID)
        let position = program.output.count
        var watch = MarkerWatch(stream, from: position)
        _ = program.wait(seconds: Double(deltas) / rate + 5) {
            watch.take($0.output, at: $0.lastRead)
            return watch.count == stream.pieces.count
        }
        var result = result(of: program, stream, watch, since: figures, position)
        result.firstFrame = first - program.start
        return result
    }

    /// A part of the first frame that nothing before it has: the title of a pane.
    private static let frameSign = Array("Run steps".utf8)

    private func floor(_ mode: String, _ stream: MarkdownStream, hertz: Int) throws -> Result {
        let ends = closingPipe()
        defer { close(ends[1]) }
        let program = try TerminalProgram(
            [Household.own, "naive", mode, "--hertz", "\(hertz)"],
            environment: ["LC_ALL": "C.UTF-8"], input: ends[0])
        defer { program.stop() }
        close(ends[0])
        guard let first = program.wait(for: "ready") else {
            throw BenchmarkError("The floor did not start.")
        }
        var result = play(stream, on: program, nil) { piece in
            _ = write(ends[1], piece, piece.utf8.count)
        }
        result.firstFrame = first - program.start
        return result
    }

    // MARK: - Measuring

    /// Sends the pieces, each at its time, and watches them come to the screen.
    private func play(
        _ stream: MarkdownStream, on program: TerminalProgram, _ server: ModelServer?,
        _ say: (String) -> Void
    ) -> Result {
        let figures = ProcessFigures(program.processID)
        let position = program.output.count
        var watch = MarkerWatch(stream, from: position)
        var sent: [Double] = []
        let start = now()
        while watch.count < stream.pieces.count {
            let due = start + Double(sent.count) / rate
            if sent.count < stream.pieces.count, now() >= due {
                sent.append(now())
                say(stream.pieces[sent.count - 1])
                continue
            }
            let isDone = sent.count == stream.pieces.count
            let limit = isDone ? (sent.last ?? start) + 3 : due
            if isDone, now() > limit { break }
            if program.turn(server, until: limit) {
                watch.take(program.output, at: program.lastRead)
            }
        }
        if let keep, server != nil {
            let file = open(keep, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            let bytes = Array(program.output[position...])
            _ = write(file, bytes, bytes.count)
            close(file)
        }
        var result = result(of: program, stream, watch, since: figures, position)
        let latencies = zip(watch.seen, sent).filter { $0.0 > 0 }.map { ($0 - $1) * 1000 }
        result.median = latencies.quantile(0.5)
        result.slow = latencies.quantile(0.99)
        return result
    }

    /// What a program took for the pieces, times aside.
    private func result(
        of program: TerminalProgram, _ stream: MarkdownStream, _ watch: MarkerWatch,
        since figures: ProcessFigures, _ position: Int
    ) -> Result {
        let after = ProcessFigures(program.processID)
        var result = Result()
        let bytes = program.output.count - position - watch.surplus
        result.bytes = Double(bytes) / Double(stream.visible)
        let used = after.processorTime - figures.processorTime
        result.processorTime = used * 1000 / Double(stream.pieces.count)
        result.unseen = stream.pieces.count - watch.count
        result.memory = after.peakMemory
        return result
    }
}
