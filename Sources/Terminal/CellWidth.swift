internal import CSystem

/// What a code point becomes in cells.
enum CellContent: Equatable {
    /// A character of one column.
    case narrow(UInt32)
    /// A character of two columns.
    case wide(UInt32)
    /// A mark that joins the character before it.
    case mark(UInt32)
    /// Nothing: format controls, joiners, variation selectors.
    case nothing

    /// What may stand for this code point on the screen: controls become their visible pictures.
    init(_ scalar: Unicode.Scalar) {
        let value = scalar.value
        switch value {
        case 0x20..<0x7f: self = .narrow(value)
        case 0..<0x20: self = .narrow(0x2400 + value)
        case 0x7f: self = .narrow(0x2421)
        case 0x80..<0xa0: self = .narrow(Self.replacement)
        default: self = Self.measured(scalar)
        }
    }

    private static let replacement: UInt32 = 0xfffd

    private static func measured(_ scalar: Unicode.Scalar) -> CellContent {
        switch scalar.properties.generalCategory {
        case .format, .control, .lineSeparator, .paragraphSeparator: return .nothing
        default: break
        }
        // Variation selectors are marks that change widths in some terminals only.
        if (0xfe00...0xfe0f).contains(scalar.value) || (0xe0100...0xe01ef).contains(scalar.value) {
            return .nothing
        }
        switch system_columns(scalar.value) {
        case 0: return .mark(scalar.value)
        case 1: return .narrow(scalar.value)
        case 2: return .wide(scalar.value)
        default: return .narrow(replacement)
        }
    }
}
