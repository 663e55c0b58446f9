import ArgumentParser
import Assistants
import FoundationEssentials
import Wire

/// Events per second through parsing, decoding and folding, the stream being in memory.
struct StreamBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stream",
        abstract: "Parse, decode and fold an event stream; floor: JSONDecoder and concatenation.")

    @Option(help: "How many deltas the stream has.") var deltas = 200_000

    func run() throws {
        let bytes = Self.stream(deltas: deltas)
        let ours = try median(runs: 5) {
            let length = try Self.fold(bytes)
            precondition(length == deltas * 5, "The fold lost text.")
        }
        let floor = try median(runs: 5) {
            let length = try Self.foldNaively(bytes)
            precondition(length == deltas * 5, "The floor lost text.")
        }
        print(
            "stream of \(deltas) deltas, \(bytes.count / 1_000_000) MB, in memory, processor time")
        report("switchboard: EventParser, AssistantEvent, Transcript", ours)
        report("floor: split lines, JSONDecoder, text += delta", floor)
        print("floor / switchboard: \((floor / ours).digits(1))")
    }

    private func report(_ name: String, _ seconds: Double) {
        let perEvent = seconds / Double(deltas) * 1e6
        let rate = Int(Double(deltas) / seconds)
        print("  \(name): \(perEvent.digits(2)) µs an event, \(rate) events/s")
    }

    private static func stream(deltas: Int) -> [UInt8] {
        let created = #"{"id":"msg_1","object":"thread.message","role":"assistant","content":[]}"#
        var text = "event: thread.message.created\ndata: \(created)\n\n"
        let delta =
            #"{"id":"msg_1","object":"thread.message.delta","delta":{"content":[{"index":0,"type":"#
            + #""text","text":{"value":"word "}}]}}"#
        for _ in 0..<deltas { text += "event: thread.message.delta\ndata: \(delta)\n\n" }
        return Array((text + "event: done\ndata: [DONE]\n\n").utf8)
    }

    /// The way of this program, in the pieces of a network.
    private static func fold(_ bytes: [UInt8]) throws -> Int {
        var parser = EventParser(dialect: .openAI)
        var transcript = Transcript()
        for start in stride(from: 0, to: bytes.count, by: 16_384) {
            for sent in try parser.feed(bytes[start..<min(start + 16_384, bytes.count)]) {
                transcript.apply(try AssistantEvent(name: sent.name, data: sent.data))
            }
        }
        return transcript.messages.first?.text.utf8.count ?? 0
    }

    private struct NaiveDelta: Decodable {
        struct Delta: Decodable { var content: [Part] }
        struct Part: Decodable { var text: Text }
        struct Text: Decodable { var value: String }
        var id: String
        var delta: Delta
    }

    /// What one writes first: lines, a decoder, a growing text.
    private static func foldNaively(_ bytes: [UInt8]) throws -> Int {
        let decoder = JSONDecoder()
        var name = ""
        var text = ""
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            if line.hasPrefix("event: ") {
                name = String(line.dropFirst(7))
            } else if line.hasPrefix("data: "), name == "thread.message.delta" {
                let data = Data(line.dropFirst(6).utf8)
                let delta = try decoder.decode(NaiveDelta.self, from: data)
                for part in delta.delta.content { text += part.text.value }
            }
        }
        return text.utf8.count
    }
}
