/// A table's cells laid out: at their natural columns when those fit, with wrapped cells when that
/// makes it fit, else at their natural columns, for a pane that scrolls sideways.
struct TableRows {
    /// Columns of each column of the table.
    let columns: [Int]
    private let cells: [[InlineText]]
    private let alignments: [InlineParser.Alignment]
    private let style: MarkdownStyle
    private let gap: Int

    /// One row as shown.
    struct Row {
        var spans: [Span]
        var columns: Int
        /// The line of the table's source, and whether it began on a row before.
        var line: Int
        var isRest = false
    }

    /// A column is not made narrower than this, or than its longest word.
    static let leastColumns = 8

    /// Lays out a parsed table. `fixedColumns` are those of the part before it.
    init(_ table: InlineParser, style: MarkdownStyle, width: Int, fixedColumns: [Int]?) {
        cells = table.rows
        alignments = table.alignments
        self.style = style
        let count = table.rows.map(\.count).max() ?? 0
        var natural = [Int](repeating: 1, count: count)
        var least = [Int](repeating: 1, count: count)
        for row in table.rows {
            for (column, cell) in row.enumerated() {
                natural[column] = max(natural[column], Self.widestLine(cell.bytes))
                least[column] = max(least[column], Self.widestWord(cell.bytes))
            }
        }
        for column in 0..<count {
            least[column] = min(natural[column], max(least[column], Self.leastColumns))
        }
        let gaps = max(0, count - 1)
        let isTight = natural.reduce(0, +) + style.tableGap * gaps > width
        gap = isTight ? min(2, style.tableGap) : style.tableGap
        if let fixedColumns, fixedColumns.count == count {
            columns = fixedColumns
        } else {
            columns = Self.fit(natural, least, into: width - gap * gaps, pane: width)
        }
    }

    /// Shrinks the widest columns first. Where even the least do not fit, the table keeps its
    /// natural columns, but none is wider than what a pane shows well at once.
    private static func fit(
        _ natural: [Int], _ least: [Int], into width: Int, pane: Int
    ) -> [Int] {
        if natural.reduce(0, +) <= width { return natural }
        if least.reduce(0, +) > width {
            return zip(natural, least).map { max($1, min($0, pane * 3 / 4)) }
        }
        var columns = natural
        while columns.reduce(0, +) > width {
            let candidates = columns.indices.filter { columns[$0] > least[$0] }
            guard let widest = candidates.max(by: { columns[$0] < columns[$1] }) else { break }
            columns[widest] -= 1
        }
        return columns
    }

    /// All rows of the table, head and rule first.
    func rows(withHead: Bool) -> [Row] {
        var result: [Row] = []
        for (index, row) in cells.enumerated() where withHead || index > 0 {
            result += rows(of: row, line: index == 0 ? 0 : index + 1)
            if index == 0 {
                let total = columns.reduce(0, +) + gap * max(0, columns.count - 1)
                let rule = Span(String(repeating: style.rule, count: total), .tableRule)
                result.append(Row(spans: [rule], columns: total, line: 1))
            }
        }
        return result
    }

    /// The rows that one row of cells takes.
    private func rows(of row: [InlineText], line sourceLine: Int) -> [Row] {
        let wrapped = row.enumerated().map { column, cell in
            cell.bytes.wrapped(to: columns[column]).map(\.shown)
        }
        let height = wrapped.map(\.count).max() ?? 1
        return (0..<height).map { line in
            var result = Row(spans: [], columns: 0, line: sourceLine, isRest: line > 0)
            for column in columns.indices {
                let pieces = column < wrapped.count ? wrapped[column] : []
                let spans = line < pieces.count ? row[column].spans(pieces[line]) : []
                append(spans, column, to: &result)
            }
            return result
        }
    }

    private func append(_ spans: [Span], _ column: Int, to row: inout Row) {
        let used = spans.reduce(0) { $0 + TextLayout.columns(of: $1.text) }
        let free = max(0, columns[column] - used)
        let alignment = column < alignments.count ? alignments[column] : .left
        let before = alignment == .right ? free : alignment == .center ? free / 2 : 0
        let isLast = column == columns.count - 1
        let after = isLast ? 0 : free - before + gap
        if before > 0 { row.spans.append(Span(String(repeating: " ", count: before), .indent)) }
        row.spans += spans
        if after > 0 { row.spans.append(Span(String(repeating: " ", count: after), .indent)) }
        row.columns += before + used + after
    }

    private static func widestLine(_ bytes: [UInt8]) -> Int {
        bytes.split(separator: 0x0A).map { TextLayout.columns(ofUTF8: $0) }.max() ?? 0
    }

    private static func widestWord(_ bytes: [UInt8]) -> Int {
        let words = bytes.split { $0 == 0x0A || $0 == 0x20 }
        return words.map { word in
            // Wide characters break anywhere.
            word.contains { $0 >= 0xE3 } ? 2 : TextLayout.columns(ofUTF8: word)
        }.max() ?? 0
    }
}
