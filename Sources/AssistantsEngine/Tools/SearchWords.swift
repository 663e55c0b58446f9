/// The words of a query, as they are looked for.
///
/// Each is quoted, so that no word is taken for an operator of FTS5.
struct SearchWords {
    /// The most words of one query that are looked for, and the most scalars that are read for
    /// them (`RELIABILITY.md` 3.11).
    static let wordLimit = 32
    static let textLimit = 1000

    /// One pattern for each word, none twice.
    let patterns: [String]

    init(_ query: String) {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: query.unicodeScalars.prefix(Self.textLimit))
        let all = String(text).lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let telling = all.filter { !CommonWords.english.contains($0) }
        var patterns: [String] = []
        for word in (telling.isEmpty ? all : telling) {
            let found = Self.patterns(of: word)
            for pattern in found where !patterns.contains(pattern) { patterns.append(pattern) }
            if patterns.count >= Self.wordLimit { break }
        }
        self.patterns = Array(patterns.prefix(Self.wordLimit))
    }

    /// A pattern that any of the words matches; nil where there is none.
    var any: String? { patterns.isEmpty ? nil : patterns.joined(separator: " OR ") }

    private static func patterns(of word: String) -> [String] {
        let pairs = HanText.pairs(of: word)
        let words = pairs.isEmpty ? [word] : pairs
        return words.map { "\"\($0)\"" }
    }
}

/// Writing without spaces between its words: it is searched by pairs of its characters.
enum HanText {
    /// The pairs of neighbouring characters in every stretch of such writing; a stretch of one
    /// character gives that.
    static func pairs(of text: String) -> [String] {
        var pairs: [String] = []
        var stretch: [Unicode.Scalar] = []
        func close() {
            if stretch.count == 1 { pairs.append(String(stretch[0])) }
            for place in stretch.indices.dropLast() {
                pairs.append(String(stretch[place]) + String(stretch[place + 1]))
            }
            stretch = []
        }
        for scalar in text.unicodeScalars {
            if isHan(scalar) { stretch.append(scalar) } else { close() }
        }
        close()
        return pairs
    }

    /// Whether a text has any.
    static func isIn(_ text: String) -> Bool {
        // All of them have three bytes or more, so most texts are told by their bytes.
        text.utf8.contains { $0 >= 0xE1 } && text.unicodeScalars.contains(where: isHan)
    }

    /// Han, kana, hangul, Thai, Lao and Khmer.
    private static func isHan(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0E00...0x0EFF, 0x1100...0x11FF, 0x1780...0x17FF, 0x3040...0x30FF, 0x3130...0x318F,
            0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF,
            0x20000...0x323AF:
            true
        default: false
        }
    }
}
