import TestSupport
import Testing
import Wire

@Suite("An event stream", .enabled(if: Fixture.isPresent))
struct EventParserTests {
    @Test("gives the suites' events when it comes whole", arguments: EventCase.files)
    func whole(file: String) throws {
        for one in try EventCase.all(in: file) {
            #expect(try one.outcome(of: one.input.whole) == one.expected, "\(one.name)")
        }
    }

    @Test("gives the suites' events in the pieces they name", arguments: EventCase.files)
    func pieces(file: String) throws {
        for one in try EventCase.all(in: file) {
            guard let lengths = one.pieceLengths else { continue }
            #expect(try one.outcome(of: one.input.pieces(lengths)) == one.expected, "\(one.name)")
        }
    }

    @Test("gives the suites' events byte by byte", arguments: EventCase.files)
    func bytewise(file: String) throws {
        for one in try EventCase.all(in: file) {
            #expect(try one.outcome(of: one.input.bytewise) == one.expected, "\(one.name)")
        }
    }

    @Test("gives the suites' events however it is cut in two", arguments: EventCase.files)
    func everySplit(file: String) throws {
        for one in try EventCase.all(in: file) {
            for pieces in one.input.everySplit {
                let outcome = try one.outcome(of: pieces)
                if outcome != one.expected {
                    Issue.record("\(one.name) cut after \(pieces[0].count): \(outcome)")
                    break
                }
            }
        }
    }
}

@Suite("A cut event stream")
struct EventParserCutTests {
    private static let fragments = [
        "data: a", "data", "data:", "event: x", "event", "id: 7", "id", "id: \0", "retry: 20",
        "retry: z", ":note", ":", "other: b", "datax: c", "d", " ", "\u{FEFF}", "äö", "\n", "\n",
        "\r", "\r", "\r\n", "\r\n", "\n\n",
    ]

    @Test(
        "means the same as one read by plain splitting",
        arguments: [EventDialect.standard, .openAI])
    func random(dialect: EventDialect) throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...24, using: &generator) {
                text += try #require(Self.fragments.randomElement(using: &generator))
            }
            let expected = PlainEventReader.outcome(of: text, dialect: dialect)
            let chunks = Chunks(text.utf8)
            for pieces in [
                chunks.whole, chunks.bytewise, chunks.randomPieces(upTo: 9, using: &generator),
            ] {
                var parser = EventParser(dialect: dialect)
                let outcome = try EventOutcome(of: pieces, by: &parser)
                #expect(outcome == expected, "\(text.debugDescription)")
            }
        }
    }

    @Test("knows whether it ends within an event")
    func unfinished() throws {
        var parser = EventParser(dialect: .openAI)
        _ = try parser.feed("data: a\n\n".utf8)
        #expect(!parser.isInsideEvent)
        _ = try parser.feed("data: b\n".utf8)
        #expect(parser.isInsideEvent)
        #expect(try parser.finish() == [])
        #expect(!parser.isInsideEvent)
    }

    @Test("begins anew after its end, with its id and retry")
    func secondConnection() throws {
        var parser = EventParser()
        _ = try parser.feed("\u{FEFF}id: 5\nretry: 9\ndata: a\n\ndata: lost\r".utf8)
        _ = try parser.finish()
        let events = try parser.feed("\n\u{FEFF}data: x\n\ndata: b\n\n".utf8)
        #expect(events == [ServerSentEvent(name: "message", data: Array("b".utf8), id: "5")])
        #expect(parser.lastEventID == "5")
        #expect(parser.retry == 9)
    }

    @Test("does not lose the bytes of a byte order mark that is none")
    func brokenMark() throws {
        for mark in [[0xEF], [0xEF, 0xBB], [0xEF, 0xBB, 0xBE], [0xBB, 0xBF]] as [[UInt8]] {
            let chunks = Chunks(mark + "data: unknown field\n\ndata: b\n\n".utf8)
            for pieces in [chunks.whole, chunks.bytewise] + Array(chunks.everySplit) {
                var parser = EventParser()
                let outcome = try EventOutcome(of: pieces, by: &parser)
                #expect(outcome.events == [ServerSentEvent(text: "b")])
            }
        }
    }

    @Test("is taken from any sequence of bytes")
    func sequences() throws {
        var parser = EventParser()
        let text = "event: e\ndata: a\n\n"
        let expected = [ServerSentEvent(name: "e", text: "a")]
        #expect(try parser.feed(Array(text.utf8)) == expected)
        #expect(try parser.feed(text.utf8) == expected)
        #expect(try parser.feed(Array(("xx" + text).utf8)[2...]) == expected)
        #expect(try parser.feed(AnySequence(Array(text.utf8))) == expected)
    }

    @Test("ignores a reconnection time that does not fit")
    func retryOverflow() throws {
        var parser = EventParser()
        _ = try parser.feed("retry: 999999999999999999999999\n\nretry: 5\n\n".utf8)
        #expect(parser.retry == 5)
    }
}
