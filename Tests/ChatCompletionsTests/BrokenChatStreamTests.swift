import ChatCompletions
import TestSupport
import Testing

/// Recorded streams with bytes changed, lost, doubled and swapped: whatever comes out, nothing
/// traps, and what is promised about events holds.
@Suite("A broken chat stream", .enabled(if: Fixture.isPresent)) struct BrokenChatStreamTests {
    /// The same numbers in every run.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    @Test("never traps, and keeps its events' order", arguments: RecordedChatStream.all)
    func mutations(stream: RecordedChatStream) throws {
        let original = try stream.bytes()
        var numbers = Numbers(state: UInt64(original.count))
        for _ in 0..<12 {
            var bytes = Array(original.prefix(6_000))
            for _ in 0..<Int.random(in: 1...8, using: &numbers) {
                Self.damage(&bytes, using: &numbers)
            }
            var reader = ChatStreamReader()
            let events = reader.feed(bytes) + reader.finish()
            var answer = ChatAnswer()
            for event in events { answer.add(event) }
            let ends = events.indices.filter {
                if case .finished = events[$0] { true } else { false }
            }
            #expect(ends == (reader.failure == nil ? [events.count - 1] : []))
            #expect(answer.toolCalls.allSatisfy { !$0.id.isEmpty })
            #expect(reader.isEnded)
        }
    }

    private static func damage(_ bytes: inout [UInt8], using numbers: inout Numbers) {
        guard let place = bytes.indices.randomElement(using: &numbers) else { return }
        let end = min(bytes.count, place + Int.random(in: 1...40, using: &numbers))
        switch Int.random(in: 0..<5, using: &numbers) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
        case 1: bytes.removeSubrange(place..<end)
        case 2: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
        case 3:
            bytes.insert(
                contentsOf: Array(#"{}[]"\,:-1e99nul"#.utf8).shuffled(using: &numbers), at: place)
        default: bytes.removeSubrange(place...)
        }
    }
}
