/// A piece of a line of code: it reaches to `end`, an index of the bytes that were given.
struct CodeToken: Hashable, Sendable {
    var end: Int
    var role: TextRole
}

/// Finds what to colour in code, a line at a time. What a line leaves open (a comment, a string, a
/// tag) is carried to the next, so a further line costs only itself.
struct CodeLexer: Sendable {
    let language: CodeLanguage
    var state = State.normal

    /// What is open at the end of a line.
    enum State: Hashable, Sendable {
        case normal
        case comment(depth: Int)
        case string(Int)
        /// Inside `<…>` of markup.
        case tag
    }

    /// A line longer than this is not coloured.
    static let lineLimit = 4096

    /// A lexer for the name after a fence; what is not known is shown plain.
    init(language name: String) { language = CodeLanguage.named(name) }

    /// The tokens of one line, without gaps, to its end.
    mutating func tokens(of line: ArraySlice<UInt8>) -> [CodeToken] {
        if line.count > Self.lineLimit { return [] }
        switch language.kind {
        case .plain: return []
        case .diff: return diffTokens(line)
        case .markup: return markupTokens(line)
        case .code: return codeTokens(line)
        }
    }

    private func diffTokens(_ line: ArraySlice<UInt8>) -> [CodeToken] {
        let heads = ["+++", "---", "@@", "diff ", "index ", "new file", "deleted file", "rename "]
        let role: TextRole =
            heads.contains { line.starts(with: $0.utf8) }
            ? .codeMeta
            : line.first == 0x2B ? .codeInserted : line.first == 0x2D ? .codeDeleted : .codeBlock
        return [CodeToken(end: line.endIndex, role: role)]
    }
}

extension CodeLexer {
    private mutating func codeTokens(_ line: ArraySlice<UInt8>) -> [CodeToken] {
        var scanner = CodeScanner(line)
        if case .comment(let depth) = state { readComment(&scanner, depth: depth) }
        if case .string(let index) = state { readString(&scanner, rule: index) }
        if case .normal = state, let meta = language.metaPrefix {
            if line.drop(while: { $0 == 0x20 }).starts(with: meta.utf8) {
                scanner.take(to: line.endIndex, .codeMeta)
            }
        }
        while !scanner.isAtEnd { readToken(&scanner) }
        if case .string(let index) = state, !language.strings[index].isMultiline { state = .normal }
        return scanner.tokens
    }

    private mutating func readToken(_ scanner: inout CodeScanner) {
        if startsComment(scanner) {
            return scanner.take(to: scanner.line.endIndex, .codeComment)
        }
        if let block = language.blockComment, scanner.isAt(block.open) {
            scanner.advance(block.open.utf8.count, .codeComment)
            return readComment(&scanner, depth: 1)
        }
        for (index, rule) in language.strings.enumerated() where scanner.isAt(rule.open) {
            if rule.isCharacter, !scanner.isCharacterLiteral { continue }
            scanner.advance(rule.open.utf8.count, .codeString)
            return readString(&scanner, rule: index)
        }
        let byte = scanner.byte
        if language.isWord(byte), byte &- 0x30 >= 10 { return readWord(&scanner) }
        if byte &- 0x30 < 10 { return readNumber(&scanner) }
        if language.marks.contains(byte), language.isWord(scanner.next) || scanner.next == 0x7B {
            scanner.advance(1, .codeAttribute)
            return scanner.takeWhile(.codeAttribute) {
                language.isWord($0) || $0 == 0x7B || $0 == 0x7D
            }
        }
        scanner.advance(1, .codeBlock)
    }

    private func startsComment(_ scanner: CodeScanner) -> Bool {
        guard language.lineComments.contains(where: scanner.isAt) else { return false }
        // In a shell, `#` begins a comment only where a word begins.
        guard language.commentsBeginWords else { return true }
        return scanner.before == 0x20 || scanner.before == 0x3B || scanner.before == 0
    }

    private mutating func readComment(_ scanner: inout CodeScanner, depth: Int) {
        guard let block = language.blockComment else { return state = .normal }
        var depth = depth
        while !scanner.isAtEnd {
            if scanner.isAt(block.close) {
                scanner.advance(block.close.utf8.count, .codeComment)
                depth -= 1
                if depth == 0 { return state = .normal }
            } else if block.nests, scanner.isAt(block.open) {
                scanner.advance(block.open.utf8.count, .codeComment)
                depth += 1
            } else {
                scanner.advance(1, .codeComment)
            }
        }
        state = .comment(depth: depth)
    }

    private mutating func readString(_ scanner: inout CodeScanner, rule index: Int) {
        let rule = language.strings[index]
        let start = scanner.tokens.count
        state = .string(index)
        while !scanner.isAtEnd {
            if rule.escapes, scanner.byte == 0x5C {
                scanner.advance(2, .codeString)
            } else if scanner.isAt(rule.close) {
                scanner.advance(rule.close.utf8.count, .codeString)
                state = .normal
                if language.hasKeys, scanner.isBeforeColon, start > 0 {
                    scanner.retypeLast(.codeAttribute)
                }
                return
            } else {
                scanner.advance(1, .codeString)
            }
        }
    }

    private mutating func readWord(_ scanner: inout CodeScanner) {
        let start = scanner.offset
        var end = start
        while end < scanner.line.endIndex, language.isWord(scanner.line[end]) { end += 1 }
        let word = scanner.line[start..<end]
        scanner.take(to: end, role(of: word, scanner))
    }

    private func role(of word: ArraySlice<UInt8>, _ scanner: CodeScanner) -> TextRole {
        let end = word.endIndex
        let after = end < scanner.line.endIndex ? scanner.line[end] : 0
        if language.hasKeys, after == 0x3A, scanner.isFirstWord { return .codeAttribute }
        if word.count > 24 { return .codeBlock }
        var text = String(decoding: word, as: UTF8.self)
        if language.ignoresCase { text = text.lowercased() }
        if language.keywords.contains(text) { return .codeKeyword }
        if language.types.contains(text) { return .codeType }
        if after == 0x28 { return .codeFunction }
        if language.typesAreCapitalised, let first = word.first, first &- 0x41 < 26, word.count > 1
        {
            return .codeType
        }
        return .codeBlock
    }

    private func readNumber(_ scanner: inout CodeScanner) {
        var end = scanner.offset
        let line = scanner.line
        while end < line.endIndex {
            let byte = line[end]
            let isPoint = byte == 0x2E && end + 1 < line.endIndex && line[end + 1] &- 0x30 < 10
            guard isPoint || HTMLBlock.isDigit(byte) || HTMLBlock.isLetter(byte) || byte == 0x5F
            else {
                break
            }
            end += 1
        }
        scanner.take(to: max(end, scanner.offset + 1), .codeNumber)
    }
}

extension CodeLexer {
    private mutating func markupTokens(_ line: ArraySlice<UInt8>) -> [CodeToken] {
        var scanner = CodeScanner(line)
        if case .comment = state { readMarkupComment(&scanner) }
        while !scanner.isAtEnd {
            if case .tag = state {
                readInTag(&scanner)
            } else if scanner.isAt("<!--") {
                scanner.advance(4, .codeComment)
                readMarkupComment(&scanner)
            } else if scanner.byte == 0x3C {
                scanner.advance(1, .codeKeyword)
                scanner.takeWhile(.codeKeyword) { $0 > 0x20 && $0 != 0x3E && $0 != 0x3C }
                state = .tag
            } else if scanner.byte == 0x26, scanner.next > 0x20 {
                scanner.takeWhile(.codeNumber) { $0 > 0x20 && $0 != 0x3B && $0 != 0x3C }
            } else {
                scanner.advance(1, .codeBlock)
            }
        }
        return scanner.tokens
    }

    private mutating func readMarkupComment(_ scanner: inout CodeScanner) {
        while !scanner.isAtEnd {
            if scanner.isAt("-->") {
                scanner.advance(3, .codeComment)
                return state = .normal
            }
            scanner.advance(1, .codeComment)
        }
        state = .comment(depth: 1)
    }

    private mutating func readInTag(_ scanner: inout CodeScanner) {
        let byte = scanner.byte
        if byte == 0x3E {
            scanner.advance(1, .codeKeyword)
            state = .normal
        } else if byte == 0x22 || byte == 0x27 {
            scanner.advance(1, .codeString)
            scanner.takeWhile(.codeString) { $0 != byte }
            scanner.advance(1, .codeString)
        } else if HTMLBlock.isLetter(byte) {
            scanner.takeWhile(.codeAttribute) { $0 > 0x20 && $0 != 0x3D && $0 != 0x3E }
        } else {
            scanner.advance(1, .codeBlock)
        }
    }
}
