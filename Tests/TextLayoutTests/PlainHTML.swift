@testable import TextLayout

/// The text of HTML as a reader sees it: no tags, images as their text, blanks collapsed.
func plainText(ofHTML html: String) -> String {
    var result: [UInt8] = []
    var rest = Array(html.utf8)[...]
    while let byte = rest.first {
        if byte == 0x3C, let end = markupEnd(rest) {
            let tag = String(decoding: rest[..<end], as: UTF8.self)
            if tag.hasPrefix("<img") { result += attribute("alt", of: tag).utf8 }
            rest = rest[end...]
        } else if byte == 0x26, let end = rest.prefix(10).firstIndex(of: 0x3B),
            let decoded = Array(rest[...end]).withUnsafeBufferPointer({ Entity.text($0) })
        {
            result += decoded.utf8
            rest = rest[(end + 1)...]
        } else {
            result.append(byte)
            rest = rest.dropFirst()
        }
    }
    let words = result.split { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }
    return words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
}

/// Where the tag, comment or instruction at the start of the bytes ends; nil when it is only a `<`.
private func markupEnd(_ bytes: ArraySlice<UInt8>) -> Int? {
    let head = String(decoding: bytes.prefix(9), as: UTF8.self)
    let pairs = [
        ("<!-->", "-->"), ("<!--->", "-->"), ("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"),
    ]
    for (open, close) in pairs where head.hasPrefix(open) {
        let from = open == "<!-->" || open == "<!--->" ? bytes.startIndex : bytes.startIndex + 4
        var index = from
        while index + close.utf8.count <= bytes.endIndex {
            if bytes[index...].starts(with: close.utf8) { return index + close.utf8.count }
            index += 1
        }
        return nil
    }
    guard let next = bytes.dropFirst().first,
        next == 0x2F || next == 0x21 || HTMLBlock.isLetter(next)
    else { return nil }
    var quote: UInt8 = 0
    for index in bytes.indices.dropFirst() {
        let byte = bytes[index]
        if quote != 0 {
            if byte == quote { quote = 0 }
        } else if byte == 0x22 || byte == 0x27 {
            quote = byte
        } else if byte == 0x3E {
            return index + 1
        }
    }
    return nil
}

private func attribute(_ name: String, of tag: String) -> String {
    guard let start = tag.range(of: name + "=\"") else { return "" }
    let value = tag[start.upperBound...].prefix { $0 != "\"" }
    return plainText(ofHTML: String(value))
}

extension String {
    fileprivate func range(of text: String) -> Range<String.Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(text) {
                return index..<self.index(index, offsetBy: text.unicodeScalars.count)
            }
            index = self.index(after: index)
        }
        return nil
    }
}

/// Rows as HTML: what the source wrote as HTML stays, other text is escaped, decoration goes.
func html(of lines: [Line]) -> String {
    let decoration: Set<TextRole> = [
        .indent, .codeBar, .quoteBar, .listMarker, .taskOpen, .taskDone, .rule, .tableRule,
    ]
    return lines.map { line in
        line.spans.filter { !decoration.contains($0.role) }.map { span in
            span.role == .html ? span.text : escaped(span.text)
        }.joined()
    }.joined(separator: "\n")
}

private func escaped(_ text: String) -> String {
    text.map { character in
        switch character {
        case "&": "&amp;"
        case "<": "&lt;"
        default: String(character)
        }
    }.joined()
}
