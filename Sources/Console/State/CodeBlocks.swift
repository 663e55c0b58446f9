/// The fenced code blocks of a Markdown text, as their source.
enum CodeBlocks {
    /// The text between the fences of each block, with its line ends.
    ///
    /// A block that nothing closed ends with the text.
    static func blocks(of text: String) -> [String] {
        var blocks: [String] = []
        var open: (fence: UInt8, count: Int, indent: Int, lines: [UInt8])?
        for line in Array(text.utf8).split(separator: 0x0A, omittingEmptySubsequences: false) {
            let indent = line.prefix { $0 == 0x20 }.count
            let rest = line.dropFirst(indent)
            let fence = rest.first ?? 0
            let count = rest.prefix { $0 == fence }.count
            let isFence = indent < 4 && count >= 3 && (fence == 0x60 || fence == 0x7E)
            if var block = open {
                let isBlank = rest.dropFirst(count).allSatisfy { $0 == 0x20 || $0 == 0x0D }
                if isFence, fence == block.fence, count >= block.count, isBlank {
                    blocks.append(String(decoding: block.lines, as: UTF8.self))
                    open = nil
                    continue
                }
                block.lines += line.dropFirst(min(indent, block.indent)) + [0x0A]
                open = block
            } else if isFence, fence == 0x7E || !rest.dropFirst(count).contains(0x60) {
                open = (fence, count, indent, [])
            }
        }
        if let open { blocks.append(String(decoding: open.lines.dropLast(), as: UTF8.self)) }
        return blocks
    }
}
