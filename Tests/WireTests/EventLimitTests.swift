import TestSupport
import Testing
import Wire

@Suite("The size limit of events")
struct EventLimitTests {
    @Test("fails a line that grows too long, until reset")
    func line() throws {
        var parser = EventParser(limit: 24)
        #expect(try parser.feed("data: short".utf8) == [])
        #expect(throws: EventStreamError.eventTooLarge(limit: 24)) {
            try parser.feed(" and now too long".utf8)
        }
        #expect(throws: EventStreamError.self) { try parser.feed("\n\ndata: a\n\n".utf8) }
        parser.reset()
        #expect(try parser.feed("data: a\n\n".utf8) == [ServerSentEvent(text: "a")])
    }

    @Test("fails data that grows line by line")
    func lines() {
        var parser = EventParser(limit: 24)
        #expect(throws: EventStreamError.self) {
            for _ in 0..<10 { _ = try parser.feed("data: 1234\n".utf8) }
        }
    }

    @Test("does not take away the events before the failure")
    func eventsBefore() throws {
        let text = "data: a\n\ndata: b\n\ndata: 0123456789012345678901234567890\n\ndata: c\n\n"
        for pieces in Chunks(text.utf8).everySplit {
            var parser = EventParser(limit: 24)
            var events: [ServerSentEvent] = []
            var failure: EventStreamError?
            do {
                for piece in pieces { events += try parser.feed(piece) }
                events += try parser.finish()
            } catch {
                failure = error
            }
            #expect(events.map(\.text) == ["a", "b"])
            #expect(failure == .eventTooLarge(limit: 24))
        }
    }

    @Test("keeps no bytes of comments and unknown fields, however long", arguments: [":", "zzz: "])
    func discarded(beginning: String) throws {
        var parser = EventParser(limit: 1024)
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 64 << 10)
        _ = try parser.feed(beginning.utf8)
        for _ in 0..<64 {
            _ = try parser.feed(piece)
            #expect(parser.heldByteCount == 0)
        }
        #expect(try parser.feed("\ndata: ok\n\n".utf8) == [ServerSentEvent(text: "ok")])
    }

    @Test("lets ids and retries of OpenAI's dialect pass unkept")
    func ignoredFields() throws {
        var parser = EventParser(dialect: .openAI, limit: 24)
        let long = String(repeating: "1", count: 100)
        #expect(try parser.feed("id: \(long)".utf8) == [])
        #expect(parser.heldByteCount == 0)
        #expect(try parser.feed("\nretry: \(long)\ndata: a\n\n".utf8).map(\.text) == ["a"])
    }

    @Test("bounds what a line without an end may hold")
    func endless() throws {
        var parser = EventParser(limit: 1 << 20)
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 64 << 10)
        _ = try parser.feed("data: ".utf8)
        var fed = 0
        #expect(throws: EventStreamError.self) {
            while fed < 64 << 20 {
                _ = try parser.feed(piece)
                fed += piece.count
            }
        }
        #expect(fed < 1 << 20)
        #expect(parser.heldByteCount == 0)
    }

    @Test("lets one event of 10 MiB in many lines through, fed in pieces")
    func huge() throws {
        let line = "data: " + String(repeating: "äöü€😀", count: 100) + "\n"
        let value = line.utf8.count - 6
        var parser = EventParser()
        var events: [ServerSentEvent] = []
        var data = 0
        while data < 10 << 20 {
            for piece in Chunks(line.utf8).pieces(of: 1_000) { events += try parser.feed(piece) }
            data += value
        }
        #expect(events.isEmpty)
        events += try parser.feed("\n".utf8)
        #expect(events.map(\.data.count) == [data - 1])
    }
}
