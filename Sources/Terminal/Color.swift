/// A colour as a theme names it. What the terminal cannot show is mapped by `ColorDepth`.
package enum Color: Hashable, Sendable {
    /// The terminal's own foreground or background.
    case standard
    /// A place in the terminal's palette: 0–7 plain, 8–15 bright, 16–255 the fixed cube and greys.
    case palette(UInt8)
    /// Red, green and blue, each 0–255.
    case rgb(UInt8, UInt8, UInt8)

    /// The colour in 26 bits: two for the kind, 24 for the value.
    var packed: UInt64 {
        switch self {
        case .standard: 0
        case .palette(let index): 1 << 24 | UInt64(index)
        case .rgb(let red, let green, let blue):
            2 << 24 | UInt64(red) << 16 | UInt64(green) << 8 | UInt64(blue)
        }
    }

    init(packed: UInt64) {
        switch packed >> 24 & 3 {
        case 1: self = .palette(UInt8(truncatingIfNeeded: packed))
        case 2:
            self = .rgb(
                UInt8(truncatingIfNeeded: packed >> 16), UInt8(truncatingIfNeeded: packed >> 8),
                UInt8(truncatingIfNeeded: packed))
        default: self = .standard
        }
    }
}
