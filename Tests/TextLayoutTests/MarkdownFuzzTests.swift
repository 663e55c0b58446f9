import TestSupport
import Testing

@testable import TextLayout

@Suite("Markdown of any kind") struct MarkdownFuzzTests {
    /// Pieces that mean something to a parser, to be put together at random.
    private static let pieces = [
        "-", "- ", "* ", "+", "1. ", "23) ", ">", "> ", "#", "### ", "```", "~~~~", "`", "``", "*",
        "**", "_", "~~", "[", "]", "](", ")", "!", "<", ">", "<a href='x'>", "</div>", "<!--",
        "-->",
        "<pre>", "&amp;", "&#x41;", "&", "\\", "|", "|---|", "---", "===", "\n", "\n\n", "  \n",
        "\t",
        "    ", " ", " ", "word", "a", "漢字", "e\u{301}", "👩\u{200D}👧", "🇩🇪", "\u{202E}",
        "\u{1B}[31m",
        "\r\n", "\r", "\u{0}", "[foo]: /url\n", "[foo]", "[^1]: ", "- [ ] ", "https://x.org", "【1】",
    ]

    private static func document(_ seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...80, using: &random) {
            bytes += Array(pieces[Int.random(in: 0..<pieces.count, using: &random)].utf8)
            // Now and then a byte that is not UTF-8.
            if Int.random(in: 0..<50, using: &random) == 0 {
                bytes.append(UInt8.random(in: 0...255, using: &random))
            }
        }
        return bytes
    }

    @Test("gives clean rows that fit, the same however it is cut")
    func anything() {
        for seed in 0..<UInt64(LongForms.areAsked ? 20_000 : 400) {
            let bytes = Self.document(seed)
            var whole = MarkdownText()
            whole.append(bytes)
            whole.finish()
            let width = Int(seed % 61) + 1
            let lines = whole.lines(width: width)
            var text = MarkdownText()
            for piece in Chunks(bytes).pieces(of: Int(seed % 7) + 1) {
                text.append(piece)
                check(text.lines(width: width), seed)
            }
            text.finish()
            #expect(text.lines(width: width) == lines, "\(seed)")
            check(lines, seed)
            let all = text.sourceRange(ofRows: 0..<lines.count, width: width)
            #expect(lines.isEmpty || all == 0..<bytes.count, "\(seed)")
        }
    }

    private func check(_ lines: [Line], _ seed: UInt64) {
        for line in lines {
            #expect(line.columns == columns(of: line.text), "\(seed)")
            #expect(MaliciousTextTests.isClean(Array(line.text.utf8)), "\(seed)")
        }
    }

    @Test("costs its length, not more, when it is nothing but marks")
    func marks() {
        for mark in [
            "> ", "- ", "[", "*a ", "`", "<", "|", "1. ", "&", "![", "](", "<!--", "_a", "\\",
        ] {
            let source = String(repeating: mark, count: 6000)
            var text = MarkdownText()
            for piece in Chunks(source.utf8).pieces(of: 4000) {
                text.append(piece)
                _ = text.rowCount(width: 60)
            }
            text.finish()
            #expect(text.rowCount(width: 60) > 0)
            #expect(text.parsedBytes < 40 * source.utf8.count, "\(mark)")
        }
    }
}
