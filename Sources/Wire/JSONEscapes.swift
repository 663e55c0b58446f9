/// What the escapes in JSON strings mean.
enum JSONEscapes {
    /// The byte that a backslash and this letter stand for; nil for `u` and what is no escape.
    @inline(__always)
    static func byte(for letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        default: nil
        }
    }

    /// The UTF-16 unit of the four hexadecimal digits at an offset, or nil when they are not there.
    static func unit(in bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32? {
        guard offset &+ 4 <= bytes.count else { return nil }
        var unit: UInt32 = 0
        for place in offset..<offset &+ 4 {
            let digit: UInt8
            switch bytes[place] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = bytes[place] &- UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = bytes[place] &- 87
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = bytes[place] &- 55
            default: return nil
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    /// Writes the text that `raw` stands for into `target` and returns its length.
    ///
    /// The escapes have been checked and `target` is as long as `raw`. A lone surrogate becomes
    /// U+FFFD.
    static func decode(
        _ raw: UnsafeRawBufferPointer, to target: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        var source = 0
        var length = 0
        while source < raw.count {
            let special = raw.stringSpecial(from: source)
            let run = UnsafeRawBufferPointer(rebasing: raw[source..<special])
            UnsafeMutableRawBufferPointer(
                rebasing: UnsafeMutableRawBufferPointer(target)[length...]
            )
            .copyMemory(from: run)
            length &+= run.count
            source = special
            guard source &+ 1 < raw.count else { break }
            if let byte = byte(for: raw[source &+ 1]) {
                target[length] = byte
                length &+= 1
                source &+= 2
            } else {
                let (scalar, end) = scalar(in: raw, at: source)
                source = end
                for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                    target[length] = byte
                    length &+= 1
                }
            }
        }
        return length
    }

    private static func scalar(
        in raw: UnsafeRawBufferPointer, at place: Int
    ) -> (Unicode.Scalar, end: Int) {
        let next = place &+ 6
        guard let high = unit(in: raw, at: place &+ 2) else { return ("\u{FFFD}", raw.count) }
        if let scalar = Unicode.Scalar(high) { return (scalar, next) }
        if high < 0xDC00, next &+ 1 < raw.count, raw[next] == UInt8(ascii: "\\"),
            raw[next &+ 1] == UInt8(ascii: "u"), let low = unit(in: raw, at: next &+ 2),
            (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        {
            return (scalar, next &+ 6)
        }
        return ("\u{FFFD}", next)
    }
}
