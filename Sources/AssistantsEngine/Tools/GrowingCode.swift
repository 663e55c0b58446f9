/// The code in the arguments of a model's call, decoded while their JSON grows.
///
/// Arguments are an object with the code as a string, under `code` or `input`. Each byte is looked
/// at once, so a delta costs the delta.
struct GrowingCode: Hashable, Sendable {
    private enum State: Hashable, Sendable {
        /// Before the object.
        case start
        /// Where a key, a comma or the object's end may come.
        case betweenMembers
        case inKey
        case beforeColon
        case beforeValue
        /// In a value that is not the code: how deep, and whether in a string.
        case skipping(depth: Int, inString: Bool)
        case inCode
        /// The code's string has ended.
        case ended
        /// This is no object: it may be the code itself.
        case bare
        /// The object has ended without code, or is none.
        case broken
    }

    private var state = State.start
    private var key: [UInt8] = []
    /// Whether the last byte was a backslash in a string.
    private var isEscaped = false
    /// The digits of a `\u` that is being read; nil outside one.
    private var digits: [UInt8]?
    /// The first half of a pair of surrogates, whose second half must follow.
    private var highSurrogate: UInt16?

    /// Whether the code has come to its end.
    var isComplete: Bool { state == .ended }
    /// Whether no object began at all, so that the text may be the code itself.
    var isBare: Bool { state == .start || state == .bare }

    /// Takes in more of the arguments; the code that came with it.
    mutating func feed(_ text: String) -> String {
        var code: [UInt8] = []
        for byte in text.utf8 { take(byte, &code) }
        return String(decoding: code, as: UTF8.self)
    }

    private mutating func take(_ byte: UInt8, _ code: inout [UInt8]) {
        switch state {
        case .inCode: takeCode(byte, &code)
        case .inKey: takeKey(byte)
        case .skipping(let depth, let inString): skip(byte, depth, inString)
        case .ended, .bare, .broken: break
        case .start, .betweenMembers, .beforeColon, .beforeValue:
            if ![0x20, 0x09, 0x0A, 0x0D].contains(byte) { begin(byte) }
        }
    }

    /// A byte that is no blank, outside keys and values.
    private mutating func begin(_ byte: UInt8) {
        switch (state, byte) {
        case (.start, UInt8(ascii: "{")), (.betweenMembers, UInt8(ascii: ",")):
            state = .betweenMembers
        case (.betweenMembers, UInt8(ascii: "\"")): (state, key) = (.inKey, [])
        case (.beforeColon, UInt8(ascii: ":")): state = .beforeValue
        case (.beforeValue, UInt8(ascii: "\"")) where Self.names.contains(key): state = .inCode
        case (.beforeValue, UInt8(ascii: "\"")): state = .skipping(depth: 0, inString: true)
        case (.beforeValue, UInt8(ascii: "{")), (.beforeValue, UInt8(ascii: "[")):
            state = .skipping(depth: 1, inString: false)
        case (.beforeValue, _): state = .skipping(depth: 0, inString: false)
        case (.start, _): state = .bare
        default: state = .broken
        }
    }

    private static let names = [Array("code".utf8), Array("input".utf8)]

    private mutating func takeKey(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            state = .beforeColon
            return
        }
        // No name of ours is longer, and none has an escape in it.
        if key.count < 16 { key.append(byte) }
    }

    private mutating func skip(_ byte: UInt8, _ depth: Int, _ inString: Bool) {
        if inString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                state = depth == 0 ? .betweenMembers : .skipping(depth: depth, inString: false)
            }
            return
        }
        switch byte {
        case UInt8(ascii: "\""): state = .skipping(depth: depth, inString: true)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            state = .skipping(depth: depth + 1, inString: false)
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            if depth <= 1 { state = depth == 1 ? .betweenMembers : .broken }
            if depth > 1 { state = .skipping(depth: depth - 1, inString: false) }
        case UInt8(ascii: ",") where depth == 0: state = .betweenMembers
        default: break
        }
    }

    // MARK: The code's string

    private mutating func takeCode(_ byte: UInt8, _ code: inout [UInt8]) {
        if let digits { return takeDigit(byte, digits, &code) }
        if isEscaped {
            isEscaped = false
            return takeEscape(byte, &code)
        }
        if byte == UInt8(ascii: "\\") {
            isEscaped = true
            return
        }
        endPair(&code)
        if byte == UInt8(ascii: "\"") {
            state = .ended
        } else {
            code.append(byte)
        }
    }

    private mutating func takeEscape(_ byte: UInt8, _ code: inout [UInt8]) {
        if byte == UInt8(ascii: "u") {
            digits = []
            return
        }
        endPair(&code)
        switch byte {
        case UInt8(ascii: "n"): code.append(0x0A)
        case UInt8(ascii: "t"): code.append(0x09)
        case UInt8(ascii: "r"): code.append(0x0D)
        case UInt8(ascii: "b"): code.append(0x08)
        case UInt8(ascii: "f"): code.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): code.append(byte)
        // No escape of JSON; models mean the two signs that they wrote.
        default: code += [UInt8(ascii: "\\"), byte]
        }
    }

    private mutating func takeDigit(_ byte: UInt8, _ read: [UInt8], _ code: inout [UInt8]) {
        guard Self.value(of: byte) != nil else {
            digits = nil
            endPair(&code)
            code += Array("\\u".utf8) + read
            return takeCode(byte, &code)
        }
        let read = read + [byte]
        digits = read.count < 4 ? read : nil
        if read.count == 4 {
            let unit = read.reduce(UInt16(0)) { $0 << 4 | UInt16(Self.value(of: $1) ?? 0) }
            take(unit: unit, &code)
        }
    }

    private mutating func take(unit: UInt16, _ code: inout [UInt8]) {
        if let high = highSurrogate, UTF16.isTrailSurrogate(unit) {
            highSurrogate = nil
            code += Array(String(decoding: [high, unit], as: UTF16.self).utf8)
            return
        }
        endPair(&code)
        if UTF16.isLeadSurrogate(unit) {
            highSurrogate = unit
        } else {
            code += Array(String(decoding: [unit], as: UTF16.self).utf8)
        }
    }

    /// A first half without its second is no sign.
    private mutating func endPair(_ code: inout [UInt8]) {
        if highSurrogate == nil { return }
        highSurrogate = nil
        code += Array("\u{FFFD}".utf8)
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - 0x57
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - 0x37
        default: nil
        }
    }
}
