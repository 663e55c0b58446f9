/// How a cell looks: two colours and attributes, in one word so that cells compare fast.
package struct Style: Hashable, Sendable {
    private var packed: UInt64

    /// The terminal's own colours and no attributes.
    package static let plain = Style()

    /// A style of these colours and attributes.
    package init(
        foreground: Color = .standard, background: Color = .standard, attributes: Attributes = []
    ) {
        packed = foreground.packed | background.packed << 26 | UInt64(attributes.rawValue) << 52
    }

    /// The colour of the character.
    package var foreground: Color {
        get { Color(packed: packed & Self.colorMask) }
        set { packed = packed & ~Self.colorMask | newValue.packed }
    }

    /// The colour behind the character.
    package var background: Color {
        get { Color(packed: packed >> 26 & Self.colorMask) }
        set { packed = packed & ~(Self.colorMask << 26) | newValue.packed << 26 }
    }

    /// Bold, italic and so on.
    package var attributes: Attributes {
        get { Attributes(rawValue: UInt8(truncatingIfNeeded: packed >> 52)) }
        set { packed = packed & ~(0xff << 52) | UInt64(newValue.rawValue) << 52 }
    }

    /// This style with attributes added.
    package func with(_ added: Attributes) -> Style {
        var style = self
        style.attributes.formUnion(added)
        return style
    }

    /// This style with another background.
    package func on(_ background: Color) -> Style {
        var style = self
        style.background = background
        return style
    }

    /// The `top` style laid over this one: its colours where it has any, and both attributes.
    package func overlaid(with top: Style) -> Style {
        Style(
            foreground: top.foreground == .standard ? foreground : top.foreground,
            background: top.background == .standard ? background : top.background,
            attributes: attributes.union(top.attributes))
    }

    private static let colorMask: UInt64 = 1 << 26 - 1
}

/// What a character can be besides coloured.
package struct Attributes: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Heavier.
    package static let bold = Attributes(rawValue: 1)
    /// Fainter.
    package static let dim = Attributes(rawValue: 2)
    /// Slanted, where the terminal can.
    package static let italic = Attributes(rawValue: 4)
    /// Underlined.
    package static let underline = Attributes(rawValue: 8)
    /// Foreground and background exchanged.
    package static let reverse = Attributes(rawValue: 16)
    /// Struck through, where the terminal can.
    package static let strike = Attributes(rawValue: 32)
}
