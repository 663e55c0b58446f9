/// The rows of one block at one width.
struct BlockRows: Sendable {
    /// The rows, a separating blank row first where there is one.
    var lines: [Line] = []
    /// Whether the first row is the blank one.
    var isSeparated = false
    /// For each row, where its source begins.
    var sources: [Int] = []
    /// Lines of code or HTML that the rows hold so far.
    var takenLines = 0
    /// The state of the lexer after those lines.
    var lexer: CodeLexer?
    /// The columns of a table.
    var tableColumns: [Int] = []
    /// Bytes of definitions that were known to it.
    var definitions = 0

    mutating func append(_ line: Line, source: Int) {
        lines.append(line)
        sources.append(source)
    }
}

/// What stands before the rows of a block: indent, quote bars, list markers.
struct RowPrefix {
    var first: [Span] = []
    var rest: [Span] = []
    var columns = 0

    /// The prefix of a block after `previous`, which says what markers are already shown.
    init(
        _ block: MarkdownBlock, after previous: MarkdownBlock?, task: Bool?, style: MarkdownStyle,
        width: Int
    ) {
        var pieces: [(first: Span, rest: Span)] = []
        func blank(_ count: Int) -> Span { Span(String(repeating: " ", count: count), .indent) }
        let isItem = if case .item = block.containers.first?.kind { true } else { false }
        let isDeep = block.isCode || block.kind == .table
        if isItem || block.containers.isEmpty && isDeep {
            pieces.append((blank(style.indent), blank(style.indent)))
        }
        for (depth, container) in block.containers.enumerated() {
            let known = previous?.containers ?? []
            let isNew = depth >= known.count || known[depth].id != container.id
            let isLast = depth == block.containers.count - 1
            switch container.kind {
            case .quote:
                pieces.append((Span(style.quoteBar, .quoteBar), Span(style.quoteBar, .quoteBar)))
            case .item(let mark, let ordinal):
                var marker = Span(style.bullet, .listMarker)
                if let ordinal {
                    marker.text = "\(ordinal)" + String(UnicodeScalar(mark)) + " "
                } else if isNew, isLast, let task {
                    marker =
                        task ? Span(style.taskDone, .taskDone) : Span(style.taskOpen, .taskOpen)
                }
                let hidden = blank(TextLayout.columns(of: marker.text))
                pieces.append((isNew ? marker : hidden, hidden))
            }
        }
        if block.isCode {
            pieces.append((Span(style.codeBar, .codeBar), Span(style.codeBar, .codeBar)))
        }
        var total = pieces.reduce(0) { $0 + TextLayout.columns(of: $1.first.text) }
        // Deep nesting in a narrow pane gives up its outer parts, never the text.
        while total > max(2, width / 2), pieces.count > 1 {
            total -= TextLayout.columns(of: pieces.removeFirst().first.text)
        }
        first = Self.merged(pieces.map(\.first))
        rest = Self.merged(pieces.map(\.rest))
        columns = total
    }

    private static func merged(_ spans: [Span]) -> [Span] {
        spans.reduce(into: []) { result, span in
            if let last = result.last, last.role == span.role, span.role == .indent {
                result[result.count - 1].text += span.text
            } else if !span.text.isEmpty {
                result.append(span)
            }
        }
    }
}
