/// A message in Markdown while it grows, and its rows at a width.
///
/// Closed blocks are drawn once per width. An append costs its own bytes and, when rows are next
/// asked for, the open block, which is bounded (`BlockParser.blockLimit`).
package struct MarkdownText: Sendable {
    let style: MarkdownStyle
    private(set) var document = MarkdownDocument()
    private var width = 0
    /// The rows of the closed blocks and of the lines that open code has.
    private(set) var entries: [BlockRows] = []
    /// How many rows there are up to the end of each entry.
    private(set) var rowEnds: [Int] = []
    /// The rows after them, which the next append may change.
    private(set) var tail = BlockRows()
    private var isFresh = false
    private var renderedBytes = 0

    /// An empty message.
    package init(style: MarkdownStyle = .unicode) { self.style = style }

    /// A complete message.
    package init(_ source: some StringProtocol, style: MarkdownStyle = .unicode) {
        self.init(style: style)
        append(source.utf8)
        finish()
    }

    /// The source text so far, as it came.
    package var source: String { String(decoding: document.source, as: UTF8.self) }

    /// Bytes of source so far.
    package var sourceCount: Int { document.source.count }

    /// Whether `finish` was called.
    package var isFinished: Bool { document.isFinished }

    /// Bytes handed to md4c so far: the cost of this message in a unit that no machine changes.
    package var parsedBytes: Int { renderedBytes + document.parsedBytes }

    /// Appends source text in UTF-8; any cut gives the same rows.
    package mutating func append(_ utf8: some Sequence<UInt8>) {
        document.append(utf8)
        isFresh = false
    }

    /// The message is complete: marks that nothing closed are shown as they are written.
    package mutating func finish() {
        if document.isFinished { return }
        document.finish()
        isFresh = false
        let all = document.definitions.count
        let late = entries.indices.first { index in
            entries[index].definitions < all && hasBracket(document.blocks[index])
        }
        if let late { truncate(to: late) }
    }

    /// Rows at a width.
    package mutating func rowCount(width: Int) -> Int {
        layOut(width: width)
        return (rowEnds.last ?? 0) + tail.lines.count
    }

    /// All rows at a width. For a long message ask for the visible rows only.
    package mutating func lines(width: Int) -> [Line] {
        lines(0..<rowCount(width: width), width: width)
    }

    /// The rows in a range at a width; what lies outside is left out.
    package mutating func lines(_ rows: Range<Int>, width: Int) -> [Line] {
        let range = rows.clamped(to: 0..<rowCount(width: width))
        var result: [Line] = []
        result.reserveCapacity(range.count)
        var row = range.lowerBound
        var index = entryIndex(of: row)
        while row < range.upperBound {
            let start = index == 0 ? 0 : rowEnds[index - 1]
            let source = index < entries.count ? entries[index].lines : tail.lines
            let last = min(source.count, range.upperBound - start)
            result += source[(row - start)..<last]
            row = start + last
            index += 1
        }
        return result
    }

    /// The columns of the widest row: more than the width where a table does not fit.
    package mutating func naturalColumns(width: Int) -> Int {
        layOut(width: width)
        let widest = entries.lazy.flatMap(\.lines).map(\.columns).max() ?? 0
        return max(widest, tail.lines.map(\.columns).max() ?? 0)
    }
}

extension MarkdownText {
    private func hasBracket(_ block: MarkdownBlock) -> Bool {
        if block.isLinear { return false }
        return block.lines.contains { document.source[$0.start..<$0.end].contains(0x5B) }
    }

    private mutating func truncate(to count: Int) {
        entries.removeSubrange(min(count, entries.count)...)
        rowEnds.removeSubrange(min(count, rowEnds.count)...)
    }

    private mutating func layOut(width: Int) {
        let width = max(1, width)
        if width != self.width {
            self.width = width
            truncate(to: 0)
            isFresh = false
        }
        if isFresh { return }
        isFresh = true
        var renderer = BlockRenderer(style: style, width: width, document: document)
        layOutClosed(&renderer)
        layOutTail(&renderer)
        renderedBytes += renderer.parsedBytes
    }

    private mutating func layOutClosed(_ renderer: inout BlockRenderer) {
        let blocks = document.blocks
        let closed = document.closedCount
        // Open code keeps the rows it has; a block without lines is drawn anew each time.
        let isKept =
            closed < blocks.count && blocks[closed].isLinear && !blocks[closed].lines.isEmpty
        let count = isKept ? closed + 1 : closed
        if let last = entries.indices.last, blocks[last].isLinear,
            entries[last].takenLines < blocks[last].lines.count
        {
            let previous = visible(before: last)
            renderer.extend(&entries[last], with: blocks[last], after: previous.block)
            rowEnds[last] = (last == 0 ? 0 : rowEnds[last - 1]) + entries[last].lines.count
        }
        while entries.count < count {
            let index = entries.count
            let previous = visible(before: index)
            let rows = renderer.rows(
                blocks[index], after: previous.block, previous.rows, isUnfinished: false)
            entries.append(rows)
            rowEnds.append((rowEnds.last ?? 0) + rows.lines.count)
        }
    }

    private mutating func layOutTail(_ renderer: inout BlockRenderer) {
        tail = BlockRows()
        if document.isFinished { return }
        var previous = visible(before: entries.count)
        let trial = document.tail
        for (index, block) in trial.blocks.enumerated() {
            let isLast = index == trial.blocks.count - 1
            let rows = renderer.rows(
                block, after: previous.block, previous.rows,
                isUnfinished: isLast && (trial.isOpen || trial.reachesEnd))
            if tail.lines.isEmpty { tail.isSeparated = rows.isSeparated }
            tail.lines += rows.lines
            tail.sources += rows.sources
            if !rows.lines.isEmpty { previous = (block, rows) }
        }
    }

    /// The nearest block before an index that has rows.
    private func visible(before index: Int) -> (block: MarkdownBlock?, rows: BlockRows?) {
        var index = index - 1
        while index >= 0 {
            if !entries[index].lines.isEmpty { return (document.blocks[index], entries[index]) }
            index -= 1
        }
        return (nil, nil)
    }

    func entryIndex(of row: Int) -> Int {
        var low = 0
        var high = rowEnds.count
        while low < high {
            let middle = (low + high) / 2
            if rowEnds[middle] <= row { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
