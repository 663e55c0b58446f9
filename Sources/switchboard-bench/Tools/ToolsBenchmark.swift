import ArgumentParser
import FoundationEssentials

/// What code costs that a model wants run, beside a Jupyter kernel in the same run.
struct ToolsBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools",
        abstract: "Start Pythons in the sandbox and run cells; peer: a Jupyter kernel.")

    @Option(help: "How many kernels each side starts.") var kernels = 10
    @Option(help: "How many cells each side runs.") var cells = 300
    @Option(help: "How many calls the console shows after the first.") var calls = 20

    func run() async throws {
        let folder = ProcessInfo.processInfo.environment["SWITCHBOARD_BENCH_PEER"] ?? ""
        print("\(kernels) kernels, \(cells) cells of each kind, \(load())")
        let ours = try await KernelTrial(kernels: kernels, cells: cells).run()
        report("switchboard, in its sandbox", ours)
        if folder.isEmpty {
            print("  Jupyter is not here: run script/bench tools")
        } else {
            let peer = try jupyter(folder)
            report("ipykernel, without a sandbox", peer)
            compare(ours, peer)
        }
        let console = try ConsoleCalls(count: calls).run()
        print("  first line on the console's screen, from the end of the model's call")
        print("    the first call of a console: \(console.first.digits(0)) ms")
        print("    calls after it: \(spread(console.later, 1)) ms")
        print("  \(load())")
    }

    private func jupyter(_ folder: String) throws -> KernelFigures {
        let output = try Household().run([
            folder + "/venv/bin/python", folder + "/jupyter_peer.py", "\(kernels)", "\(cells)",
        ]).output
        guard let figures = try? JSONDecoder().decode(KernelFigures.self, from: Data(output)) else {
            throw BenchmarkError("Jupyter said: \(String(decoding: output, as: UTF8.self))")
        }
        return figures
    }

    private func report(_ name: String, _ figures: KernelFigures) {
        print("  \(name)")
        print("    ready: \(spread(figures.ready, 0)) ms")
        if let warm = figures.warm { print("    ready, the spare one: \(spread(warm, 2)) ms") }
        print("    a cell, there and back: \(spread(figures.cell, 2)) ms")
        print("    first line: \(spread(figures.line, 2)) ms")
        print("    memory: \(figures.memory.digits(0)) MB")
    }

    private func compare(_ ours: KernelFigures, _ peer: KernelFigures) {
        func ratio(_ value: (KernelFigures) -> [Double]) -> String {
            (value(peer).quantile(0.5) / value(ours).quantile(0.5)).digits(1)
        }
        print(
            "  the peer's median to ours: ready \(ratio(\.ready)), cell \(ratio(\.cell)), "
                + "first line \(ratio(\.line)), memory \((peer.memory / ours.memory).digits(1))")
    }

    private func spread(_ times: [Double], _ digits: Int) -> String {
        "p50 \(times.quantile(0.5).digits(digits)), p99 \(times.quantile(0.99).digits(digits))"
    }
}

/// What one kind of kernel took; times in milliseconds.
struct KernelFigures: Decodable {
    /// From nothing to a kernel that takes code.
    var ready: [Double] = []
    /// The same where one was started before; nil where there is no such thing.
    var warm: [Double]?
    /// From code to the end of its cell.
    var cell: [Double] = []
    /// From code that prints to the line.
    var line: [Double] = []
    /// The resident memory of all its processes before it ran anything but this, in MB.
    var memory = 0.0
}
