import Assistants
import TestSupport
import Testing
import Wire

@Suite("A transcript")
struct TranscriptTests {
    @Test("keeps deltas of a message that was never created, and says so once")
    func orphan() {
        var transcript = Transcript()
        let first = transcript.apply(.messageDelta(MessageDelta(id: "m", text: "a", index: 1)))
        let second = transcript.apply(.messageDelta(MessageDelta(id: "m", text: "b", index: 1)))
        #expect(first == .fault(.deltaBeforeCreation("m")))
        #expect(second == .message("m"))
        #expect(transcript.message("m")?.text == "ab")
        #expect(transcript.message("m")?.role == .unknown(""))
    }

    @Test("is not changed by an impossible index", arguments: [-1, 1025, 65_536, Int.max])
    func impossibleIndex(index: Int) {
        var transcript = Transcript()
        transcript.apply(.messageDelta(MessageDelta(id: "m", text: "a")))
        let before = transcript.message("m")
        let parts = [
            MessageDelta.Part(index: 0, content: .text("b", annotations: [])),
            MessageDelta.Part(index: index, content: .text("c", annotations: [])),
        ]
        let change = transcript.apply(.messageDelta(MessageDelta(id: "m", parts: parts)))
        #expect(change == .fault(.indexOutOfRange("m")))
        #expect(transcript.message("m") == before)
    }

    @Test("puts parts in the order of their indexes, however they come")
    func outOfOrder() {
        var transcript = Transcript()
        for (index, text) in [(2, "third"), (0, "first"), (1, "second"), (2, " more")] {
            transcript.apply(.messageDelta(MessageDelta(id: "m", text: text, index: index)))
        }
        let texts = transcript.message("m")?.content.map { part in
            if case .text(let text) = part { text.value } else { "?" }
        }
        #expect(texts == ["first", "second", "third more"])
    }

    @Test("leaves out a delta of another kind, and says so")
    func kindChange() {
        var transcript = Transcript()
        transcript.apply(.messageDelta(MessageDelta(id: "m", text: "a")))
        let part = MessageDelta.Part(index: 0, content: .refusal("no"))
        let change = transcript.apply(.messageDelta(MessageDelta(id: "m", parts: [part])))
        #expect(change == .fault(.kindChanged("m")))
        #expect(transcript.message("m")?.text == "a")
    }

    @Test("pays for a delta, not for the message: 50,000 deltas move its text rarely")
    func cost() {
        var transcript = Transcript()
        var moves = 0
        var copied = 0
        var last: UnsafeRawPointer?
        for _ in 0..<50_000 {
            transcript.apply(.messageDelta(MessageDelta(id: "m", text: "four")))
            let (address, size) = transcript.storage(of: "m")
            if address != last {
                moves += 1
                copied += size
            }
            last = address
        }
        // A text that doubles its room moves some twenty times and copies about twice its length.
        #expect(moves < 40)
        #expect(copied < 200_000 * 4)
    }

    @Test("pays for a delta of arguments and of code as well")
    func toolCost() {
        var transcript = Transcript()
        var moves = 0
        var last: UnsafeRawPointer?
        for _ in 0..<20_000 {
            transcript.apply(
                .stepDelta(
                    RunStepDelta(
                        id: "s",
                        details: .toolCalls([
                            ToolCallDelta(
                                index: 0,
                                kind: .function(name: nil, arguments: "four", output: nil))
                        ]))))
            guard case .toolCalls(let calls)? = transcript.step("s")?.details,
                case .function(_, let arguments, _) = calls[0].kind
            else {
                Issue.record("No call")
                return
            }
            let address = arguments.storageAddress
            if address != last { moves += 1 }
            last = address
        }
        #expect(moves < 40)
    }

    @Test("takes a whole object in place of what its deltas gave")
    func wholeWins() {
        var transcript = Transcript()
        transcript.apply(.messageDelta(MessageDelta(id: "m", text: "draft")))
        let whole = Message(
            id: "m", createdAt: 1, threadID: "t", role: .assistant,
            content: [.text(MessageText("final"))])
        transcript.apply(.message(.completed, whole))
        #expect(transcript.messages == [whole])
    }

    @Test("puts older messages in front of what is there, each once")
    func prepend() {
        var transcript = Transcript()
        let messages = (0..<4).map {
            Message(id: "m\($0)", createdAt: $0, threadID: "t", role: .user)
        }
        transcript.apply(.message(.completed, messages[2]))
        transcript.apply(.message(.completed, messages[3]))
        transcript.prepend(Array(messages[0...2]))
        #expect(transcript.messages == messages)
        #expect(transcript.place(ofMessage: "m3") == 3)
    }
}

extension Transcript {
    /// Where a message's text lies and how long it is.
    fileprivate func storage(of id: Message.ID) -> (UnsafeRawPointer?, Int) {
        guard let place = place(ofMessage: id), case .text(let text) = messages[place].content[0]
        else { return (nil, 0) }
        return (text.value.storageAddress, text.value.utf8.count)
    }
}

extension String {
    /// Where the text's bytes lie; a text that was copied lies elsewhere.
    fileprivate var storageAddress: UnsafeRawPointer? {
        utf8.withContiguousStorageIfAvailable { UnsafeRawPointer($0.baseAddress) } ?? nil
    }
}
