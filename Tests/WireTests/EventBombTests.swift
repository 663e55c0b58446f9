import Testing
import Wire

@Suite("A hostile event stream")
struct EventBombTests {
    /// Feeds a text again and again and counts the events, or nil when the limit was hit.
    private func eventCount(
        of text: String, times: Int, then end: String = "", limit: Int = 1 << 20
    ) -> Int? {
        var parser = EventParser(dialect: .openAI, limit: limit)
        let piece = Array(String(repeating: text, count: 100).utf8)
        var count = 0
        do {
            for _ in 0..<times / 100 { count += try parser.feed(piece).count }
            count += try parser.feed(end.utf8).count
            return count
        } catch {
            return nil
        }
    }

    @Test("of line ends alone has no events", arguments: ["\n", "\r", "\r\n"])
    func lineEnds(end: String) {
        #expect(eventCount(of: end, times: 500_000) == 0)
    }

    @Test("of heart-beats alone has no events")
    func comments() {
        #expect(eventCount(of: ":\n", times: 400_000, then: "data: ok\n\n") == 1)
    }

    @Test("of tiny events gives them all")
    func tinyEvents() {
        #expect(eventCount(of: "data: 1\n\n", times: 50_000) == 50_000)
    }

    @Test("of data lines without end hits the limit", arguments: ["data: a\n", "data\n"])
    func dataLines(line: String) {
        #expect(eventCount(of: line, times: 600_000, limit: 512 << 10) == nil)
    }

    @Test("of byte order marks is one unknown line")
    func marks() {
        #expect(eventCount(of: "\u{FEFF}", times: 100_000, then: "data: x\n\n") == 0)
    }

    @Test("of ids and retries keeps only the last")
    func identifiers() throws {
        var parser = EventParser()
        for number in 0..<20_000 {
            let events = try parser.feed("id: \(number)\n\nretry: 99999999999999999999\n\n".utf8)
            #expect(events.isEmpty)
        }
        #expect(parser.lastEventID == "19999")
        #expect(parser.retry == nil)
    }

    @Test("of random bytes is read to its end")
    func random() throws {
        var generator = SeededGenerator(seed: 3)
        for dialect in [EventDialect.standard, .openAI] {
            var parser = EventParser(dialect: dialect)
            for _ in 0..<200 {
                _ = try parser.feed(
                    (0..<1_000).map { _ in UInt8.random(in: 0...255, using: &generator) })
            }
            _ = try parser.finish()
        }
    }

    @Test("of a gateway's HTML page has no events")
    func page() {
        let page = "<!DOCTYPE html>" + String(repeating: "<p>502 Bad Gateway</p>", count: 1_000)
        #expect(eventCount(of: page, times: 100) == 0)
    }
}
