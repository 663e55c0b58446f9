/// UTF-8 to scalars a byte at a time; each longest invalid piece is one error (Unicode 15, 3.9).
struct ScalarDecoder: Sendable {
    private var value: UInt32 = 0
    private var remaining: UInt8 = 0
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    /// What one more byte meant.
    enum Step {
        case needsMore
        case scalar(UInt32)
        /// The bytes since the last scalar are not UTF-8; `consumed` says whether this byte is
        /// one of them.
        case invalid(consumed: Bool)
    }

    /// Whether bytes of an unfinished scalar wait.
    var isInside: Bool { remaining > 0 }

    /// Takes one byte.
    mutating func next(_ byte: UInt8) -> Step {
        if remaining == 0 { return begin(byte) }
        guard byte >= lowest, byte <= highest else {
            remaining = 0
            return .invalid(consumed: false)
        }
        lowest = 0x80
        highest = 0xBF
        value = value << 6 | UInt32(byte & 0x3F)
        remaining -= 1
        return remaining == 0 ? .scalar(value) : .needsMore
    }

    private mutating func begin(_ byte: UInt8) -> Step {
        lowest = 0x80
        highest = 0xBF
        switch byte {
        case 0..<0x80: return .scalar(UInt32(byte))
        case 0xC2...0xDF: (value, remaining) = (UInt32(byte & 0x1F), 1)
        case 0xE0...0xEF: (value, remaining) = (UInt32(byte & 0x0F), 2)
        case 0xF0...0xF4: (value, remaining) = (UInt32(byte & 0x07), 3)
        default: return .invalid(consumed: true)
        }
        switch byte {
        case 0xE0: lowest = 0xA0
        case 0xED: highest = 0x9F
        case 0xF0: lowest = 0x90
        case 0xF4: highest = 0x8F
        default: break
        }
        return .needsMore
    }
}
