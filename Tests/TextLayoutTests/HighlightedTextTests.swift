import Testing

@testable import TextLayout

@Suite("Code that grows") struct HighlightedTextTests {
    private static let code = """
        import os  # für später
        text = \"\"\"one
        two {x}\"\"\" + 'a\\'b'
        for number in range(10):
        \tprint(number, text)

        """

    private func rows(_ text: HighlightedText) -> [[Span]] {
        (0..<text.rowCount).map { text.row($0) }
    }

    @Test("has the same rows and colours however it came", arguments: [1, 2, 7, 40, 1_000])
    func chunks(size: Int) {
        var whole = HighlightedText(width: 20, language: "python")
        whole.append(Self.code.utf8)
        var grown = HighlightedText(width: 20, language: "python")
        let bytes = Array(Self.code.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            grown.append(bytes[start..<min(bytes.count, start + size)])
            _ = grown.row(grown.rowCount - 1)
        }
        #expect(rows(grown) == rows(whole))
        // The string goes on from one line to the next, and from one row to the next.
        #expect(rows(whole).flatMap { $0 }.contains(Span("two {x}\"\"\"", .codeString)))
        #expect(rows(whole)[0].first == Span("import", .codeKeyword))
    }

    @Test("costs what is added: each line is looked at once")
    func cost() {
        var text = HighlightedText(width: 40, language: "python")
        let line = Array("value = compute(1, 'two')  # three\n".utf8)
        for _ in 0..<500 { for byte in line { text.append([byte]) } }
        #expect(text.lexedBytes == 500 * (line.count - 1))
        #expect(text.rowCount == 501)
    }

    @Test("is plain where the language is not known, or a line is too long")
    func plain() {
        var text = HighlightedText(width: 5_000, language: "")
        text.append("import os\n".utf8)
        #expect(text.row(0) == [Span("import os", .codeBlock)])
        text = HighlightedText(width: 10_000, language: "python")
        text.append("import os".utf8 + Array(repeating: 0x61, count: 5_000) + "\nimport".utf8)
        #expect(text.row(0).map(\.role) == [.codeBlock])
        #expect(text.row(1) == [Span("import", .codeKeyword)])
    }

    @Test("takes any bytes")
    func anyBytes() {
        var state: UInt64 = 1
        var text = HighlightedText(width: 9, language: "python")
        for _ in 0..<300 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text.append((0..<7).map { UInt8(truncatingIfNeeded: state >> UInt64($0 * 8)) })
            text.resize(to: 1 + Int(state >> 60))
            let rows = rows(text)
            #expect(rows.allSatisfy { $0.allSatisfy { !$0.text.utf8.contains(0x1B) } })
        }
    }
}
