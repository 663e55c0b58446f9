import ArgumentParser
import Assistants

/// The cost of a delta as its message grows.
struct DeltaBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deltas",
        abstract: "Fold deltas into one message; floor: its own first tenth.")

    @Option(help: "How many deltas.") var deltas = 200_000

    func run() {
        var tenths: [[Double]] = []
        for _ in 0..<5 { tenths.append(pass()) }
        let medians = (0..<10).map { tenth in
            tenths.map { $0[tenth] }.sorted()[tenths.count / 2]
        }
        print("\(deltas) deltas into one message, ns of processor time a delta, by tenth")
        print("  " + medians.map { ($0 * 1e9).digits(0) }.joined(separator: "  "))
        print("last tenth / first tenth: \((medians[9] / medians[0]).digits(2))")
    }

    private func pass() -> [Double] {
        var transcript = Transcript()
        return (0..<10).map { _ in
            let start = processorTime()
            for _ in 0..<(deltas / 10) {
                transcript.apply(.messageDelta(MessageDelta(id: "msg_1", text: "word ")))
            }
            return (processorTime() - start) / Double(deltas / 10)
        }
    }
}
