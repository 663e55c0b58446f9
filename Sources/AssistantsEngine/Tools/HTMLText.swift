/// What a reader sees of an HTML page, as plain text.
///
/// No parser: tags are taken away, blocks become lines, scripts and styles are left out. Anything
/// that is written badly is text, never an error.
enum HTMLText {
    static func text(of bytes: [UInt8]) -> [UInt8] {
        var text = Text()
        let lastTagEnd = bytes.lastIndex(of: UInt8(ascii: ">")) ?? -1
        var place = 0
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "<") where place < lastTagEnd:
                if let end = endOfTag(at: place, in: bytes) {
                    place = skip(tag: bytes[place..<end], to: end, in: bytes, &text)
                } else {
                    text.add(bytes[place])
                    place += 1
                }
            case UInt8(ascii: "&"):
                let (scalars, length) = entity(at: place, in: bytes)
                for byte in scalars.utf8 { text.add(byte) }
                place += length
            default:
                text.add(bytes[place])
                place += 1
            }
        }
        return text.bytes
    }

    /// Text with its white space made small.
    private struct Text {
        var bytes: [UInt8] = []
        private var wantsSpace = false

        mutating func add(_ byte: UInt8) {
            if byte <= 0x20 {
                wantsSpace = true
                return
            }
            if wantsSpace, let last = bytes.last, last != UInt8(ascii: "\n") { bytes.append(0x20) }
            wantsSpace = false
            bytes.append(byte)
        }

        /// Ends a line, and a paragraph where there was one just ended.
        mutating func endLine(isParagraph: Bool) {
            wantsSpace = false
            while bytes.last == 0x20 { bytes.removeLast() }
            if bytes.isEmpty { return }
            let breaks = bytes.suffix(2).count { $0 == UInt8(ascii: "\n") }
            let wanted = isParagraph ? 2 : 1
            if bytes.last != UInt8(ascii: "\n") {
                bytes += Array(repeating: UInt8(ascii: "\n"), count: wanted)
            } else if breaks < wanted {
                bytes.append(UInt8(ascii: "\n"))
            }
        }
    }

    /// Behind the tag or the comment that begins at a place; nil where none does.
    private static func endOfTag(at place: Int, in bytes: [UInt8]) -> Int? {
        let rest = bytes[place...]
        if rest.starts(with: "<!--".utf8) {
            return find("-->", from: place + 4, in: bytes) ?? bytes.count
        }
        guard place + 1 < bytes.count else { return nil }
        let first = bytes[place + 1]
        let isName = (0x41...0x5A).contains(first & 0xDF) || [0x2F, 0x21, 0x3F].contains(first)
        guard isName else { return nil }
        var quote: UInt8?
        for index in (place + 1)..<min(bytes.count, place + tagLimit) {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return index + 1
            }
        }
        // A quote that was never closed, or a tag as long as no tag is.
        return bytes[place...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 }
    }

    /// How far quotes are heeded in a tag, in bytes.
    private static let tagLimit = 4096

    /// Goes over a tag, and over what stands inside a script or a style.
    private static func skip(
        tag: ArraySlice<UInt8>, to end: Int, in bytes: [UInt8], _ text: inout Text
    ) -> Int {
        let name = tag.dropFirst().prefix { $0 > 0x20 && $0 != UInt8(ascii: ">") }
        let word = String(decoding: name, as: UTF8.self).lowercased()
        let plain = word.hasPrefix("/") ? String(word.dropFirst()) : word
        if ["script", "style", "template"].contains(word), tag.dropLast().last != 0x2F {
            return find("</" + word, from: end, in: bytes) ?? bytes.count
        }
        if paragraphs.contains(plain) {
            text.endLine(isParagraph: true)
        } else if lines.contains(plain) {
            text.endLine(isParagraph: false)
        } else if ["td", "th"].contains(plain) {
            text.add(0x20)
        }
        return end
    }

    private static let paragraphs: Set<String> = [
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "pre", "blockquote",
        "section",
        "article", "body", "head", "title", "hr", "main", "header", "footer", "nav", "form",
    ]
    private static let lines: Set<String> = ["br", "br/", "div", "li", "tr", "dt", "dd", "option"]

    /// Behind the end mark of a comment, or at the closing tag of a script, in any case.
    private static func find(_ mark: String, from place: Int, in bytes: [UInt8]) -> Int? {
        let mark = Array(mark.utf8)
        var place = place
        while place + mark.count <= bytes.count {
            let isThere = mark.indices.allSatisfy { index in
                let byte = bytes[place + index]
                let small = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
                return small == mark[index]
            }
            if isThere { return mark == Array("-->".utf8) ? place + mark.count : place }
            place += 1
        }
        return nil
    }

    /// What an entity stands for, and how many bytes it has; a lone `&` stands for itself.
    private static func entity(at place: Int, in bytes: [UInt8]) -> (String, Int) {
        let name = bytes[(place + 1)...].prefix(10).prefix { $0 != UInt8(ascii: ";") }
        let end = place + 1 + name.count
        guard end < bytes.count, bytes[end] == UInt8(ascii: ";") else { return ("&", 1) }
        let word = String(decoding: name, as: UTF8.self)
        let length = name.count + 2
        if let known = entities[word] { return (known, length) }
        guard word.hasPrefix("#") else { return ("&", 1) }
        let digits = word.dropFirst()
        let isHex = digits.hasPrefix("x") || digits.hasPrefix("X")
        let number = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let scalar = number.flatMap(Unicode.Scalar.init), scalar.value > 0 else {
            return ("&", 1)
        }
        return (String(scalar), length)
    }

    private static let entities = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "mdash": "—",
        "ndash": "–", "hellip": "…", "copy": "©", "reg": "®", "trade": "™", "euro": "€",
        "pound": "£", "sect": "§", "deg": "°", "times": "×", "middot": "·", "bull": "•",
        "laquo": "«", "raquo": "»", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”",
        "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü",
        "szlig": "ß", "eacute": "é", "egrave": "è", "agrave": "à", "ccedil": "ç", "ntilde": "ñ",
    ]
}
