import Assistants
import TestSupport
import Testing
import Wire

@testable import AssistantsEngine

/// Whatever bytes come, nothing traps, and nothing takes for ever.
@Suite("Hostile bytes", .timeLimit(LongForms.timeLimit)) struct HostileBytesTests {
    private static let rounds = LongForms.areAsked ? 200_000 : 3_000

    private static let seeds: [String] = [
        """
        {"object":"list","data":[{"id":"msg_1","object":"thread.message","created_at":1,
        "thread_id":"t","role":"user","content":[{"type":"text","text":{"value":"a"}}]}]}
        """,
        """
        [{"conversation_id":"c","create_time":1e3,"current_node":"b","mapping":{"a":{"parent":"b"},
        "b":{"parent":"a","message":{"id":"m","author":{"role":"user"},
        "content":{"parts":["x"]}}}}}]
        """,
        "{\"id\":\"run_1\",\"object\":\"thread.run\",\"status\":\"queued\"}\n"
            + "{\"type\":\"message\"}",
        "<html><body><p class='a'>Text &amp; &#x41; <!-- c --><script>x</script></p>",
        "Plain text. With sentences\n\nand paragraphs, 斑马 and 👩‍👧.",
    ]

    /// One of the seeds with a few bytes changed, doubled or taken out.
    private func bytes(_ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = Array(Self.seeds.randomElement(using: &generator)?.utf8 ?? "".utf8)
        for _ in 0..<Int.random(in: 0...6, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0...3, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }

    @Test("are read as saved objects, or refused") func saved() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<Self.rounds {
            var splitter = JSONSplitter()
            let pieces = (try? splitter.feed(bytes(&generator))) ?? []
            try? splitter.finish()
            for piece in pieces {
                guard let json = try? JSONValue(parsing: piece) else { continue }
                var left: [NotCarried] = []
                let objects = try? SavedObject.reading(
                    json, from: "x", place: 0, in: nil, &left)
                for object in objects ?? [] {
                    #expect(!object.id.isEmpty && object.createdAt >= 0)
                }
            }
        }
    }

    @Test("become text, passages and searches, or are refused") func texts() throws {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<Self.rounds {
            let bytes = bytes(&generator)
            let names = ["a.html", "a.txt", "a", "a.json"]
            let name = names.randomElement(using: &generator) ?? "a"
            guard let text = try? TextExtraction.text(of: bytes, filename: name) else { continue }
            let overlap = Int.random(in: 0...50, using: &generator)
            let pieces = PassageCutter(tokens: 100, overlap: overlap).pieces(of: text)
            #expect(pieces.allSatisfy { $0.overlap <= $0.text.utf8.count })
            let words = SearchWords(String(decoding: bytes, as: UTF8.self))
            #expect(words.patterns.count <= SearchWords.wordLimit)
        }
    }
}
