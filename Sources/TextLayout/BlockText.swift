/// The text of a block as md4c gets it: definitions first, then the block's lines, written so that
/// nothing in them can be taken for another kind of block.
struct BlockText {
    private(set) var bytes: [UInt8] = []
    /// Where the block's own text begins, after the definitions.
    private(set) var start = 0
    /// Where the block's own text ends; what follows only closes open marks.
    var end = 0
    /// The lines: where each begins here and in the source.
    private var lines: [(offset: Int, source: Int)] = []

    /// The text of a paragraph, heading or table.
    init(_ block: MarkdownBlock, source: [UInt8], definitions: [UInt8]) {
        if !definitions.isEmpty, Self.hasBracket(block, source) {
            bytes = definitions + [0x0A, 0x0A]
        }
        start = bytes.count
        let isTable = block.kind == .table
        if case .heading(_, isUnderlined: false) = block.kind { bytes += [0x23, 0x20] }
        for (index, line) in block.lines.enumerated() {
            if index > 0 { bytes += isTable ? [0x0A] : [0x0A, 0x20, 0x20, 0x20, 0x20] }
            var from = line.start
            while !isTable, index > 0, from < line.end, source[from] == 0x20 || source[from] == 0x09
            {
                from += 1
            }
            // A word joiner, which canonical text drops, keeps a cut text from beginning a block.
            if index == 0, block.continues, !isTable { bytes += [0xE2, 0x81, 0xA0] }
            // A note's text would be lost if `[^1]: word` were taken for a link's definition.
            if index == 0, !isTable, source[from..<line.end].starts(with: [0x5B, 0x5E]) {
                bytes.append(0x5C)
            }
            // md4c opens a fence even where it is indented too far.
            if index > 0, !isTable, Self.isFence(source[from..<line.end]) { bytes.append(0x5C) }
            lines.append((bytes.count, from))
            bytes += source[from..<line.end]
        }
        end = bytes.count
    }

    /// Where the text of the last line begins.
    var lastLineStart: Int { lines.last?.offset ?? start }

    /// Keeps the first `count` bytes of all and adds marks that are not in the source.
    mutating func replaceEnd(keeping count: Int, adding suffix: [UInt8]) {
        bytes.removeSubrange(max(start, count)...)
        end = bytes.count
        bytes += suffix
    }

    /// Adds what md4c needs at the very end.
    mutating func close(_ block: MarkdownBlock) {
        // An explicit closing mark, so that a `#` of the text is not taken for one.
        if case .heading(_, isUnderlined: false) = block.kind { bytes += [0x20, 0x23] }
        bytes.append(0x0A)
    }

    /// The source offset of an offset here; nil in definitions and added marks.
    func source(at offset: Int) -> Int? {
        guard offset >= start, offset < end else { return nil }
        var low = 0
        var high = lines.count
        while low < high {
            let middle = (low + high) / 2
            if lines[middle].offset <= offset { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        return lines[low - 1].source + offset - lines[low - 1].offset
    }

    private static func isFence(_ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: [0x7E, 0x7E, 0x7E])
            || line.starts(with: [0x60, 0x60, 0x60])
                && !line.drop { $0 == 0x60 }.contains(0x60)
    }

    private static func hasBracket(_ block: MarkdownBlock, _ source: [UInt8]) -> Bool {
        block.lines.contains { source[$0.start..<$0.end].contains(0x5B) }
    }
}
