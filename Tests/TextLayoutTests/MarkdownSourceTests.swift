import Testing

@testable import TextLayout

@Suite("The source of Markdown rows") struct MarkdownSourceTests {
    @Test("has a part of the source for every run of rows, and all of it for all rows")
    func sources() {
        var text = MarkdownText(richDocument)
        let count = text.rowCount(width: 50)
        #expect(text.sourceText(text.sourceRange(ofRows: 0..<count, width: 50)) == richDocument)
        let ends = (1...count).map { text.sourceRange(ofRows: 0..<$0, width: 50).upperBound }
        #expect(ends == ends.sorted())
        for (row, line) in text.lines(width: 50).enumerated() {
            let source = text.sourceText(text.sourceRange(ofRows: row..<row + 1, width: 50))
            for span in line.spans where span.role == .body {
                for word in span.text.split(separator: " ")
                where word.utf8.allSatisfy({ $0 < 0x80 }) {
                    #expect(
                        source.contains(word) || source.contains("&") || source.contains("\\"),
                        "\(row) \(source)")
                }
            }
        }
    }

    @Test(
        "is found for every column of text",
        arguments: [
            ("a **bold** word", 3, "old** word"), ("- [link](https://e.org) x", 4, "- [link]"),
            ("- [link](https://e.org) x", 5, "ink]"), ("# é漢字 t", 3, "字 t"),
            ("```\na\tb = 1\n```", 8, "b = 1"), ("> a &amp; b", 6, "b"),
            ("one two", 99, ""), ("x &amp; y", 2, "&amp; y"),
        ])
    func columns(source: String, column: Int, rest: String) {
        var text = MarkdownText(source)
        let offset = text.sourceOffset(atRow: 0, column: column, width: 40)
        let found = text.sourceText(offset..<source.utf8.count)
        #expect(found.hasPrefix(rest) && (rest != "" || found == ""), "\(found)")
    }

    @Test("is exact for every cell of plain text, over all its wraps")
    func cells() {
        let source = String(repeating: "plain words, 漢字 and more; ", count: 12)
        var text = MarkdownText(source)
        for row in 0..<text.rowCount(width: 23) {
            let shown = text.lines(row..<row + 1, width: 23)[0].text
            var column = 0
            for cell in TextCells(shown) {
                let offset = text.sourceOffset(atRow: row, column: column, width: 23)
                let bytes = Array(shown.utf8)[cell.range]
                #expect(Array(source.utf8)[offset...].starts(with: bytes))
                column += cell.columns
            }
        }
    }
}
