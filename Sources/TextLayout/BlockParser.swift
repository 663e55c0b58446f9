/// Source lines to blocks, by the rules of CommonMark 0.31 and GitHub's tables.
///
/// It holds only what the next line needs to know: the open containers and the kind of the open
/// block. So a copy is cheap, and a line that is not finished yet can be tried on a copy.
struct BlockParser: Sendable {
    /// A paragraph larger than this goes on in a block of its own, which bounds what one more
    /// character can cost.
    static let blockLimit = 8192

    /// The same for tables, whose rows cost more.
    static let tableLimit = 4096

    /// Quotes and items nested deeper than this are text.
    static let depthLimit = 48

    private(set) var containers: [BlockContainer] = []
    private(set) var leaf = Leaf.none
    var blankSeen = false
    private var nextID = 0
    var leafBytes = 0

    /// The open block, as far as the next line must know it.
    enum Leaf: Sendable {
        case none, table
        case paragraph(last: BlockLine)
        case fence(mark: UInt8, length: Int, indent: Int)
        /// Blank lines wait: they belong to the code only if more of it follows.
        case indentedCode(blanks: [BlockLine])
        case html(kind: Int)
    }

    /// Takes one line (without its end) and says what it does.
    mutating func accept(
        _ line: Range<Int>, of source: UnsafeBufferPointer<UInt8>, into actions: inout [BlockAction]
    ) {
        var cursor = LineCursor(source, line)
        let depth = matchContainers(&cursor)
        let isMatched = depth == containers.count
        if isMatched, continueLeaf(&cursor, &actions) { return }
        open(&cursor, depth: depth, &actions)
    }

    /// Takes the next piece of a line that was too long to take at once.
    mutating func acceptMore(_ piece: Range<Int>, into actions: inout [BlockAction]) {
        let line = BlockLine(start: piece.lowerBound, end: piece.upperBound, isRest: true)
        switch leaf {
        case .none: openParagraph(line, continues: true, &actions)
        case .paragraph: extendParagraph(line, &actions)
        default: actions.append(.line(line))
        }
    }

    /// The text ends.
    mutating func finish(into actions: inout [BlockAction]) { close(to: 0, &actions) }

    /// How many containers the line is inside of; moves past their marks.
    private mutating func matchContainers(_ cursor: inout LineCursor) -> Int {
        for (depth, container) in containers.enumerated() {
            let (indent, offset) = cursor.indent
            switch container.kind {
            case .quote:
                guard indent < 4, offset < cursor.end, cursor.bytes[offset] == 0x3E else {
                    return depth
                }
                cursor.skipIndent()
                Self.skipQuoteMark(&cursor)
            case .item:
                if offset >= cursor.end {
                    if container.isEmpty { return depth }
                    cursor.skipIndent()
                } else {
                    if indent < container.width { return depth }
                    cursor.skip(columns: container.width)
                }
            }
        }
        return containers.count
    }

    private static func skipQuoteMark(_ cursor: inout LineCursor) {
        cursor.skip(columns: 1)
        if cursor.byte == 0x20 || cursor.byte == 0x09 { cursor.skip(columns: 1) }
    }

    /// Gives the line to an open block that takes any line; false when other rules decide.
    private mutating func continueLeaf(
        _ cursor: inout LineCursor, _ actions: inout [BlockAction]
    ) -> Bool {
        switch leaf {
        case .none, .paragraph, .table: return false
        case .fence(let mark, let length, let indent):
            continueFence(&cursor, mark, length, indent, &actions)
            return true
        case .html(let kind):
            if kind >= 6, cursor.isBlank { return false }
            actions.append(.line(cursor.rest))
            if HTMLBlock.ends(kind, cursor) { closeLeaf(&actions) }
            return true
        case .indentedCode(let blanks):
            if cursor.isBlank {
                cursor.skip(columns: 4)
                leaf = .indentedCode(blanks: blanks + [cursor.rest])
                blankSeen = true
                return true
            }
            if cursor.indent.columns < 4 { return false }
            cursor.skip(columns: 4)
            for line in blanks { actions.append(.line(line)) }
            actions.append(.line(cursor.rest))
            leaf = .indentedCode(blanks: [])
            blankSeen = false
            return true
        }
    }

    private mutating func continueFence(
        _ cursor: inout LineCursor, _ mark: UInt8, _ length: Int, _ indent: Int,
        _ actions: inout [BlockAction]
    ) {
        let (columns, offset) = cursor.indent
        if columns < 4, offset < cursor.end, cursor.bytes[offset] == mark {
            var closing = cursor
            closing.skipIndent()
            let run = closing.run(of: mark)
            closing.skip(columns: run)
            if run >= length, closing.isBlank { return closeLeaf(&actions) }
        }
        cursor.skip(columns: min(columns, indent))
        actions.append(.line(cursor.rest))
    }
}

// What the other files of the parser change.
extension BlockParser {
    mutating func setLeaf(_ leaf: Leaf) { self.leaf = leaf }

    /// Closes the open block and every container beyond `depth`.
    mutating func close(to depth: Int, _ actions: inout [BlockAction]) {
        if containers.count <= depth, case .none = leaf { return }
        closeLeaf(&actions)
        if let last = containers.last, last.isEmpty, containers.count > depth {
            openBlock(.empty, nil, &actions)
            actions.append(.close)
        }
        containers.removeSubrange(depth...)
    }

    mutating func closeLeaf(_ actions: inout [BlockAction]) {
        if case .none = leaf { return }
        leaf = .none
        actions.append(.close)
    }

    mutating func push(_ kind: BlockContainer.Kind, start: Int, width: Int) {
        for index in containers.indices { containers[index].isEmpty = false }
        containers.append(BlockContainer(id: nextID, kind: kind, start: start, width: width))
        nextID += 1
    }

    /// Opens a block in the containers of now.
    mutating func openBlock(
        _ kind: MarkdownBlock.Kind, _ line: BlockLine?, continues: Bool = false,
        _ actions: inout [BlockAction]
    ) {
        for index in containers.indices { containers[index].isEmpty = false }
        var block = MarkdownBlock(kind: kind, containers: containers)
        block.blankBefore = blankSeen
        block.continues = continues
        if let line { block.lines.append(line) }
        leafBytes = line.map { $0.end - $0.start } ?? 0
        blankSeen = false
        actions.append(.open(block))
    }

    mutating func openParagraph(
        _ line: BlockLine, continues: Bool = false, _ actions: inout [BlockAction]
    ) {
        openBlock(.paragraph, line, continues: continues, &actions)
        leaf = .paragraph(last: line)
    }

    mutating func extendParagraph(_ line: BlockLine, _ actions: inout [BlockAction]) {
        if leafBytes > Self.blockLimit {
            actions.append(.close)
            return openParagraph(line, continues: true, &actions)
        }
        leafBytes += line.end - line.start
        leaf = .paragraph(last: line)
        actions.append(.line(line))
    }

    mutating func extendTable(_ line: BlockLine, _ actions: inout [BlockAction]) {
        if leafBytes > Self.tableLimit {
            leafBytes = 0
            actions.append(.continueTable(line))
        } else {
            actions.append(.line(line))
        }
        leafBytes += line.end - line.start
    }
}
