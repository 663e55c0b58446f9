import TextLayout

/// Where the first sentence of a text ends.
enum SentenceEnd {
    private static let ends: Set<Character> = [".", "!", "?", "…"]
    /// After these nothing needs to follow.
    private static let wideEnds: Set<Character> = ["。", "！", "？"]
    private static let closers: Set<Character> = [
        ")", "]", "\"", "'", "”", "’", "»", "」", "』", "）", "*", "_",
    ]
    /// Words that end with a point inside a sentence.
    private static let abbreviations: Set<String> = [
        "mr", "mrs", "ms", "dr", "prof", "st", "no", "fig", "vs", "etc", "inc", "ltd", "approx",
        "e.g", "i.e", "cf", "al", "vol", "p", "pp", "z.b", "d.h", "u.a", "bzw", "ca", "nr", "bspw",
        "usw", "vgl", "s", "sr", "sra", "m", "mme",
    ]

    /// How many bytes of a passage to speak next; nil while its sentence may go on. Sentences of
    /// more than `limit` characters are cut at a comma or a blank.
    static func find(in passage: SpokenMarkdown.Passage, limit: Int) -> Int? {
        let text = passage.text
        var count = 0
        var index = text.startIndex
        while index < text.endIndex, count < limit {
            if wideEnds.contains(text[index]) {
                let end = afterClosers(text, text.index(after: index))
                if end < text.endIndex || passage.isComplete { return offset(end, text) }
                return nil
            }
            if ends.contains(text[index]), let end = end(after: index, of: text) {
                return offset(end, text)
            }
            index = text.index(after: index)
            count += 1
        }
        if index == text.endIndex { return passage.isComplete ? text.utf8.count : nil }
        return offset(softCut(text[..<index]), text)
    }

    /// The end of a sentence that ends with the sign at `index`; nil when it does not.
    private static func end(after index: String.Index, of text: String) -> String.Index? {
        var next = text.index(after: index)
        while next < text.endIndex, ends.contains(text[next]) { next = text.index(after: next) }
        let end = afterClosers(text, next)
        guard end < text.endIndex, text[end].isWhitespace else { return nil }
        if text[index] != "." || next > text.index(after: index) { return end }
        let word = text[..<index].reversed().prefix { !$0.isWhitespace && $0 != "(" }
        let before = String(word.reversed()).lowercased()
        if abbreviations.contains(before) { return nil }
        // An initial, or a number with its point at the start of a line.
        if before.count == 1, before.first?.isLetter == true { return nil }
        if before.allSatisfy(\.isNumber), word.count == text[..<index].count { return nil }
        // The first letter after it tells whether the sentence goes on.
        guard let following = text[end...].first(where: { !$0.isWhitespace }) else { return nil }
        return following.isLowercase ? nil : end
    }

    private static func afterClosers(_ text: String, _ start: String.Index) -> String.Index {
        var index = start
        while index < text.endIndex, closers.contains(text[index]) {
            index = text.index(after: index)
        }
        return index
    }

    /// After the last comma of a text, else after its last blank, else at its end; not so early
    /// that the piece would be a scrap.
    private static func softCut(_ text: Substring) -> String.Index {
        let middle = text.index(text.startIndex, offsetBy: text.count / 3)
        let marks: [(Character) -> Bool] = [
            { [",", ";", ":", "，", "、", "；"].contains($0) }, \.isWhitespace,
        ]
        for isMark in marks {
            if let cut = text[middle...].lastIndex(where: isMark) { return text.index(after: cut) }
        }
        return text.endIndex
    }

    private static func offset(_ index: String.Index, _ text: String) -> Int {
        text.utf8.distance(from: text.startIndex, to: index)
    }
}
