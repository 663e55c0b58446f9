/// How many colours a terminal shows.
package enum ColorDepth: Int, CaseIterable, Comparable, Hashable, Sendable {
    /// None: `NO_COLOR`, or a terminal without colours.
    case none
    /// The 16 colours of the terminal's own palette.
    case sixteen
    /// The fixed palette of 256 colours.
    case indexed
    /// 24 bits.
    case trueColor

    package static func < (left: ColorDepth, right: ColorDepth) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// One colour of a theme.
package enum ThemeColor: Hashable, Sendable {
    /// The terminal's own foreground or background.
    case standard
    /// A place in the palette; 0 to 15 are the terminal's own.
    case palette(UInt8)
    /// Red, green and blue.
    case rgb(UInt8, UInt8, UInt8)

    /// The names of the first sixteen places in the palette.
    package static let names = [
        "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
        "bright-black", "bright-red", "bright-green", "bright-yellow", "bright-blue",
        "bright-magenta", "bright-cyan", "bright-white",
    ]
    static let advice =
        "Allowed: default, a name (\(names.joined(separator: ", "))), 0 to 255, or \"#rrggbb\"."

    /// A colour as theme files write it: `default`, a name, a number from 0 to 255, or `#rrggbb`.
    package init?(text: String) {
        if text == "default" {
            self = .standard
        } else if let index = Self.names.firstIndex(of: text) {
            self = .palette(UInt8(index))
        } else if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let index = UInt8(text) {
            self = .palette(index)
        } else if let color = Self.hexadecimal(text) {
            self = color
        } else {
            return nil
        }
    }

    /// The depth a terminal must have to show this colour as it is.
    package var depth: ColorDepth {
        switch self {
        case .standard: .none
        case .palette(let index): index < 16 ? .sixteen : .indexed
        case .rgb: .trueColor
        }
    }

    private static func hexadecimal(_ text: String) -> ThemeColor? {
        guard text.utf8.first == UInt8(ascii: "#"), text.utf8.count == 7 else { return nil }
        let digits = text.utf8.dropFirst().compactMap {
            Character(Unicode.Scalar($0)).hexDigitValue
        }
        guard digits.count == 6 else { return nil }
        let values = stride(from: 0, to: 6, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
        return .rgb(values[0], values[1], values[2])
    }
}
