extension BlockRenderer {
    /// Where in the source the text at a column is. `rows` are the block's rows and `range` is the
    /// source of the row.
    func source(
        of block: MarkdownBlock, _ rows: BlockRows, row: Int, column: Int, in range: Range<Int>
    ) -> Int {
        let line = rows.lines[row]
        if column >= line.columns { return range.upperBound }
        if column <= line.indent || row == 0 && rows.isSeparated { return range.lowerBound }
        switch block.kind {
        case .fence, .indentedCode, .html:
            // The first row also stands for the line of the fence, or the indent.
            let start = max(range.lowerBound, block.lines.first?.start ?? 0)
            return codeSource(column - line.indent, in: start..<max(start, range.upperBound))
        case .paragraph, .heading:
            let number = row - (rows.isSeparated ? 1 : 0)
            return textSource(block, line.indent, number, column - line.indent) ?? range.lowerBound
        case .table, .rule, .empty: return range.lowerBound
        }
    }

    /// Code shows its source one to one, but for what canonical text spells out.
    private func codeSource(_ column: Int, in range: Range<Int>) -> Int {
        var canonicaliser = Canonicaliser(.code, policy: style.policy, tabWidth: style.tabWidth)
        var shown: [UInt8] = []
        var offset = range.lowerBound
        var start = offset
        while offset < range.upperBound {
            canonicaliser.append(CollectionOfOne(document.source[offset]), to: &shown)
            offset += 1
            if offset < range.upperBound, document.source[offset] & 0xC0 == 0x80 { continue }
            if TextLayout.columns(ofUTF8: shown) > column { return start }
            start = offset
        }
        return start
    }

    private func textSource(
        _ block: MarkdownBlock, _ indent: Int, _ row: Int, _ column: Int
    ) -> Int? {
        var block = block
        _ = Self.takeTask(&block, document.source)
        let known = document.isFinished ? document.definitions.count : block.definitions
        var text = BlockText(
            block, source: document.source, definitions: Array(document.definitions.prefix(known)))
        text.close(block)
        let parsed = InlineParser.parse(text, role: .body, policy: style.policy).text
        let wrapped = parsed.bytes.wrapped(to: width - indent)
        guard row < wrapped.count else { return nil }
        var reached = 0
        for cell in TextCells(parsed.bytes, in: wrapped[row].shown) {
            reached += cell.columns
            if reached > column { return parsed.source(at: cell.range.lowerBound) }
        }
        return nil
    }
}
