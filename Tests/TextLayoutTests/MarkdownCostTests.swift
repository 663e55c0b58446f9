import TestSupport
import Testing

@testable import TextLayout

@Suite("The cost of a delta of Markdown") struct MarkdownCostTests {
    private static let parts = [
        "Here is a *paragraph* with **bold**, `code`, and a [link](https://example.org/x) it.\n\n",
        "- item one with text\n- item **two**\n  - nested `x`\n1. first\n2. second\n\n",
        "```swift\nfunc f(_ x: Int) -> Int {\n  return x * 42\n}\n```\n\n",
        "| a | b | c |\n|---|:-:|--:|\n| 1 | two | 3.0 |\n| x | **y** | z |\n\n",
    ]

    /// The bytes handed to md4c for each delta, for each tenth of a text.
    private func tenths(_ source: String, step: Int = 8) -> [Int] {
        let bytes = Array(source.utf8)
        var text = MarkdownText()
        var costs: [Int] = []
        for piece in Chunks(bytes).pieces(of: step) {
            let before = text.parsedBytes
            text.append(piece)
            let rows = text.rowCount(width: 80)
            _ = text.lines(max(0, rows - 20)..<rows, width: 80)
            costs.append(text.parsedBytes - before)
        }
        let size = costs.count / 10
        return (0..<10).map { tenth in
            costs[(tenth * size)..<((tenth + 1) * size)].reduce(0, +) / size
        }
    }

    @Test("does not grow with the message")
    func flat() {
        let costs = tenths(String(repeating: Self.parts.joined(), count: 120))
        #expect((costs.max() ?? 0) < 60)
        #expect(costs[9] <= costs[0] * 3 / 2)
    }

    @Test(
        "does not grow with one list, quote or block of code",
        arguments: [
            "- item **one** with some text\n", "> quoted *text* here\n>\n", "    code(1)\n",
        ])
    func longBlocks(line: String) {
        #expect((tenths(String(repeating: line, count: 400)).max() ?? 0) < 80)
        let fence = tenths("```\n" + String(repeating: "let x = 1\n", count: 400))
        #expect(fence.max() == 0)
    }

    @Test("is bounded in a paragraph, a line or a table without end")
    func bounded() {
        let limit = 2 * (MarkdownDocument.lineLimit + BlockParser.blockLimit)
        for source in [
            String(repeating: "words without end ", count: 3000),
            String(repeating: "x", count: 60000),
            String(repeating: "short line\n", count: 4000),
            "| a | b |\n|---|---|\n" + String(repeating: "| one | two |\n", count: 3000),
        ] {
            #expect((tenths(source, step: 512).max() ?? 0) < limit)
        }
    }
}
