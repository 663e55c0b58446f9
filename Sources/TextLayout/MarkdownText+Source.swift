// From rows back to the source, for copying.
extension MarkdownText {
    /// The source that a range of rows shows, with the marks around it. All rows give all source.
    package mutating func sourceRange(ofRows rows: Range<Int>, width: Int) -> Range<Int> {
        let count = rowCount(width: width)
        let range = rows.clamped(to: 0..<count)
        if range.isEmpty { return 0..<0 }
        var row = range.lowerBound
        let end = range.upperBound == count ? sourceCount : sourceStart(ofRow: range.upperBound)
        // The further rows of a wrapped row of cells have no source of their own.
        while row > 0, sourceStart(ofRow: row) >= end { row -= 1 }
        let start = row == 0 ? 0 : sourceStart(ofRow: row)
        return start..<max(start, end)
    }

    /// The source text of a range that `sourceRange` gave.
    package func sourceText(_ range: Range<Int>) -> String {
        String(decoding: document.source[range.clamped(to: 0..<sourceCount)], as: UTF8.self)
    }

    /// Where in the source the text at a column of a row is, for a selection that begins or ends
    /// there. In tables, and in rows that the next append may change, where the row begins.
    package mutating func sourceOffset(atRow row: Int, column: Int, width: Int) -> Int {
        guard row >= 0, row < rowCount(width: width) else { return row < 0 ? 0 : sourceCount }
        let index = entryIndex(of: row)
        let start = sourceStart(ofRow: row)
        guard index < entries.count else { return start }
        let own = row - (index == 0 ? 0 : rowEnds[index - 1])
        let renderer = BlockRenderer(style: style, width: width, document: document)
        let end = row + 1 < rowCount(width: width) ? sourceStart(ofRow: row + 1) : sourceCount
        return renderer.source(
            of: document.blocks[index], entries[index], row: own, column: column,
            in: start..<max(start, end))
    }

    private func sourceStart(ofRow row: Int) -> Int {
        let index = entryIndex(of: row)
        let start = index == 0 ? 0 : rowEnds[index - 1]
        let sources = index < entries.count ? entries[index].sources : tail.sources
        return row - start < sources.count ? sources[row - start] : sourceCount
    }
}
