import Testing

@testable import TextLayout

@Suite("Markdown as drawn") struct MarkdownDrawingTests {
    private func drawn(_ source: String, width: Int, style: MarkdownStyle = .unicode) -> [String] {
        var text = MarkdownText(source, style: style)
        return text.lines(width: width).map(\.text)
    }

    @Test("has markers, bars and rules, and blank rows where the source has them")
    func blocks() {
        let source = """
            Growth:

            - one
            - two is long enough to wrap
              1. nested

            > said
            > twice

            ```sh
            ls
            ```
            ---
            """
        let expected = """
            Growth:

              • one
              • two is long
                enough to wrap
                1. nested

            ▌ said twice

              │ ls

            ────────────────────
            """
        #expect(drawn(source, width: 20).joined(separator: "\n") == expected)
    }

    @Test("has ASCII stand-ins")
    func ascii() {
        let source = "- a\n- [x] b\n\n> q\n\n```\nc\n```\n\n| h |\n|---|\n| v |\n"
        let rows = drawn(source, width: 20, style: .ascii)
        #expect(rows == ["  * a", "  [x] b", "", "> q", "", "  | c", "", "  h", "  -", "  v"])
        #expect(rows.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } })
    }

    @Test("aligns the columns of a table")
    func table() {
        let source = """
            | Region | Q2 | Growth |
            |:--|--:|:-:|
            | North | 1.20 M | 9 % |
            | 南 | 10.20 M | 21.4 % |
            """
        let expected = """
              Region        Q2   Growth
              ─────────────────────────
              North     1.20 M    9 %
              南       10.20 M   21.4 %
            """
        #expect(drawn(source, width: 40).joined(separator: "\n") == expected)
    }

    @Test("wraps the cells of a table that is too wide, when that makes it fit")
    func narrowTable() {
        let source =
            "| Name | Description |\n|---|---|\n| alpha | some words that are long enough |\n"
        let expected = """
              Name   Description
              ──────────────────────
              alpha  some words that
                     are long enough
            """
        #expect(drawn(source, width: 24).joined(separator: "\n") == expected)
    }

    @Test("leaves a table as it is when even wrapping does not make it fit")
    func wideTable() {
        let head = "| " + (1...12).map { "column\($0)" }.joined(separator: " | ") + " |\n"
        let rule = "|" + String(repeating: "---|", count: 12) + "\n"
        var text = MarkdownText("before\n\n" + head + rule + head)
        let lines = text.lines(width: 40)
        #expect(lines.count == 5)
        #expect(lines[2].columns > 40 && lines[2].columns == lines[4].columns)
        #expect(text.naturalColumns(width: 40) == lines[3].columns)
    }

    @Test("gives each piece of a wrapped link its whole target, and only targets that are safe")
    func links() {
        var text = MarkdownText(
            "see [a link with words](https://e.org/ü?a=1&amp;b) [ssh](ssh://-oP) [js](javascript:x)"
        )
        let spans = text.lines(width: 14).flatMap(\.spans)
        let links = spans.filter { $0.link != nil }
        #expect(links.count >= 2)
        #expect(Set(links.compactMap(\.link)) == ["https://e.org/%C3%BC?a=1&b"])
        #expect(links.allSatisfy { $0.role == .link })
        var auto = MarkdownText("at https://swift.org/a_b now")
        #expect(auto.lines(width: 40)[0].spans.map(\.link) == [nil, "https://swift.org/a_b", nil])
    }

    @Test("gives roles to what is inside a sentence")
    func roles() {
        var text = MarkdownText("a *b* **c** ***d*** `e` ~~f~~ <i> 【1】")
        let roles = text.lines(width: 60)[0].spans.filter { $0.text != " " }.map(\.role)
        #expect(
            roles == [.body, .emphasis, .strong, .strongEmphasis, .code, .strike, .html, .citation])
    }

    @Test("numbers on as the source began")
    func ordinals() {
        #expect(drawn("7. a\n1. b\n1. c", width: 20) == ["  7. a", "  8. b", "  9. c"])
    }

    @Test(
        "takes no indented line of a paragraph for a block",
        arguments: [
            "# h", "~~~ f", "``` f", "- i", "> q", "1. i", "***", "---", "===", "<div>", "|-|-|",
            "+",
        ])
    func indentedLines(line: String) {
        #expect(drawn("y | y\n    \(line)\nz", width: 60) == ["y | y \(line) z"])
    }

    @Test("shows notes as they are written, each on its row")
    func notes() {
        let source = "see [^1] and [^b]\n\n[^1]: https://e.org\n[^b]: word\n"
        let rows = drawn(source, width: 40)
        #expect(rows == ["see [^1] and [^b]", "", "[^1]: https://e.org", "[^b]: word"])
    }

    @Test("shows one bar for code that has not begun")
    func emptyCode() {
        var text = MarkdownText()
        text.append("```swift\n".utf8)
        #expect(text.lines(width: 20).map(\.text) == ["  │ "])
        text.append("l".utf8)
        #expect(text.lines(width: 20).map(\.text) == ["  │ l"])
    }

    @Test("keeps code as it was written, for copying")
    func code() {
        var text = MarkdownText("> ```swift\n> let x = 1\n>\n>   y()\n> ```\n\nand\n\n\tz\n")
        #expect(text.codeBlocks.map(\.text) == ["let x = 1\n\n  y()\n", "z\n"])
        #expect(text.codeBlocks.map(\.language) == ["swift", ""])
        #expect(text.codeBlock(atRow: 1, width: 40)?.text == "let x = 1\n\n  y()\n")
        #expect(text.codeBlock(atRow: 5, width: 40) == nil)
        var open = MarkdownText()
        open.append("```\na\nb".utf8)
        #expect(open.codeBlocks.map(\.text) == ["a\nb\n"])
        #expect(open.codeBlock(atRow: 1, width: 40)?.text == "a\nb\n")
    }
}
