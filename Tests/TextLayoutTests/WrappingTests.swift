import TestSupport
import Testing

@testable import TextLayout

@Suite("Wrapping") struct WrappingTests {
    @Test(
        "breaks after spaces, beside wide characters and in words that are too long",
        arguments: [
            ("one two three", 7, ["one two", "three"]), ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
            ("漢字漢字漢", 4, ["漢字", "漢字", "漢"]), ("漢字、漢", 4, ["漢", "字、", "漢"]),
            ("ab 漢字cd", 5, ["ab 漢", "字cd"]), ("a  b", 1, ["a", "b"]), ("", 5, [""]),
            ("a\n\nb", 5, ["a", "", "b"]), ("x e\u{301}e\u{301}", 2, ["x", "e\u{301}e\u{301}"]),
            ("🇩🇪🇩🇪", 3, ["🇩🇪", "🇩🇪"]), ("漢", 1, ["漢"]),
        ])
    func rows(text: String, width: Int, rows: [String]) {
        #expect(text.wrapped(to: width).map(String.init) == rows)
    }

    @Test("changes only the last row when text is appended", arguments: 1...12)
    func prefixStable(width: Int) {
        let text = Array(
            "Ein Wort: Donaudampfschiff, 漢字「かな」です。 a  b\n\n  x🇩🇪🇺🇸 e\u{301}e\u{301} end ".utf8)
        let whole = text.wrapped(to: width)
        for step in 1...7 {
            var grown = WrappedText(width: width)
            for piece in Chunks(text).pieces(of: step) { grown.append(piece) }
            grown.finish()
            let rows = (0..<grown.rowCount).map { grown.row($0) }
            #expect(grown.bytes == text)
            #expect(rows.count == whole.count)
            #expect(
                rows == String(decoding: text, as: UTF8.self).wrapped(to: width).map(String.init))
        }
        for row in String(decoding: text, as: UTF8.self).wrapped(to: max(2, width)) {
            #expect(columns(of: row) <= max(2, width))
        }
    }

    @Test("keeps clusters whole at every width")
    func clusters() {
        let text = "a🇩🇪b한\u{1161}\u{11A8}c e\u{301}\u{302}".canonicalised
        for width in 2...8 {
            let pieces = text.wrapped(to: width).flatMap { $0.map(String.init) }
            #expect(pieces.filter { $0 != " " } == text.map(String.init).filter { $0 != " " })
        }
    }

    @Test("resizes to what a fresh layout gives")
    func resizing() {
        var text = WrappedText(width: 10)
        text.append("one two three four five six seven".utf8)
        text.resize(to: 14)
        let rows = (0..<text.rowCount).map { text.row($0) }
        #expect(rows == ["one two three", "four five six", "seven"])
    }
}
