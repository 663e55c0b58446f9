/// Replaces comments and the contents of strings by spaces; line ends stay where they are.
///
/// A scanner, not a parser: regular expression literals are read as code.
struct CodeBlanker {
    private var bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The text with everything blanked that is not code.
    mutating func blanked() -> [UInt8] {
        place = 0
        skipCode(untilClosingParenthesis: false)
        return bytes
    }

    private mutating func skipCode(untilClosingParenthesis: Bool) {
        var depth = 0
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "/") where isNext("/", after: 1): blankLineComment()
            case UInt8(ascii: "/") where isNext("*", after: 1): blankBlockComment()
            case UInt8(ascii: "\""), UInt8(ascii: "#"): blankStringOrAdvance()
            case UInt8(ascii: "("):
                depth += 1
                place += 1
            case UInt8(ascii: ")"):
                if untilClosingParenthesis && depth == 0 { return }
                depth -= 1
                place += 1
            default: place += 1
            }
        }
    }

    private mutating func blankLineComment() {
        while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { blank(1) }
    }

    private mutating func blankBlockComment() {
        var depth = 0
        repeat {
            if isNext("/", after: 0), isNext("*", after: 1) {
                depth += 1
                blank(2)
            } else if isNext("*", after: 0), isNext("/", after: 1) {
                depth -= 1
                blank(2)
            } else {
                blank(1)
            }
        } while depth > 0 && place < bytes.count
    }

    private mutating func blankStringOrAdvance() {
        var pounds = 0
        while isNext("#", after: pounds) { pounds += 1 }
        guard isNext("\"", after: pounds) else {
            place += max(1, pounds)
            return
        }
        let isMultiline = isNext("\"", after: pounds + 1) && isNext("\"", after: pounds + 2)
        let quotes = isMultiline ? 3 : 1
        blank(pounds + quotes)
        while place < bytes.count {
            if endsString(quotes: quotes, pounds: pounds) { return blank(quotes + pounds) }
            if !isMultiline && isNext("\n", after: 0) { return }
            blankContent(pounds: pounds)
        }
    }

    private mutating func blankContent(pounds: Int) {
        let isEscape =
            isNext("\\", after: 0) && (0..<pounds).allSatisfy { isNext("#", after: 1 + $0) }
        guard isEscape else { return blank(1) }
        blank(1 + pounds)
        guard isNext("(", after: 0) else { return blank(1) }
        // An interpolation may hold strings and parentheses of its own. It is blanked as well.
        let start = place
        place += 1
        skipCode(untilClosingParenthesis: true)
        let end = min(place + 1, bytes.count)
        place = start
        blank(end - start)
    }

    private func endsString(quotes: Int, pounds: Int) -> Bool {
        (0..<quotes).allSatisfy { isNext("\"", after: $0) }
            && (0..<pounds).allSatisfy { isNext("#", after: quotes + $0) }
    }

    private func isNext(_ character: Unicode.Scalar, after distance: Int) -> Bool {
        place + distance < bytes.count && bytes[place + distance] == UInt8(ascii: character)
    }

    private mutating func blank(_ count: Int) {
        for _ in 0..<count where place < bytes.count {
            if bytes[place] != UInt8(ascii: "\n") { bytes[place] = UInt8(ascii: " ") }
            place += 1
        }
    }
}
