/// Draws blocks as rows of one width.
struct BlockRenderer {
    let style: MarkdownStyle
    let width: Int
    let document: MarkdownDocument
    /// Bytes handed to md4c.
    private(set) var parsedBytes = 0

    init(style: MarkdownStyle, width: Int, document: MarkdownDocument) {
        self.style = style
        self.width = max(1, width)
        self.document = document
    }

    /// The rows of a block after the visible block `previous`, whose rows are `before`. For an
    /// unfinished block, open marks are closed for display.
    mutating func rows(
        _ block: MarkdownBlock, after previous: MarkdownBlock?, _ before: BlockRows?,
        isUnfinished: Bool
    ) -> BlockRows {
        var rows = BlockRows()
        var block = block
        let lineStart = block.start.map { document.lineStart(of: $0) }
        let task = Self.takeTask(&block, document.source)
        let prefix = RowPrefix(block, after: previous, task: task, style: style, width: width)
        switch block.kind {
        case .fence, .indentedCode, .html:
            if block.continues { rows.lexer = before?.lexer }
            extend(&rows, with: block, after: previous)
        case .rule:
            let rule = String(repeating: style.rule, count: max(1, width - prefix.columns))
            rows.append(line(prefix.first + [Span(rule, .rule)]), source: lineStart ?? 0)
        case .empty:
            rows.append(line(prefix.first), source: lineStart ?? before?.sources.last ?? 0)
        case .paragraph, .heading, .table:
            renderText(block, prefix, before, isUnfinished, into: &rows)
        }
        if let lineStart, !rows.lines.isEmpty, !block.continues { rows.sources[0] = lineStart }
        separate(block, from: previous, lineStart, &rows)
        return rows
    }

    /// Adds the rows of the lines that `rows` does not hold yet; the block is code or HTML.
    mutating func extend(_ rows: inout BlockRows, with block: MarkdownBlock, after: MarkdownBlock?)
    {
        let prefix = RowPrefix(block, after: after, task: nil, style: style, width: width)
        var lexer = rows.lexer ?? CodeLexer(language: language(of: block))
        for index in rows.takenLines..<max(rows.takenLines, block.lines.count) {
            let line = block.lines[index]
            let text = codeText(line, block.isCode ? .codeBlock : .html, &lexer)
            let isFirst = rows.lines.isEmpty && !block.continues
            append(text, isFirst ? prefix : RowPrefix(restOf: prefix), line.start, &rows)
        }
        rows.takenLines = block.lines.count
        rows.lexer = lexer
        if block.lines.isEmpty, !block.continues, block.isCode {
            rows.append(line(prefix.first), source: block.start ?? 0)
        }
    }

    private mutating func renderText(
        _ block: MarkdownBlock, _ prefix: RowPrefix, _ before: BlockRows?, _ isUnfinished: Bool,
        into rows: inout BlockRows
    ) {
        let known = document.isFinished ? document.definitions.count : block.definitions
        rows.definitions = known
        let limit = isUnfinished ? 4096 : MarkdownDocument.definitionLimit
        var text = BlockText(
            block, source: document.source,
            definitions: known > limit ? [] : Array(document.definitions.prefix(known)))
        if isUnfinished { complete(&text, block) }
        text.close(block)
        parsedBytes += text.bytes.count
        let parsed = InlineParser.parse(
            text, role: role(of: block), policy: style.policy, isTable: block.kind == .table)
        if block.kind == .table, !parsed.rows.isEmpty {
            append(parsed, block, prefix, before, &rows)
        } else if !parsed.text.bytes.isEmpty {
            append(parsed.text, prefix, block.start ?? 0, &rows)
        }
    }

    private func append(
        _ parsed: InlineParser, _ block: MarkdownBlock, _ prefix: RowPrefix,
        _ before: BlockRows?, _ rows: inout BlockRows
    ) {
        let table = TableRows(
            parsed, style: style, width: width - prefix.columns,
            fixedColumns: block.continues ? before?.tableColumns : nil)
        rows.tableColumns = table.columns
        for row in table.rows(withHead: !block.continues) {
            let lead = rows.lines.isEmpty ? prefix.first : prefix.rest
            let line = Line(
                spans: lead + row.spans, columns: prefix.columns + row.columns,
                indent: prefix.columns)
            let last = rows.sources.last ?? block.start ?? 0
            let source = row.line < block.lines.count ? block.lines[row.line] : nil
            // The first row of a wrapped row of cells stands for all of its source.
            rows.append(line, source: source.map { row.isRest ? $0.end + 1 : $0.start } ?? last)
        }
    }

    /// Closes open marks of the text that still grows; in a table only of its last cell.
    private func complete(_ text: inout BlockText, _ block: MarkdownBlock) {
        var start = block.kind == .table ? text.lastLineStart : text.start
        if block.kind == .table, let bar = text.bytes[start...].lastIndex(of: 0x7C) {
            start = bar + 1
        }
        let (keep, suffix) = UnfinishedMarks.completion(of: text.bytes, from: start)
        text.replaceEnd(keeping: keep, adding: suffix)
    }

    /// Wraps a text and adds its rows.
    private func append(
        _ text: InlineText, _ prefix: RowPrefix, _ start: Int, _ rows: inout BlockRows
    ) {
        for (index, row) in text.bytes.wrapped(to: width - prefix.columns).enumerated() {
            let spans = text.spans(row.shown)
            let source = text.source(at: row.start) ?? rows.sources.last ?? start
            let lead = index == 0 ? prefix.first : prefix.rest
            let columns = prefix.columns + spans.reduce(0) { $0 + TextLayout.columns(of: $1.text) }
            rows.append(
                Line(spans: lead + spans, columns: columns, indent: prefix.columns), source: source)
        }
    }

    /// A row that is nothing but its prefix and decoration.
    private func line(_ spans: [Span]) -> Line { Line(spans: spans) }

    private func codeText(
        _ line: BlockLine, _ role: TextRole, _ lexer: inout CodeLexer
    ) -> InlineText {
        var text = InlineText()
        var canonicaliser = Canonicaliser(.code, policy: style.policy, tabWidth: style.tabWidth)
        if line.padding > 0 {
            text.begin(role)
            let blanks = [UInt8](repeating: 0x20, count: line.padding)
            text.append { canonicaliser.append(blanks, to: &$0) }
        }
        let bytes = document.source[line.start..<line.end]
        var start = line.start
        let tokens = role == .html ? [] : lexer.tokens(of: bytes)
        for token in tokens + [CodeToken(end: line.end, role: role)] where token.end > start {
            text.begin(token.role, source: start, isVerbatim: false)
            text.append { canonicaliser.append(document.source[start..<token.end], to: &$0) }
            text.markVerbatim(ifCount: token.end - start)
            start = token.end
        }
        text.append { canonicaliser.finish(to: &$0) }
        return text
    }

    private func language(of block: MarkdownBlock) -> String {
        guard case .fence(let info) = block.kind else { return "" }
        let word = document.source[info].prefix { $0 != 0x20 && $0 != 0x09 && $0 != 0x7B }
        return String(decoding: word, as: UTF8.self)
    }

    private func role(of block: MarkdownBlock) -> TextRole {
        if case .heading(let level, _) = block.kind {
            return level == 1 ? .heading1 : level == 2 ? .heading2 : .heading3
        }
        return block.containers.contains { $0.kind == .quote } ? .quote : .body
    }

    /// Takes `[ ] ` or `[x] ` off the first paragraph of an item; whether it is done.
    static func takeTask(_ block: inout MarkdownBlock, _ source: [UInt8]) -> Bool? {
        guard block.kind == .paragraph, !block.continues, let line = block.lines.first,
            case .item(_, ordinal: nil) = block.containers.last?.kind, line.end - line.start > 4,
            source[line.start] == 0x5B, source[line.start + 2] == 0x5D,
            source[line.start + 3] == 0x20
        else { return nil }
        let mark = source[line.start + 1]
        guard mark == 0x20 || mark | 0x20 == 0x78 else { return nil }
        block.lines[0].start += 4
        return mark != 0x20
    }
}

extension RowPrefix {
    /// The prefix of the rows after the first.
    init(restOf prefix: RowPrefix) {
        first = prefix.rest
        rest = prefix.rest
        columns = prefix.columns
    }
}

extension BlockRenderer {
    /// Puts a blank row before the block where there is one in the source or the look asks for it.
    fileprivate func separate(
        _ block: MarkdownBlock, from previous: MarkdownBlock?, _ lineStart: Int?,
        _ rows: inout BlockRows
    ) {
        guard let previous, !rows.lines.isEmpty, !block.continues else { return }
        guard Self.needsBlank(previous, block) else { return }
        let shared = zip(previous.containers, block.containers).prefix { $0.0.id == $0.1.id }
        let bars = shared.map { pair in
            pair.0.kind == .quote ? Span(style.quoteBar, .quoteBar) : Span("  ", .indent)
        }
        let last = bars.lastIndex { $0.role == .quoteBar }
        let spans = last.map { Array(bars[...$0]) } ?? []
        let start = lineStart.map { document.endOfText(before: $0) } ?? rows.sources[0]
        rows.lines.insert(Line(spans: spans), at: 0)
        rows.sources.insert(start, at: 0)
        rows.isSeparated = true
    }

    private static func needsBlank(_ above: MarkdownBlock, _ below: MarkdownBlock) -> Bool {
        if below.blankBefore { return true }
        if case .heading = below.kind { return true }
        let isInsideItem = isItem(above) && isItem(below)
        if isTall(above) || isTall(below) { return !isInsideItem }
        if isInsideItem { return false }
        if isItem(above) != isItem(below) { return isItem(above) }
        return above.containers.map(\.id) != below.containers.map(\.id)
    }

    private static func isItem(_ block: MarkdownBlock) -> Bool {
        block.containers.contains { if case .item = $0.kind { true } else { false } }
    }

    private static func isTall(_ block: MarkdownBlock) -> Bool {
        block.isLinear || block.kind == .table || block.kind == .rule
    }
}
