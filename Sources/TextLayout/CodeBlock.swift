/// A block of code in a message.
package struct CodeBlock: Hashable, Sendable {
    /// The first word after the fence; empty for indented code.
    package var language: String
    /// The code as it is in the source, without fences and the marks of quotes and lists.
    package var text: String
    /// Where the block begins in the source, at the line of its fence.
    package var start: Int
}

extension MarkdownDocument {
    /// The code of a block; nil when it is no code.
    func code(of block: MarkdownBlock) -> CodeBlock? {
        guard block.isCode else { return nil }
        var bytes: [UInt8] = []
        for (index, line) in block.lines.enumerated() {
            if index > 0, !line.isRest { bytes.append(0x0A) }
            bytes += [UInt8](repeating: 0x20, count: line.padding)
            bytes += source[line.start..<line.end]
        }
        if !block.lines.isEmpty { bytes.append(0x0A) }
        var language = ""
        if case .fence(let info) = block.kind {
            let word = source[info].prefix { $0 != 0x20 && $0 != 0x09 }
            language = String(decoding: word, as: UTF8.self)
        }
        return CodeBlock(
            language: language, text: String(decoding: bytes, as: UTF8.self),
            start: lineStart(of: block.start ?? 0))
    }

    /// The open code with the line that is not complete yet.
    var openCode: CodeBlock? {
        guard isOpen, var block = blocks.last, block.isCode else { return nil }
        if let more = tail.blocks.first, more.continues || block.lines.isEmpty {
            block.lines += more.lines
        }
        return code(of: block)
    }
}

extension MarkdownText {
    /// All code of the message in order, the last one perhaps not complete.
    package var codeBlocks: [CodeBlock] {
        var result = document.blocks[..<document.closedCount].compactMap { document.code(of: $0) }
        if let open = document.openCode { result.append(open) }
        return result
    }

    /// The code that a row belongs to; nil when the row shows something else.
    package mutating func codeBlock(atRow row: Int, width: Int) -> CodeBlock? {
        guard row >= 0, row < rowCount(width: width) else { return nil }
        let index = entryIndex(of: row)
        let start = index == 0 ? 0 : rowEnds[index - 1]
        let rows = index < entries.count ? entries[index] : tail
        if rows.isSeparated, row == start { return nil }
        if index < document.closedCount { return document.code(of: document.blocks[index]) }
        return document.openCode
    }
}
