/// A place in a line of code and the tokens before it.
struct CodeScanner {
    let line: ArraySlice<UInt8>
    private(set) var offset: Int
    private(set) var tokens: [CodeToken] = []

    init(_ line: ArraySlice<UInt8>) {
        self.line = line
        offset = line.startIndex
    }

    var isAtEnd: Bool { offset >= line.endIndex }

    /// The byte here, the one after and the one before; 0 beyond the line.
    var byte: UInt8 { offset < line.endIndex ? line[offset] : 0 }
    var next: UInt8 { offset + 1 < line.endIndex ? line[offset + 1] : 0 }
    var before: UInt8 { offset > line.startIndex ? line[offset - 1] : 0 }

    /// Whether the rest of the line begins with `text`.
    func isAt(_ text: String) -> Bool {
        var index = offset
        for byte in text.utf8 {
            guard index < line.endIndex, line[index] == byte else { return false }
            index += 1
        }
        return true
    }

    /// Whether a `'` here opens a character, not a lifetime or a name.
    var isCharacterLiteral: Bool {
        let rest = line[offset...].dropFirst().prefix(12)
        if rest.first == 0x5C { return true }
        guard let first = rest.first else { return false }
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        return rest.dropFirst(length).first == 0x27
    }

    /// Whether the next byte that is no blank is a colon.
    var isBeforeColon: Bool { line[offset...].first { $0 != 0x20 } == 0x3A }

    /// Whether only blanks, dashes and brackets stand before here.
    var isFirstWord: Bool {
        line[line.startIndex..<offset].allSatisfy { [0x20, 0x2D, 0x7B, 0x2C].contains($0) }
    }

    /// Moves on by `count` bytes of one role.
    mutating func advance(_ count: Int, _ role: TextRole) {
        take(to: min(line.endIndex, offset + count), role)
    }

    /// Moves to `end`; everything until there has one role.
    mutating func take(to end: Int, _ role: TextRole) {
        guard end > offset else { return }
        offset = end
        if let last = tokens.last, last.role == role {
            tokens[tokens.count - 1].end = end
        } else {
            tokens.append(CodeToken(end: end, role: role))
        }
    }

    /// Moves on while the bytes satisfy a condition.
    mutating func takeWhile(_ role: TextRole, _ condition: (UInt8) -> Bool) {
        var end = offset
        while end < line.endIndex, condition(line[end]) { end += 1 }
        take(to: end, role)
    }

    /// Gives the last token another role.
    mutating func retypeLast(_ role: TextRole) {
        if !tokens.isEmpty { tokens[tokens.count - 1].role = role }
    }
}
