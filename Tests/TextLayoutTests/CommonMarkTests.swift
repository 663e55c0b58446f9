import TestSupport
import Testing
import Wire

@testable import TextLayout

@Suite("Markdown of the CommonMark suite", .enabled(if: Fixture.isPresent))
struct CommonMarkTests {
    /// Examples whose text differs, each with its reason.
    static let exceptions: [Int: String] = [
        356: "md4c 0.4.8 follows 0.30, where currency signs are no punctuation",
        627: "md4c 0.4.8 follows 0.30, where a comment holds no --",
        628: "md4c 0.4.8 follows 0.30, where <!--> is no comment",
    ]

    struct Example {
        var number: Int
        var markdown: String
        var html: String
    }

    static func examples() throws -> [Example] {
        let bytes = try Fixture.shared("suites/commonmark/commonmark-spec-0.31.2.json")
        return try JSONValue(parsing: bytes).arrayValue?.compactMap { value in
            guard let number = value["example"]?.integerValue,
                let markdown = value["markdown"]?.stringValue,
                let html = value["html"]?.stringValue
            else { return nil }
            return Example(number: number, markdown: markdown, html: html)
        } ?? []
    }

    @Test("reads as the text of the expected HTML")
    func plainTexts() throws {
        let examples = try Self.examples()
        #expect(examples.count == 655)
        var differing: [Int] = []
        for example in examples {
            var text = MarkdownText(example.markdown)
            let ours = plainText(ofHTML: html(of: text.lines(width: 10_000)))
            let expected = plainText(ofHTML: example.html)
            if ours != expected {
                differing.append(example.number)
                if Self.exceptions[example.number] == nil {
                    Issue.record("\(example.number): \(example.markdown)\n\(ours)\n\(expected)")
                }
            }
        }
        #expect(differing == Self.exceptions.keys.sorted())
    }

    @Test("keeps the exact text of code")
    func codeTexts() throws {
        var count = 0
        for example in try Self.examples() where !example.markdown.contains("<pre") {
            let expected = codeTexts(ofHTML: example.html)
            if expected.isEmpty { continue }
            let ours = MarkdownText(example.markdown).codeBlocks.map(\.text)
            #expect(ours == expected, "\(example.number): \(example.markdown)")
            count += expected.count
        }
        #expect(count > 70)
    }

    @Test("is the same however it is cut")
    func cuts() throws {
        for example in try Self.examples() {
            var whole = MarkdownText(example.markdown)
            let expected = whole.lines(width: 40)
            for size in [1, 3] {
                var text = MarkdownText()
                for piece in Chunks(example.markdown.utf8).pieces(of: size) {
                    text.append(piece)
                    _ = text.rowCount(width: 40)
                }
                text.finish()
                #expect(text.lines(width: 40) == expected, "\(example.number)")
            }
        }
    }

    private func codeTexts(ofHTML html: String) -> [String] {
        var result: [String] = []
        var rest = Substring(html)
        while let start = rest.firstRange(of: "<pre><code") {
            rest = rest[start.upperBound...]
            guard let open = rest.firstIndex(of: ">"),
                let end = rest.firstRange(of: "</code></pre>")
            else { break }
            result.append(unescaped(rest[rest.index(after: open)..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
        return result
    }

    private func unescaped(_ text: Substring) -> String {
        String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
            .replacing("&quot;", with: "\"").replacing("&amp;", with: "&")
    }
}
