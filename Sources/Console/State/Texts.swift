import TextLayout

/// Columns that canonical text takes; quick where it is ASCII.
func columnCount(_ text: String) -> Int {
    var text = text
    return text.withUTF8 { bytes in
        bytes.allSatisfy { $0 < 0x80 } ? bytes.count : columns(ofUTF8: bytes)
    }
}

extension Int {
    /// The number with its thousands set apart: `123,456`.
    var grouped: String {
        var digits = String(magnitude)
        var groups: [String] = []
        while digits.utf8.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        groups.insert(digits, at: 0)
        return (self < 0 ? "-" : "") + groups.joined(separator: ",")
    }

    /// An amount of bytes in the unit that reads best: `10 MB`, `4 kB`, `120 bytes`.
    var byteText: String {
        switch self {
        case ..<1_000: "\(self) bytes"
        case ..<1_000_000: "\(self / 1_000) kB"
        default: "\(self / 1_000_000) MB"
        }
    }

    /// A time of which only whole seconds are known: `<1 s`, `12 s`, `2 min 5 s`.
    var wholeSecondsText: String {
        switch self {
        case ..<1: "<1 s"
        case ..<60: "\(self) s"
        default: Duration.seconds(self).text
        }
    }

    /// Two digits, as in times.
    var twoDigits: String { self < 10 ? "0\(self)" : "\(self)" }
}

extension Duration {
    /// Seconds as a fraction.
    var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }

    /// As people read it: `0.3 s`, `12 s`, `2 min 5 s`, `1 h 3 min`.
    var text: String {
        let tenths = Int((max(0, seconds) * 10).rounded())
        if tenths < 1 {
            let hundredths = Int((max(0, seconds) * 100).rounded())
            return "0.0\(hundredths) s"
        }
        if tenths < 600 { return "\(tenths / 10).\(tenths % 10) s" }
        let whole = tenths / 10
        if whole < 3_600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3_600) h \(whole % 3_600 / 60) min"
    }
}

extension StringProtocol {
    /// The text as one row of at most `width` columns, cut with an ellipsis.
    ///
    /// Canonical text in and out.
    func fitted(to width: Int, glyphs: Glyphs) -> String {
        guard width > 0 else { return "" }
        if utf8.count <= width || columnCount(String(self)) <= width { return String(self) }
        let ellipsis = glyphs.ellipsis
        let room = width - columnCount(ellipsis)
        guard room > 0 else { return String(ellipsis.prefix(width)) }
        var kept: [UInt8] = []
        var columns = 0
        let bytes = Array(utf8.prefix(8 * width + 64))
        for cell in TextCells(bytes) {
            if columns + cell.columns > room { break }
            columns += cell.columns
            kept.append(contentsOf: bytes[cell.range])
        }
        return String(decoding: kept, as: UTF8.self) + ellipsis
    }

    /// Canonical text without its first columns; a wide character that is cut leaves a blank.
    func dropping(columns count: Int) -> String {
        let bytes = Array(utf8)
        var columns = 0
        for cell in TextCells(bytes) {
            if columns >= count {
                let rest = String(decoding: bytes[cell.range.lowerBound...], as: UTF8.self)
                return String(repeating: " ", count: columns - count) + rest
            }
            columns += cell.columns
        }
        return String(repeating: " ", count: Swift.max(0, columns - count))
    }

    /// What one row may show of a name, a title or an error: controls visible, line ends too.
    var oneRow: String {
        // Long ones are cut first: nobody sees more than a row of it.
        if utf8.count <= 2_048 { return canonicalised(as: .name) }
        return String(decoding: utf8.prefix(2_048), as: UTF8.self).canonicalised(as: .name)
    }

    /// The first line that holds anything.
    var firstLine: String {
        for line in utf8.prefix(4_096).split(separator: 0x0A) {
            let text = String(decoding: line, as: UTF8.self)
            if text.contains(where: { !$0.isWhitespace }) { return text }
        }
        return ""
    }
}
