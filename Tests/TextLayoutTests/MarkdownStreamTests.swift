import TestSupport
import Testing

@testable import TextLayout

@Suite("Markdown while it streams") struct MarkdownStreamTests {
    private static let source = Array(richDocument.utf8)

    @Test("gives the same rows for pieces of every size", arguments: 1...40)
    func sizes(size: Int) {
        var whole = MarkdownText(richDocument)
        var text = MarkdownText()
        for piece in Chunks(Self.source).pieces(of: size) {
            text.append(piece)
            _ = text.rowCount(width: 60)
        }
        text.finish()
        #expect(text.lines(width: 60) == whole.lines(width: 60))
        #expect(text.source == richDocument)
    }

    @Test("gives the same rows for pieces of random sizes", arguments: 0..<20)
    func randomSizes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var whole = MarkdownText(richDocument)
        var text = MarkdownText()
        var offset = 0
        while offset < Self.source.count {
            let end = min(Self.source.count, offset + Int.random(in: 1...200, using: &random))
            text.append(Self.source[offset..<end])
            offset = end
            // Some frames are drawn, at changing widths.
            if Bool.random(using: &random) {
                _ = text.lines(width: Int.random(in: 1...90, using: &random))
            }
        }
        text.finish()
        #expect(text.lines(width: 47) == whole.lines(width: 47))
    }

    @Test("shows after any prefix what a fresh text shows", arguments: [24, 80])
    func prefixes(width: Int) {
        var grown = MarkdownText()
        for (count, byte) in Self.source.enumerated() {
            grown.append([byte])
            let lines = grown.lines(width: width)
            if count % 5 != 0 { continue }
            var fresh = MarkdownText()
            fresh.append(Self.source[...count])
            #expect(fresh.lines(width: width) == lines, "\(count)")
        }
    }

    @Test("never changes a block that is closed")
    func closedBlocks() {
        var document = MarkdownDocument()
        var closed: [Int: Int] = [:]
        for byte in Self.source {
            document.append([byte])
            for index in 0..<document.closedCount {
                let lines = document.blocks[index].lines.count
                #expect(closed.updateValue(lines, forKey: index) ?? lines == lines)
            }
        }
        document.finish()
        #expect(document.blocks.count > 35)
    }

    @Test("fits every width, but for tables", arguments: [10, 20, 40, 100, 200])
    func widths(width: Int) {
        let lines = richDocument.split(separator: "\n", omittingEmptySubsequences: false)
        let withoutTable = lines.filter { !$0.hasPrefix("|") }.joined(separator: "\n")
        var text = MarkdownText(withoutTable)
        for line in text.lines(width: width) {
            #expect(line.columns <= width, "\(line.text)")
            #expect(line.columns == columns(of: line.text))
        }
    }

    @Test(
        "closes open marks for display only",
        arguments: [
            ("a **bold", "a bold", TextRole.strong), ("a **bold ", "a bold", .strong),
            ("a **bold*", "a bold", .strong), ("a *it", "a it", .emphasis),
            ("a `co", "a co", .code), ("a ~~gone", "a gone", .strike),
            ("a [text](htt", "a text", .link), ("a **b _c", "a b c", .strongEmphasis),
            ("- x **y", "  • x y", .strong), ("# h **b", "h b", .heading1),
            ("a __b", "a b", .strong), ("> **q", "▌ q", .strong),
        ])
    func unfinishedMarks(source: String, shown: String, role: TextRole) {
        var text = MarkdownText()
        text.append(source.utf8)
        let lines = text.lines(width: 40)
        #expect(lines.map(\.text) == [shown])
        #expect(lines.first?.spans.last?.role == role)
    }

    @Test(
        "keeps back what may still become a mark",
        arguments: [
            "-", "- ", "1", "12.", "#", "## ", "``", "~~", "==", "--", "- [", "- [ ] ", "> ",
            "a *", "a **", "a `",
        ])
    func keptBack(source: String) {
        var text = MarkdownText()
        text.append(source.utf8)
        #expect(text.lines(width: 40).map(\.text).joined() == (source.hasPrefix("a") ? "a" : ""))
        // What follows decides: here it was only text.
        text.append("y x".utf8)
        #expect(text.lines(width: 40).map(\.text).joined().hasSuffix("x"))
    }

    @Test("does not take a dash under a paragraph for an underline before its line ends")
    func underline() {
        var text = MarkdownText()
        text.append("Paragraph\n-".utf8)
        #expect(text.lines(width: 40).map { $0.spans.map(\.role) } == [[.body]])
        text.append(" item".utf8)
        #expect(text.lines(width: 40).map(\.text) == ["Paragraph", "  • item"])
    }

    @Test("shows the rows of a table when they are whole, and never its source")
    func tableRows() {
        var text = MarkdownText()
        var shown: [[String]] = []
        for byte in "| a | b |\n|---|---|\n| 1 | 2 |\n\nend".utf8 {
            text.append([byte])
            let rows = text.lines(width: 30).map(\.text)
            if rows != shown.last { shown.append(rows) }
        }
        let head = ["  a   b", "  ─────"]
        let body = head + ["  1   2"]
        let ends = ["e", "en", "end"].map { body + ["", $0] }
        #expect(shown == [[], head, body] + ends)
    }

    @Test("does not move rows when a block closes")
    func noJump() {
        for (open, close) in [
            ("Some **text** here", "\n\nNext"), ("- a\n- b", "\n\nNext"), ("> q", "\n\nNext"),
            ("```\ncode", "\n```\nNext"), ("| a | b |\n|---|---|\n| 1 | 2 |\n", "\nNext"),
            ("# h", "\nNext"),
            ("- [x] t", "\n\nNext"),
        ] {
            var text = MarkdownText()
            text.append(open.utf8)
            let before = text.lines(width: 30)
            text.append(close.utf8)
            #expect(Array(text.lines(width: 30).prefix(before.count)) == before, "\(open)")
        }
    }

    @Test("ends a very long line where it ends", arguments: [8_191, 8_192, 8_193, 12_000, 16_384])
    func longLine(bytes: Int) {
        let line = String(repeating: "A", count: bytes)
        for pieces in [[line + "\n\nafter\n\n- end"], [line, "\n", "\nafter\n", "\n- end"]] {
            var text = MarkdownText()
            for piece in pieces {
                text.append(piece.utf8)
                _ = text.rowCount(width: 80)
            }
            text.finish()
            let rows = text.lines(width: 80).map(\.text)
            #expect(Array(rows.suffix(4)) == ["", "after", "", "  • end"])
        }
    }
}
