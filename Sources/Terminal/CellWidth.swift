internal import TextLayout

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
    ///
    /// Widths are those the layout was made with. Canonical text passes unchanged; what follows
    /// holds for text that was never made canonical.
    init(_ scalar: Unicode.Scalar) {
        let value = scalar.value
        switch value {
        case 0x20..<0x7f: self = .narrow(value)
        case 0..<0x20: self = .narrow(0x2400 + value)
        case 0x7f: self = .narrow(0x2421)
        case 0x80..<0xa0: self = .narrow(Self.replacement)
        case 0xad, 0x2028, 0x2029: self = .nothing
        default: self = Self.measured(scalar)
        }
    }

    private static let replacement: UInt32 = 0xfffd

    private static func measured(_ scalar: Unicode.Scalar) -> CellContent {
        guard WidthPolicy.unicode.isKnown(scalar.value) else { return .narrow(replacement) }
        switch WidthPolicy.unicode.columns(of: scalar.value) {
        case 2: return .wide(scalar.value)
        case 1: return .narrow(scalar.value)
        default: return isMark(scalar) ? .mark(scalar.value) : .nothing
        }
    }

    /// Whether a code point without width belongs on the character before it: not joiners and the
    /// controls that turn text around, and not the selectors that change widths in some terminals
    /// only.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        if (0xfe00...0xfe0f).contains(scalar.value) || (0xe0100...0xe01ef).contains(scalar.value) {
            return false
        }
        return scalar.properties.generalCategory != .format
    }
}
