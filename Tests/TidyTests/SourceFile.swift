/// One source file: its text, and the same text with comments and strings blanked out.
struct SourceFile: Sendable {
    /// The path from the root of the checkout.
    let path: String
    /// The lines as written.
    let lines: [Substring]
    /// The code: every character of a comment or of a string's content is a space.
    let code: String
    /// The identifiers and keywords of the code, in order.
    let words: [Word]

    /// The target in `Sources` it belongs to, or nil for a test.
    var target: String? {
        let parts = path.split(separator: "/")
        return parts.first == "Sources" && parts.count > 2 ? String(parts[1]) : nil
    }

    var isSwift: Bool { path.hasSuffix(".swift") }

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var blanker = CodeBlanker(Array(text.utf8))
        let blanked = blanker.blanked()
        code = String(decoding: blanked, as: UTF8.self)
        words = path.hasSuffix(".swift") ? Self.words(in: blanked) : []
    }

    /// The modules that the file imports, in order; `import struct A.B` counts as `A`.
    var imports: [String] {
        code.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
                words[..<place].allSatisfy({ Self.importPrefixes.contains($0) || $0.first == "@" })
            else { return nil }
            let kinds: Set<Substring> = [
                "struct", "class", "enum", "func", "protocol", "typealias",
            ]
            let hasKind = kinds.contains(words[place + 1]) && place + 2 < words.count
            let module = words[place + (hasKind ? 2 : 1)].split(separator: ".").first
            return module.map(String.init)
        }
    }

    private static let importPrefixes: Set<Substring> = [
        "public", "package", "internal", "private", "fileprivate",
    ]

    /// The names of the types declared here.
    var declaredTypes: [String] {
        let keywords: Set<String> = ["class", "struct", "enum", "actor", "protocol", "typealias"]
        return words.indices.dropLast().compactMap { place in
            guard keywords.contains(words[place].text), words[place].isDeclaration else {
                return nil
            }
            let name = words[place + 1].text
            return name.first?.isUppercase == true ? name : nil
        }
    }

    /// The names that `let`, `var` and `func` give here.
    var declaredNames: [String] {
        let keywords: Set<String> = ["let", "var", "func"]
        return words.indices.dropLast().compactMap { place in
            keywords.contains(words[place].text) ? words[place + 1].text : nil
        }
    }

    /// A word of the code; `isDeclaration` is false when it is a member such as `.class`.
    struct Word: Sendable {
        let text: String
        let line: Int
        let end: Int
        let isDeclaration: Bool
    }

    private static func words(in bytes: [UInt8]) -> [Word] {
        var words: [Word] = []
        var line = 1
        var place = 0
        while place < bytes.count {
            let start = place
            while place < bytes.count, bytes[place].isWord { place += 1 }
            if place > start {
                let text = String(decoding: bytes[start..<place], as: UTF8.self)
                let before = start > 0 ? bytes[start - 1] : UInt8(ascii: "\n")
                words.append(
                    Word(
                        text: text, line: line, end: place,
                        isDeclaration: before != UInt8(ascii: ".") && before != UInt8(ascii: "`")))
            } else {
                if bytes[place] == UInt8(ascii: "\n") { line += 1 }
                place += 1
            }
        }
        return words
    }
}

extension UInt8 {
    /// Whether the byte belongs to an identifier; all of UTF-8's multi-byte sequences do.
    fileprivate var isWord: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}
