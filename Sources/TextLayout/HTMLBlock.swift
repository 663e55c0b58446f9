/// The seven kinds of HTML blocks of CommonMark 4.6.
enum HTMLBlock {
    /// The kind that begins at the cursor, which stands on `<`.
    static func start(_ cursor: LineCursor) -> Int? {
        let rest = UnsafeBufferPointer(rebasing: cursor.bytes[cursor.offset..<cursor.end])
        if begins(rest, "<!--") { return 2 }
        if begins(rest, "<?") { return 3 }
        if begins(rest, "<![CDATA[") { return 5 }
        if begins(rest, "<!"), rest.count > 2, isLetter(rest[2]) { return 4 }
        var index = 1
        let isClosing = rest.count > 1 && rest[1] == 0x2F
        if isClosing { index = 2 }
        let nameStart = index
        while index < rest.count, isLetter(rest[index]) || index > nameStart && isDigit(rest[index])
        {
            index += 1
        }
        if index > nameStart, let kind = named(rest, nameStart..<index, isClosing) { return kind }
        return isWholeTag(rest) ? 7 : nil
    }

    /// Whether a line ends a block of the kind.
    static func ends(_ kind: Int, _ cursor: LineCursor) -> Bool {
        let line = UnsafeBufferPointer(rebasing: cursor.bytes[cursor.offset..<cursor.end])
        return switch kind {
        case 1: verbatimNames.contains { contains(line, "</" + $0 + ">") }
        case 2: contains(line, "-->")
        case 3: contains(line, "?>")
        case 4: contains(line, ">")
        case 5: contains(line, "]]>")
        default: false
        }
    }

    private static let verbatimNames = ["script", "pre", "style", "textarea"]

    private static let blockNames: Set<String> = [
        "address", "article", "aside", "base", "basefont", "blockquote", "body", "caption",
        "center", "col", "colgroup", "dd", "details", "dialog", "dir", "div", "dl", "dt",
        "fieldset", "figcaption", "figure", "footer", "form", "frame", "frameset", "h1", "h2",
        "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "iframe", "legend", "li", "link",
        "main", "menu", "menuitem", "nav", "noframes", "ol", "optgroup", "option", "p", "param",
        "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title",
        "tr", "track", "ul",
    ]

    /// Kind 1 or 6 by the name of the tag.
    private static func named(
        _ rest: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ isClosing: Bool
    ) -> Int? {
        if range.count > 10 { return nil }
        let name = String(decoding: rest[range].map { $0 | 0x20 }, as: UTF8.self)
        let next = range.upperBound < rest.count ? rest[range.upperBound] : 0x20
        let isEnd = next == 0x20 || next == 0x09 || next == 0x3E
        if !isClosing, isEnd, verbatimNames.contains(name) { return 1 }
        let isSlashed =
            next == 0x2F && range.upperBound + 1 < rest.count && rest[range.upperBound + 1] == 0x3E
        return (isEnd || isSlashed) && blockNames.contains(name) ? 6 : nil
    }

    /// Whether the line is one complete tag and blanks.
    private static func isWholeTag(_ rest: UnsafeBufferPointer<UInt8>) -> Bool {
        var tag = TagReader(rest)
        return tag.readTag() && tag.isBlankToEnd
    }

    private static func begins(_ line: UnsafeBufferPointer<UInt8>, _ text: String) -> Bool {
        line.starts(with: text.utf8)
    }

    private static func contains(_ line: UnsafeBufferPointer<UInt8>, _ text: String) -> Bool {
        let wanted = Array(text.utf8)
        if line.count < wanted.count { return false }
        return (0...line.count - wanted.count).contains { start in
            wanted.indices.allSatisfy { index in
                let byte = line[start + index]
                return (isLetter(byte) ? byte | 0x20 : byte) == wanted[index]
            }
        }
    }

    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}

/// Reads one HTML tag by CommonMark 6.6.
struct TagReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Whether only blanks follow.
    var isBlankToEnd: Bool {
        bytes[offset...].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }

    /// Moves past an open or closing tag; false when there is none.
    mutating func readTag() -> Bool {
        guard take(0x3C) else { return false }
        if take(0x2F) {
            guard readName() else { return false }
            skipBlanks()
            return take(0x3E)
        }
        guard readName() else { return false }
        while true {
            let hadBlank = skipBlanks()
            if take(0x3E) { return true }
            if take(0x2F) { return take(0x3E) }
            guard hadBlank, readAttribute() else { return false }
        }
    }

    private var byte: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    private mutating func take(_ wanted: UInt8) -> Bool {
        guard offset < bytes.count, bytes[offset] == wanted else { return false }
        offset += 1
        return true
    }

    @discardableResult private mutating func skipBlanks() -> Bool {
        let start = offset
        while byte == 0x20 || byte == 0x09 || byte == 0x0D { offset += 1 }
        return offset > start
    }

    private mutating func readName() -> Bool {
        guard HTMLBlock.isLetter(byte) else { return false }
        while HTMLBlock.isLetter(byte) || HTMLBlock.isDigit(byte) || byte == 0x2D { offset += 1 }
        return true
    }

    private mutating func readAttribute() -> Bool {
        guard HTMLBlock.isLetter(byte) || byte == 0x5F || byte == 0x3A else { return false }
        while HTMLBlock.isLetter(byte) || HTMLBlock.isDigit(byte)
            || [0x5F, 0x3A, 0x2E, 0x2D].contains(byte)
        {
            offset += 1
        }
        let end = offset
        skipBlanks()
        guard take(0x3D) else {
            offset = end
            return true
        }
        skipBlanks()
        return readValue()
    }

    private mutating func readValue() -> Bool {
        let quote = byte
        if quote == 0x22 || quote == 0x27 {
            offset += 1
            while offset < bytes.count, bytes[offset] != quote { offset += 1 }
            return take(quote)
        }
        let start = offset
        let forbidden: [UInt8] = [0x20, 0x09, 0x0D, 0x22, 0x27, 0x3D, 0x3C, 0x3E, 0x60]
        while offset < bytes.count, !forbidden.contains(bytes[offset]) { offset += 1 }
        return offset > start
    }
}
