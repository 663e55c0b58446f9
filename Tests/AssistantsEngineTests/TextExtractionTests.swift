import Assistants
import Testing

@testable import AssistantsEngine

@Suite("The text of a file") struct TextExtractionTests {
    private func text(_ bytes: [UInt8], _ name: String) throws -> String {
        String(decoding: try TextExtraction.text(of: bytes, filename: name), as: UTF8.self)
    }

    @Test(
        "is read from Markdown, JSON and code as it is",
        arguments: ["a.md", "a.json", "a.swift", "a.py", "noending", "a.tex"])
    func plain(name: String) throws {
        #expect(try text(Array("{\"ä\": 1}".utf8), name) == "{\"ä\": 1}")
    }

    @Test("is read from UTF-16 and without marks")
    func encodings() throws {
        #expect(try text([0xFF, 0xFE, 0x41, 0, 0xE4, 0], "a.txt") == "Aä")
        #expect(try text([0xFE, 0xFF, 0, 0x41, 0, 0xE4], "a.txt") == "Aä")
        #expect(try text([0xEF, 0xBB, 0xBF, 0x41], "a.txt") == "A")
    }

    @Test("is what a reader sees of HTML")
    func html() throws {
        let page = """
            <!DOCTYPE html><html><head><title>Zoo</title><style>p { a: b }</style>
            <script>if (a < b) { "</p>" }</script></head><body><h1 title="a > b">Animals</h1>
            <p>A&nbsp;zebra &amp; a <b>ti</b>ger, 3 < 4 &#8212; &#x41;.</p><!-- <p>not</p> -->
            <ul><li>one<li>two</ul><table><tr><td>a</td><td>b</td></tr></table></body></html>
            """
        #expect(
            try text(Array(page.utf8), "zoo.html").split(separator: "\n").map(String.init) == [
                "Zoo", "Animals", "A zebra & a tiger, 3 < 4 — A.", "one", "two", "a b",
            ])
    }

    @Test(
        "of a broken page is still text",
        arguments: ["<", "<a", "a < b", "<!--", "<script>x", "&", "&#;", "&#xFFFFFFFF;", "<a 'x>y"])
    func brokenPages(page: String) throws {
        _ = HTMLText.text(of: Array((page + " word").utf8))
        let many = String(repeating: page, count: 20_000)
        _ = HTMLText.text(of: Array(many.utf8))
    }

    @Test("is told to be missing where there is none")
    func unsupported() {
        let table: [([UInt8], String, IndexingError.Code)] = [
            (Array("%PDF-1.7".utf8), "a.pdf", .unsupportedFile),
            ([0x89, 0x50, 0], "noending", .unsupportedFile),
            ([0xC3, 0x28], "a.txt", .unsupportedFile), ([], "a.txt", .invalidFile),
            (Array(" \n".utf8), "a.txt", .invalidFile),
            (Array("<p></p>".utf8), "a.html", .invalidFile),
        ]
        for (bytes, name, code) in table {
            #expect {
                _ = try text(bytes, name)
            } throws: {
                ($0 as? IndexingError)?.code == code
            }
        }
    }
}

@Suite("Pieces of a text") struct PassageCutterTests {
    private func pieces(
        _ text: String, tokens: Int, overlap: Int
    ) -> [PassageCutter.Piece] {
        PassageCutter(tokens: tokens, overlap: overlap).pieces(of: Array(text.utf8))
    }

    @Test("give the text again without what they share", arguments: [0, 10, 25, 50])
    func whole(overlap: Int) {
        let texts = [
            (0..<500).map { "Sentence \($0). " }.joined(), String(repeating: "x", count: 3000),
            String(repeating: "斑马和老虎。", count: 300), String(repeating: "👩‍👧", count: 500),
            (0..<200).map { "Line \($0)\n\n" }.joined(),
        ]
        for text in texts {
            let pieces = pieces(text, tokens: 100, overlap: overlap)
            let joined = pieces.map {
                String(decoding: $0.text.utf8.dropFirst($0.overlap), as: UTF8.self)
            }.joined()
            #expect(joined == text)
            for piece in pieces {
                #expect(PassageCutter.tokenCount(of: piece.text.utf8) <= 100)
            }
            if overlap > 0 { #expect(pieces.dropFirst().allSatisfy { $0.overlap > 0 }) }
        }
    }

    @Test("end with a paragraph or a sentence where one is near")
    func breaks() {
        let text = String(repeating: "word ", count: 70) + "end.\n\nNext " + text(of: 100)
        #expect(pieces(text, tokens: 100, overlap: 0)[0].text.hasSuffix("end.\n\n"))
    }

    private func text(of words: Int) -> String { String(repeating: "more ", count: words) }

    @Test("are one for a short text and none for nothing")
    func few() {
        #expect(pieces("short", tokens: 800, overlap: 400).map(\.text) == ["short"])
        #expect(pieces("", tokens: 800, overlap: 400).isEmpty)
        #expect(pieces(" \n ", tokens: 800, overlap: 400).isEmpty)
    }
}
