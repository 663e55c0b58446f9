/// A mark in a delta's text: when it was due, so that whoever reads it knows how late it is.
///
/// `@` and sixteen digits, nanoseconds of the monotonic clock, which all programs of a machine
/// share.
enum DueMark {
    /// The text of a delta that was due at a time in seconds.
    static func text(_ due: Double) -> String {
        let digits = "\(Int(due * 1e9))"
        return "@" + String(repeating: "0", count: max(0, 16 - digits.count)) + digits + " "
    }

    /// Calls back with the time of each mark in some bytes; returns how many bytes at their end may
    /// be the beginning of another.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, _ found: (Double) -> Void) -> Int {
        var place = 0
        while place < bytes.count {
            guard bytes[place] == UInt8(ascii: "@") else {
                place += 1
                continue
            }
            if bytes.count - place < 17 { return bytes.count - place }
            var number = 0
            var digits = 0
            while digits < 16, (0x30...0x39).contains(bytes[place + 1 + digits]) {
                number = number * 10 + Int(bytes[place + 1 + digits] & 0x0F)
                digits += 1
            }
            if digits == 16 { found(Double(number) / 1e9) }
            place += 1 + digits
        }
        return 0
    }
}
