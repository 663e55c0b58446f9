extension JSONReader {
    /// Reads a string.
    public mutating func readString() throws(JSONError) -> String {
        skipWhitespace()
        guard byte == UInt8(ascii: "\"") else { throw unexpected("a string") }
        let start = index &+ 1
        let end = special(from: start)
        if end < bytes.count, bytes[end] == UInt8(ascii: "\"") {
            index = end &+ 1
            return try decode(start..<end)
        }
        return try readEscapedString(start, firstSpecial: end)
    }

    /// Reads a string that is probably the one given: then no new one is made.
    public mutating func readString(expecting known: String) throws(JSONError) -> String {
        skipWhitespace()
        let start = index &+ 1
        let end = start &+ known.utf8.count
        if end < bytes.count, byte == UInt8(ascii: "\""), bytes[end] == UInt8(ascii: "\"") {
            let isSame = known.utf8.withContiguousStorageIfAvailable { known in
                bytes.withUnsafeBytes {
                    let text = UnsafeRawBufferPointer(rebasing: $0[start..<end])
                    return text.isEqual(to: UnsafeRawBufferPointer(known))
                        && text.stringSpecial(from: 0) == text.count
                }
            }
            if isSame == true {
                index = end &+ 1
                return known
            }
        }
        return try readString()
    }

    /// Reads a string, or `null` as nil.
    public mutating func readStringOrNull() throws(JSONError) -> String? {
        try peek() == .null ? try readNullAsNil() : try readString()
    }

    /// Passes over a string.
    mutating func skipString() throws(JSONError) {
        if !isRepairing {
            _ = try readString()
            return
        }
        let start = index &+ 1
        let end = special(from: start)
        if end < bytes.count, bytes[end] == UInt8(ascii: "\"") {
            index = end &+ 1
        } else {
            index = try stringEnd(start, firstSpecial: end) &+ 1
        }
    }

    /// Reads the name of a member.
    mutating func readKey() throws(JSONError) -> JSONKey {
        skipWhitespace()
        guard byte == UInt8(ascii: "\"") else { throw unexpected("a name in quotes") }
        let start = index &+ 1
        let end = special(from: start)
        guard isRepairing, end < bytes.count, bytes[end] == UInt8(ascii: "\"") else {
            return JSONKey(try readString())
        }
        index = end &+ 1
        return bytes.withUnsafeBytes { JSONKey($0, start..<end) }
    }

    @inline(__always)
    private func special(from start: Int) -> Int {
        bytes.withUnsafeBytes { $0.stringSpecial(from: start) }
    }

    /// The text of bytes without escapes.
    @inline(__always)
    private func decode(_ range: Range<Int>) throws(JSONError) -> String {
        if !isRepairing { try checkText(range) }
        return bytes.withUnsafeBytes {
            String(decoding: UnsafeRawBufferPointer(rebasing: $0[range]), as: UTF8.self)
        }
    }

    private func checkText(_ range: Range<Int>) throws(JSONError) {
        if String(validating: bytes[range], as: UTF8.self) == nil {
            throw JSONError("a string is not valid UTF-8", offset: range.lowerBound)
        }
    }

    private mutating func readEscapedString(
        _ start: Int, firstSpecial: Int
    ) throws(JSONError) -> String {
        let end = try stringEnd(start, firstSpecial: firstSpecial)
        if !isRepairing { try checkText(start..<end) }
        index = end &+ 1
        // Decoded text is never longer than its escapes, and the initialiser repairs the rest.
        return String(unsafeUninitializedCapacity: end - start) { target in
            bytes.withUnsafeBytes { bytes in
                JSONEscapes.decode(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), to: target)
            }
        }
    }

    /// Where the string's closing quote is; every escape on the way is checked.
    private func stringEnd(_ start: Int, firstSpecial: Int) throws(JSONError) -> Int {
        var place = firstSpecial
        while true {
            guard place < bytes.count else {
                throw JSONError("a string does not end", offset: start &- 1)
            }
            switch bytes[place] {
            case UInt8(ascii: "\""): return place
            case UInt8(ascii: "\\"): place = special(from: try escapeEnd(place))
            default: throw JSONError("a control character in a string", offset: place)
            }
        }
    }

    /// Where the escape at `place` ends; in strict mode with its low surrogate.
    private func escapeEnd(_ place: Int) throws(JSONError) -> Int {
        guard place &+ 1 < bytes.count else {
            throw JSONError("a string does not end", offset: place)
        }
        if bytes[place &+ 1] != UInt8(ascii: "u") {
            guard JSONEscapes.byte(for: bytes[place &+ 1]) != nil else {
                throw JSONError("an escape that JSON does not have", offset: place)
            }
            return place &+ 2
        }
        let unit = try escapedUnit(place)
        if isRepairing || !(0xD800..<0xE000).contains(unit) { return place &+ 6 }
        let next = place &+ 6
        let hasLow =
            next &+ 1 < bytes.count && bytes[next] == UInt8(ascii: "\\")
            && bytes[next &+ 1] == UInt8(ascii: "u")
        guard unit < 0xDC00, hasLow, (0xDC00..<0xE000).contains(try escapedUnit(next)) else {
            throw JSONError("half of a surrogate pair", offset: place)
        }
        return place &+ 12
    }

    private func escapedUnit(_ place: Int) throws(JSONError) -> UInt32 {
        let unit = bytes.withUnsafeBytes { JSONEscapes.unit(in: $0, at: place &+ 2) }
        guard let unit else { throw JSONError("'\\u' without four digits", offset: place) }
        return unit
    }
}
