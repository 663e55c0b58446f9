/// Code that grows and its rows at one width, coloured. An append costs what it adds: a line is
/// looked at once when it is complete, and again only while it is the last one.
package struct HighlightedText: Sendable {
    private var text: WrappedText
    private var lexer: CodeLexer
    /// The pieces of the complete lines, without gaps.
    private var tokens: [CodeToken] = []
    /// Where the first line begins that is not complete.
    private var openLine = 0
    /// Bytes that the lexer was given, counting those that it got again.
    package private(set) var lexedBytes = 0

    /// An empty text in a language, by its name after a fence; what is not known is plain.
    package init(width: Int, language: String, policy: WidthPolicy = .unicode) {
        text = WrappedText(width: width, mode: .code, policy: policy)
        lexer = CodeLexer(language: language)
    }

    /// Rows, at least one.
    package var rowCount: Int { text.rowCount }

    /// Appends source text; a character cut at its end waits for its rest.
    package mutating func append(_ utf8: some Sequence<UInt8>) {
        var next = text.bytes.count
        text.append(utf8)
        while let end = text.bytes[next...].firstIndex(of: 0x0A) {
            take(&lexer, openLine..<end, into: &tokens)
            lexedBytes += end - openLine
            next = end + 1
            openLine = next
            tokens.append(CodeToken(end: next, role: .codeBlock))
        }
    }

    /// Re-wraps all of the text at another width.
    package mutating func resize(to width: Int) { text.resize(to: width) }

    /// A row as shown, without trailing blanks.
    package func row(_ number: Int) -> [Span] {
        let range = text.shownRange(ofRow: number)
        if range.isEmpty { return [] }
        if range.lowerBound >= openLine {
            var open: [CodeToken] = []
            var lexer = lexer
            take(&lexer, openLine..<text.bytes.count, into: &open)
            return spans(range, open[...])
        }
        return spans(range, tokens[firstToken(at: range.lowerBound)...])
    }

    /// Whether a row holds nothing.
    package func isEmpty(row number: Int) -> Bool { text.shownRange(ofRow: number).isEmpty }

    private func take(
        _ lexer: inout CodeLexer, _ line: Range<Int>, into tokens: inout [CodeToken]
    ) {
        tokens += lexer.tokens(of: text.bytes[line])
        // What is not coloured is a piece, too.
        if tokens.last?.end ?? 0 < line.upperBound {
            tokens.append(CodeToken(end: line.upperBound, role: .codeBlock))
        }
    }

    private func spans(_ range: Range<Int>, _ tokens: ArraySlice<CodeToken>) -> [Span] {
        var spans: [Span] = []
        var start = range.lowerBound
        for token in tokens where token.end > start {
            let end = min(token.end, range.upperBound)
            spans.append(Span(String(decoding: text.bytes[start..<end], as: UTF8.self), token.role))
            start = end
            if start == range.upperBound { break }
        }
        return spans
    }

    /// The first token that reaches beyond a place.
    private func firstToken(at place: Int) -> Int {
        var (low, high) = (0, tokens.count)
        while low < high {
            let middle = (low + high) / 2
            if tokens[middle].end > place { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
