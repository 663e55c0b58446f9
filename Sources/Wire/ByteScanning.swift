// Eight bytes are looked at in one step: a byte that equals a sought one becomes zero under an
// exclusive or, and `zeroBytes` marks it. Marks above the lowest may be false, the lowest never is.

extension UInt64 {
    /// The byte in all eight places.
    @inline(__always)
    init(repeating byte: UInt8) { self = 0x0101_0101_0101_0101 &* UInt64(byte) }

    /// The high bit of each byte that is zero.
    @inline(__always)
    var zeroBytes: UInt64 { (self &- 0x0101_0101_0101_0101) & ~self & 0x8080_8080_8080_8080 }

    /// The high bit of each byte below 0x20.
    @inline(__always)
    var controlBytes: UInt64 { (self &- 0x2020_2020_2020_2020) & ~self & 0x8080_8080_8080_8080 }
}

extension UnsafeRawBufferPointer {
    /// The eight bytes at an offset, the first one lowest. The caller has checked the bounds.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Where the first CR or LF at or after `start` is, or `count`.
    @inline(__always)
    func lineEnd(from start: Int) -> Int {
        var index = start
        let feeds = UInt64(repeating: UInt8(ascii: "\n"))
        let returns = UInt64(repeating: UInt8(ascii: "\r"))
        while index &+ 8 <= count {
            let word = word(at: index)
            let marks = (word ^ feeds).zeroBytes | (word ^ returns).zeroBytes
            if marks != 0 { return index &+ marks.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
        while index < count, self[index] != UInt8(ascii: "\n"), self[index] != UInt8(ascii: "\r") {
            index &+= 1
        }
        return index
    }

    /// Where the first quote, backslash or control byte at or after `start` is, or `count`.
    @inline(__always)
    func stringSpecial(from start: Int) -> Int {
        var index = start
        let quotes = UInt64(repeating: UInt8(ascii: "\""))
        let backslashes = UInt64(repeating: UInt8(ascii: "\\"))
        while index &+ 8 <= count {
            let word = word(at: index)
            let marks =
                (word ^ quotes).zeroBytes | (word ^ backslashes).zeroBytes | word.controlBytes
            if marks != 0 { return index &+ marks.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
        while index < count {
            let byte = self[index]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            index &+= 1
        }
        return index
    }

    /// Whether these are the same bytes.
    @inline(__always)
    func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        var index = 0
        while index &+ 8 <= count {
            if word(at: index) != other.word(at: index) { return false }
            index &+= 8
        }
        if count >= 8 { return word(at: count &- 8) == other.word(at: count &- 8) }
        while index < count {
            if self[index] != other[index] { return false }
            index &+= 1
        }
        return true
    }
}

extension StaticString {
    /// The text as bytes.
    @inline(__always)
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUTF8Buffer { body(UnsafeRawBufferPointer($0)) }
    }
}
