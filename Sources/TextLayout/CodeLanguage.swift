/// What the lexer must know of a language.
struct CodeLanguage: Sendable {
    var kind = Kind.code
    var keywords: Set<String> = []
    var types: Set<String> = []
    var lineComments: [String] = []
    var blockComment: (open: String, close: String, nests: Bool)?
    var strings: [StringRule] = []
    /// Bytes that make the word after them an attribute or a variable: `@`, `$`.
    var marks: [UInt8] = []
    /// Bytes of words besides letters, digits and `_`.
    var wordBytes: [UInt8] = []
    /// What a line that is a directive begins with.
    var metaPrefix: String?
    /// Whether names in capitals are types.
    var typesAreCapitalised = false
    var ignoresCase = false
    /// Whether what stands before a colon is a key.
    var hasKeys = false
    var commentsBeginWords = false

    enum Kind: Sendable { case plain, code, markup, diff }

    struct StringRule: Sendable {
        var open: String
        var close: String
        var escapes = true
        var isMultiline = false
        /// Whether it holds one character, so that other uses of its mark must be told apart.
        var isCharacter = false
    }

    /// Whether a byte belongs to words. Bytes of other scripts do.
    func isWord(_ byte: UInt8) -> Bool {
        HTMLBlock.isLetter(byte) || HTMLBlock.isDigit(byte) || byte == 0x5F || byte >= 0x80
            || wordBytes.contains(byte)
    }

    /// The language of a name after a fence, in any case; plain when it is not known.
    static func named(_ name: String) -> CodeLanguage {
        guard name.utf8.count <= 16, let language = aliases[name.lowercased()] else { return plain }
        return language
    }

    static let plain = CodeLanguage(kind: .plain)

    private static let aliases: [String: CodeLanguage] = {
        var result: [String: CodeLanguage] = [:]
        let table: [(String, CodeLanguage)] = [
            ("swift", swift), ("python py python3 pycon", python),
            ("javascript js jsx mjs node typescript ts tsx", javaScript),
            ("c h cpp c++ cc cxx hpp objc cuda", cFamily), ("go golang", goLanguage),
            ("rust rs", rust), ("java kotlin kt scala groovy cs csharp c#", java),
            ("sh bash shell zsh fish console shell-session dockerfile make", shell),
            ("json jsonc json5 jsonl", json), ("yaml yml toml ini", yaml),
            ("html xml svg xhtml vue plist", CodeLanguage(kind: .markup)),
            ("sql sqlite postgres mysql psql", sql),
            ("diff patch", CodeLanguage(kind: .diff)), ("ruby rb", ruby),
        ]
        for (names, language) in table {
            for name in names.split(separator: " ") { result[String(name)] = language }
        }
        return result
    }()
}
