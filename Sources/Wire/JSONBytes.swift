extension [UInt8] {
    /// Appends `true` or `false`.
    mutating func appendJSON(_ value: Bool) {
        append(contentsOf: value ? "true".utf8 : "false".utf8)
    }

    /// Appends a whole number in decimal.
    mutating func appendJSON(_ value: Int) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        if rest < 10 { return append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest)) }
        let start = count
        while rest > 0 {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit))
            rest = quotient
        }
        self[start...].reverse()
    }

    /// Appends the shortest decimal that reads back as the same double.
    mutating func appendJSON(_ value: Double) {
        if value.isFinite {
            append(contentsOf: value.description.utf8)
        } else if value.isNaN {
            append(contentsOf: "null".utf8)
        } else {
            // JSON has no infinity; every parser reads an exponent this large as one.
            append(contentsOf: value < 0 ? "-1e999".utf8 : "1e999".utf8)
        }
    }

    /// Appends a string with its quotes, escaping only quotes, backslashes and control bytes.
    mutating func appendJSON(_ value: some StringProtocol) {
        append(UInt8(ascii: "\""))
        let isDone: Void? = value.utf8.withContiguousStorageIfAvailable {
            appendEscaped(UnsafeRawBufferPointer($0))
        }
        if isDone == nil {
            Array(value.utf8).withUnsafeBytes { appendEscaped($0) }
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ text: UnsafeRawBufferPointer) {
        var start = 0
        while true {
            let end = text.stringSpecial(from: start)
            append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<end]))
            if end == text.count { return }
            appendEscape(text[end])
            start = end + 1
        }
    }

    private mutating func appendEscape(_ byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        case UInt8(ascii: "\n"): append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): append(UInt8(ascii: "t"))
        case 0x08: append(UInt8(ascii: "b"))
        case 0x0C: append(UInt8(ascii: "f"))
        default:
            append(contentsOf: byte < 0x10 ? "u000".utf8 : "u001".utf8)
            let digit = byte & 0x0F
            append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
