import Testing

@testable import Terminal

@Suite("A frame") struct FrameEncoderTests {
    @Test("is one synchronized update, a small one as it is, and nothing when nothing changed")
    func brackets() {
        var encoder = FrameEncoder()
        let large = String(repeating: "abc", count: 50)
        #expect(encode(large, &encoder) == "\u{1b}[?2026h" + large + "\u{1b}[?2026l")
        #expect(encode("abc", &encoder) == "abc")
        #expect(encode("", &encoder) == "")
        encoder.isSynchronized = false
        #expect(encode(large, &encoder) == large)
    }

    @Test("shows and hides the cursor when that changes")
    func cursor() {
        var encoder = FrameEncoder()
        encoder.isSynchronized = false
        #expect(encode("a", &encoder, cursor: false) == "\u{1b}[?25la")
        #expect(encode("b", &encoder, cursor: false) == "b")
        #expect(encode("", &encoder) == "\u{1b}[?25h")
    }

    @Test("says what lent indexes stand for")
    func colors() throws {
        var slots = PaletteSlots()
        let red = try lent(.rgb(200, 1, 2), 0, nil, &slots)
        let grey = try lent(.palette(240), 0, nil, &slots)
        #expect(try lent(.rgb(200, 1, 2), 0, nil, &slots) == red)
        var encoder = FrameEncoder()
        encoder.isSynchronized = false
        #expect(
            encode("\u{1b}[1;38;5;\(red);48;5;\(grey)mx\u{1b}[m", &encoder, slots: slots)
                == "\u{1b}[1;38;2;200;1;2;48;5;240mx\u{1b}[m")
    }

    @Test("strikes through where ncurses blinks, and leaves out character sets")
    func rewriting() {
        var encoder = FrameEncoder()
        encoder.isSynchronized = false
        #expect(
            encode("\u{1b}(B\u{1b}[0;1;5mx\u{1b}[m\u{f}y", &encoder) == "\u{1b}[0;1;9mx\u{1b}[my")
        #expect(encode("\u{1b}[38;5;200mx\u{1b}[1;5H", &encoder) == "\u{1b}[38;5;200mx\u{1b}[1;5H")
        encoder.isModern = false
        #expect(encode("\u{1b}[5mx", &encoder) == "\u{1b}[5mx")
    }

    @Test("leaves out a style that is reset before anything is written")
    func idleStyles() {
        var encoder = FrameEncoder()
        encoder.isSynchronized = false
        #expect(
            encode("\u{1b}[31mx\u{1b}[39m\u{1b}(B\u{1b}[my", &encoder) == "\u{1b}[31mx\u{1b}[my")
        #expect(
            encode("\u{1b}[39m\u{1b}[0;1mx\u{1b}[39m\u{1b}[1my", &encoder)
                == "\u{1b}[0;1mx\u{1b}[39m\u{1b}[1my")
        #expect(encode("\u{1b}[39m", &encoder) == "\u{1b}[39m")
        #expect(encode("\u{1b}[39m\u{1b}[0", &encoder) == "\u{1b}[39m\u{1b}[0")
    }

    @Test("never ends inside a link")
    func links() throws {
        var slots = PaletteSlots()
        let address = "https://example.org"
        let link = Link.hash(address)
        let index = try lent(.standard, link, address, &slots)
        var encoder = FrameEncoder()
        encoder.isSynchronized = false
        #expect(
            encode("\u{1b}[38;5;\(index)mx", &encoder, slots: slots)
                == "\u{1b}[39m\u{1b}]8;id=\(link);\(address)\u{1b}\\x\u{1b}]8;;\u{1b}\\")
    }

    @Test(
        "passes on whatever else it is given",
        arguments: ["\u{1b}", "\u{1b}[", "\u{1b}[12", "a\u{1b}("])
    func cutSequences(bytes: String) {
        var encoder = FrameEncoder()
        encoder.isSynchronized = false
        #expect(encode(bytes, &encoder) == bytes)
    }

    @Test("takes back the indexes that no row uses")
    func reclaims() throws {
        var slots = PaletteSlots()
        for shade in 0..<240 {
            let index = try lent(.rgb(UInt8(shade), 0, 0), 0, nil, &slots)
            var used = PaletteSlots.Usage.zero
            used.insert(index)
            slots.note(used, row: shade % 10)
        }
        #expect(slots.index(of: .rgb(0, 1, 0), link: 0, address: nil) == nil)
        slots.reclaim(rows: 10)
        _ = try lent(.rgb(0, 1, 0), 0, nil, &slots)
        let kept = try lent(.rgb(239, 0, 0), 0, nil, &slots)
        #expect(slots.meaning(of: Int(kept))?.color == .rgb(239, 0, 0))
    }

    private func lent(
        _ color: Color, _ link: UInt32, _ address: String?, _ slots: inout PaletteSlots
    ) throws -> UInt8 {
        let index = slots.index(of: color, link: link, address: address)
        return try #require(index)
    }

    private func encode(
        _ text: String, _ encoder: inout FrameEncoder, slots: PaletteSlots = PaletteSlots(),
        cursor: Bool = true
    ) -> String {
        let bytes = Array(text.utf8).withUnsafeBufferPointer {
            encoder.frame($0, slots: slots, isCursorShown: cursor)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
