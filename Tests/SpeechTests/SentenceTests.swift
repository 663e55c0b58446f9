import Speech
import TestSupport
import Testing

@Suite("What is spoken of a text")
struct SentenceTests {
    /// A text and the pieces it is spoken in.
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var pieces: [String]
        var testDescription: String { String(text.prefix(30)) }
    }

    static let cases: [Case] = [
        Case(text: "", pieces: []),
        Case(text: " \n\n ", pieces: []),
        Case(text: "Hi", pieces: ["Hi."]),
        Case(
            text: "This is the first sentence. And this is the second one, which is longer. End.",
            pieces: [
                "This is the first sentence.", "And this is the second one, which is longer.",
                "End.",
            ]),
        Case(
            text: "Pi is 3.14, as Dr. Smith, i.e. J. Smith, says. Version 2.5.1 knew it before us.",
            pieces: [
                "Pi is 3.14, as Dr. Smith, i.e. J. Smith, says.",
                "Version 2.5.1 knew it before us.",
            ]),
        Case(
            text: "# A *heading*\n\nIt says **this and\nthat. Still** bold with `code()` here.\n",
            pieces: ["A heading. It says this and that.", "Still bold with code() here."]),
        Case(
            text:
                "Look at [the page](https://example.org/very/long?x=1) or https://example.org/a.\n",
            pieces: ["Look at the page or example.org."]),
        Case(
            text: "Here is how it is done:\n\n```swift\nlet x = 1\n```\n\nThat was all of it.\n",
            pieces: ["Here is how it is done:", "Code block in swift. That was all of it."]),
        Case(
            text:
                "Numbers follow here:\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\nAnd after it.\n",
            pieces: ["Numbers follow here:", "And after it."]),
        Case(
            text: "It is so【4:0†notes.txt】 and stays so【1】. <b>Really</b> so, I am told.\n",
            pieces: ["It is so and stays so.", "Really so, I am told."]),
        Case(
            text: "- [x] first thing\n- second thing\n\n> quoted words\n",
            pieces: ["first thing. second thing.", "quoted words."]),
        Case(text: "これは文です。次の文です！最後", pieces: ["これは文です。次の文です！最後"]),
    ]

    @Test("is its sentences, without marks, code and tables", arguments: cases)
    func pieces(example: Case) {
        #expect(Self.pieces(of: example.text) == example.pieces)
    }

    @Test("is the same however the text is cut as it comes", arguments: cases)
    func cuts(example: Case) {
        #expect(Self.pieces(of: example.text, cut: 1) == example.pieces)
        #expect(Self.pieces(of: example.text, cut: 7) == example.pieces)
    }

    @Test("comes before the text is complete, as soon as a sentence is known to be over")
    func early() {
        var splitter = SentenceSplitter()
        splitter.append(Array("The first sentence is over.".utf8))
        #expect(splitter.next() == nil)
        splitter.append(Array(" T".utf8))
        #expect(splitter.next() == "The first sentence is over.")
        splitter.append(Array("he second one is not and goes on".utf8))
        #expect(splitter.next() == nil)
        splitter.finish()
        #expect(splitter.next() == "The second one is not and goes on.")
        #expect(splitter.next() == nil)
    }

    @Test("has no piece that is too long, and loses no word")
    func long() {
        let words = (0..<2_000).map { "word\($0)" + ($0 % 37 == 0 ? "," : "") }
        let text = words.joined(separator: " ")
        let pieces = Self.pieces(of: text, cut: 11)
        #expect(pieces.allSatisfy { $0.count <= 301 })
        let spoken = pieces.flatMap { $0.split(separator: " ").map(String.init) }
        let isWhole = spoken.dropLast().elementsEqual(words.dropLast())
        #expect(isWhole && spoken.count == words.count, "\(spoken.count)")
        let solid = Self.pieces(of: String(repeating: "x", count: 10_000))
        #expect(solid.reduce(0) { $0 + $1.filter { $0 == "x" }.count } == 10_000)
        #expect(solid.allSatisfy { $0.count <= 301 })
    }

    @Test("is bounded for whatever bytes come")
    func hostile() {
        var generator = SeededGenerator(seed: 7)
        let signs =
            Array("*_`[]()#>-|\n\n .!?~<&;:\\1a\u{1B}".utf8) + [0x00, 0xC3, 0xE3, 0x80, 0xFF]
        for _ in 0..<60 {
            let count = Int.random(in: 0..<400, using: &generator)
            let bytes = (0..<count).map { _ in
                signs[Int.random(in: 0..<signs.count, using: &generator)]
            }
            var splitter = SentenceSplitter()
            var pieces = 0
            for byte in bytes {
                splitter.append([byte])
                while let piece = splitter.next() {
                    pieces += 1
                    #expect(!piece.isEmpty && piece.count <= 320)
                }
            }
            splitter.finish()
            while splitter.next() != nil { pieces += 1 }
            #expect(pieces <= count + 1)
        }
    }

    private static func pieces(of text: String, cut: Int = .max) -> [String] {
        var splitter = SentenceSplitter()
        var pieces: [String] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            splitter.append(Array(rest.prefix(cut)))
            rest = rest.dropFirst(cut)
            while let piece = splitter.next() { pieces.append(piece) }
        }
        splitter.finish()
        while let piece = splitter.next() { pieces.append(piece) }
        return pieces
    }
}
