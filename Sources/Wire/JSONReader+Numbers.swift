extension JSONReader {
    /// Reads a whole number; `1.0` and `1e3` are whole too. Throws when it does not fit.
    public mutating func readInteger() throws(JSONError) -> Int {
        skipWhitespace()
        let start = index
        guard JSONKind(firstByte: byte) == .number else { throw unexpected("a number") }
        if let value = try readNumber().value.integerValue { return value }
        index = start
        throw JSONError("expected a whole number in range", offset: start)
    }

    /// Reads a whole number, or `null` as nil.
    public mutating func readIntegerOrNull() throws(JSONError) -> Int? {
        try peek() == .null ? try readNullAsNil() : try readInteger()
    }

    /// Reads a number. Throws when it is out of range.
    public mutating func readDouble() throws(JSONError) -> Double {
        skipWhitespace()
        let start = index
        guard JSONKind(firstByte: byte) == .number else { throw unexpected("a number") }
        if let value = try readNumber().value.doubleValue { return value }
        index = start
        throw JSONError("expected a number in range", offset: start)
    }

    /// Reads a number, or `null` as nil.
    public mutating func readDoubleOrNull() throws(JSONError) -> Double? {
        try peek() == .null ? try readNullAsNil() : try readDouble()
    }

    /// Reads `true` or `false`.
    public mutating func readBool() throws(JSONError) -> Bool {
        skipWhitespace()
        if skip("true") { return true }
        if skip("false") { return false }
        throw unexpected("true or false")
    }

    /// Reads a truth value, or `null` as nil.
    public mutating func readBoolOrNull() throws(JSONError) -> Bool? {
        try peek() == .null ? try readNullAsNil() : try readBool()
    }

    /// Reads `null`.
    public mutating func readNull() throws(JSONError) {
        skipWhitespace()
        if !skip("null") { throw unexpected("null") }
    }

    mutating func readNullAsNil<Value>() throws(JSONError) -> Value? {
        try readNull()
        return nil
    }

    @inline(__always)
    private mutating func skip(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard bytes.count &- index >= length else { return false }
        for place in 0..<length where bytes[index &+ place] != word.utf8Start[place] {
            return false
        }
        index &+= length
        return true
    }

    /// Reads a number of any form; strict readers refuse one too large for a double.
    mutating func readNumber() throws(JSONError) -> JSONNumber {
        let start = index
        var number = JSONNumber()
        if byte == UInt8(ascii: "-") {
            number.isNegative = true
            index &+= 1
        }
        try readWholeDigits(into: &number)
        if byte == UInt8(ascii: ".") {
            index &+= 1
            number.isWhole = false
            try readDigits { number.append($0, isFraction: true) }
        }
        if byte | 0x20 == UInt8(ascii: "e") {
            number.isWhole = false
            try readExponent(into: &number)
        }
        if number.isExact { return number }
        number.repair(from: bytes[start..<index])
        if !isRepairing, !number.isFinite {
            index = start
            throw JSONError("a number out of range", offset: start)
        }
        return number
    }

    private mutating func readWholeDigits(into number: inout JSONNumber) throws(JSONError) {
        if byte == UInt8(ascii: "0") {
            index &+= 1
            if isDigit(byte) { throw JSONError("a number begins with 0", offset: index &- 1) }
        } else {
            try readDigits { number.append($0, isFraction: false) }
        }
    }

    private mutating func readExponent(into number: inout JSONNumber) throws(JSONError) {
        index &+= 1
        let isNegative = byte == UInt8(ascii: "-")
        if isNegative || byte == UInt8(ascii: "+") { index &+= 1 }
        var exponent = 0
        try readDigits { exponent = min(exponent * 10 + Int($0), JSONNumber.exponentLimit) }
        number.setExponent(exponent, isNegative: isNegative)
    }

    @inline(__always)
    private mutating func readDigits(_ body: (UInt8) -> Void) throws(JSONError) {
        guard isDigit(byte) else { throw unexpected("a digit") }
        while isDigit(byte) {
            body(bytes[index] &- UInt8(ascii: "0"))
            index &+= 1
        }
    }

    @inline(__always)
    private func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }
}
