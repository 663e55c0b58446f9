import ChatCompletions
import TestSupport
import Testing
import Wire

@Suite("A recorded chat stream", .enabled(if: Fixture.isPresent))
struct RecordedChatStreamTests {
    private func reader() -> ChatStreamReader {
        ChatStreamReader(makeID: { "call_made" })
    }

    private func answer(_ events: [ChatEvent]) -> ChatAnswer {
        var answer = ChatAnswer()
        for event in events { answer.add(event) }
        return answer
    }

    @Test("is among the 62 that are known")
    func count() {
        #expect(RecordedChatStream.all.count == 62)
    }

    @Test("adds up to what it says", arguments: RecordedChatStream.all)
    func whole(stream: RecordedChatStream) throws {
        var reader = reader()
        let events = reader.feed(try stream.bytes()) + reader.finish()
        let answer = answer(events)
        #expect(answer.text == stream.text)
        #expect(answer.reasoning.unicodeScalars.count == stream.reasoningCount)
        if let thought = stream.thought { #expect(answer.reasoning == thought) }
        #expect(answer.toolCalls.map { [$0.id, $0.name, $0.arguments] } == stream.calls)
        #expect(answer.refusal == stream.assembled["refusal"]?.stringValue ?? "")
        #expect(reader.finishText == stream.finish)
        let usage = reader.usage.map { [$0.promptTokens, $0.completionTokens, $0.totalTokens] }
        #expect(usage == stream.usage)
        #expect((reader.failure ?? reader.lateError)?.message == stream.error)
    }

    @Test("keeps the order that every reader can rely on", arguments: RecordedChatStream.all)
    func order(stream: RecordedChatStream) throws {
        var reader = reader()
        let events = reader.feed(try stream.bytes()) + reader.finish()
        let starts = events.indices.filter { if case .started = events[$0] { true } else { false } }
        let ends = events.indices.filter { if case .finished = events[$0] { true } else { false } }
        #expect(starts.allSatisfy { $0 == 0 } && starts.count <= 1)
        #expect(starts.count == 1 || reader.failure != nil)
        #expect(ends == (reader.failure == nil ? [events.count - 1] : []))
        var known: Set<Int> = []
        for case .toolCall(let delta) in events {
            #expect((delta.id != nil && delta.name != nil) == known.insert(delta.index).inserted)
        }
        #expect(known == Set(0..<known.count))
        for event in events {
            if case .text(let text) = event { #expect(!text.isEmpty) }
            if case .reasoning(let text) = event { #expect(!text.isEmpty) }
        }
    }

    @Test("gives the same events byte by byte", arguments: RecordedChatStream.all)
    func bytewise(stream: RecordedChatStream) throws {
        let bytes = try stream.bytes()
        var whole = reader()
        let expected = whole.feed(bytes) + whole.finish()
        var reader = reader()
        var events: [ChatEvent] = []
        for byte in bytes { events += reader.feed([byte]) }
        events += reader.finish()
        #expect(events == expected)
        #expect(reader.failure == whole.failure)
    }

    /// Cuts each block in two, and feeds the block after it too, so that what the cut left behind
    /// shows. The reader is a value: it goes on from the block's beginning each time.
    @Test("gives the same events wherever it is cut", arguments: RecordedChatStream.all)
    func cuts(stream: RecordedChatStream) throws {
        let step = LongForms.areAsked ? 1 : 7
        let blocks = Self.blocks(try stream.bytes())
        var reader = reader()
        for (number, block) in blocks.enumerated() {
            let next = number + 1 < blocks.count ? blocks[number + 1] : []
            var uncut = reader
            let expected = uncut.feed(block) + uncut.feed(next)
            // One huge event is cut at fewer places: each cut reads it anew.
            let stride = stride(from: 1, to: block.count, by: step * max(1, block.count / 4_000))
            for offset in stride {
                var cut = reader
                let head = cut.feed(Array(block[..<offset]))
                let events = head + cut.feed(Array(block[offset...])) + cut.feed(next)
                if events != expected || cut.failure != uncut.failure {
                    Issue.record("block \(number) cut at \(offset) gives \(events)")
                    return
                }
            }
            _ = reader.feed(block)
        }
    }

    @Test(
        "is not complete when it is cut before its finish reason", arguments: RecordedChatStream.all
    )
    func truncated(stream: RecordedChatStream) throws {
        let blocks = Self.blocks(try stream.bytes())
        var reader = reader()
        for block in blocks {
            var cut = reader
            let half = cut.feed(Array(block.prefix(block.count / 2)))
            let hadFinish = cut.finishText != nil || cut.isEnded
            let end = cut.finish()
            let isFinished = (half + end).contains {
                if case .finished = $0 { true } else { false }
            }
            if !hadFinish && cut.finishText == nil && !isFinished {
                #expect(cut.failure != nil)
            }
            _ = reader.feed(block)
        }
    }

    /// The bytes in blocks that end with an empty line.
    private static func blocks(_ bytes: [UInt8]) -> [[UInt8]] {
        var blocks: [[UInt8]] = []
        var start = 0
        for index in bytes.indices where bytes[index] == 10 && index > start {
            let isEnd = bytes[index - 1] == 10 || (bytes[index - 1] == 13 && bytes[index - 2] == 10)
            guard isEnd else { continue }
            blocks.append(Array(bytes[start...index]))
            start = index + 1
        }
        return start < bytes.count ? blocks + [Array(bytes[start...])] : blocks
    }
}
