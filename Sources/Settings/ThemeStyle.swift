/// How a role looks, as far as one theme file says; what it does not say is nil.
package struct ThemeStyle: Hashable, Sendable {
    /// The colour of the letters.
    package var foreground: ThemeColors?
    /// The colour behind them.
    package var background: ThemeColors?
    package var bold: Bool?
    package var dim: Bool?
    package var italic: Bool?
    package var underline: Bool?
    package var reverse: Bool?
    package var strike: Bool?

    /// A style that says nothing.
    package init() {}

    /// This style, with what it does not say taken from `base`.
    package func over(_ base: ThemeStyle) -> ThemeStyle {
        var style = self
        style.foreground = foreground ?? base.foreground
        style.background = background ?? base.background
        style.bold = bold ?? base.bold
        style.dim = dim ?? base.dim
        style.italic = italic ?? base.italic
        style.underline = underline ?? base.underline
        style.reverse = reverse ?? base.reverse
        style.strike = strike ?? base.strike
        return style
    }
}

extension ThemeStyle: Decodable {
    package init(from decoder: any Decoder) {
        let fields = Fields(
            decoder,
            allowed: ["fg", "bg", "bold", "dim", "italic", "underline", "reverse", "strike"])
        foreground = ThemeColors(fields, "fg")
        background = ThemeColors(fields, "bg")
        bold = fields.flag("bold")
        dim = fields.flag("dim")
        italic = fields.flag("italic")
        underline = fields.flag("underline")
        reverse = fields.flag("reverse")
        strike = fields.flag("strike")
    }
}

/// One colour for each depth; what a file does not give is taken from the nearest.
package struct ThemeColors: Hashable, Sendable {
    package var sixteen: ThemeColor?
    package var indexed: ThemeColor?
    package var trueColor: ThemeColor?

    /// The colour for a terminal of this depth; the terminal's own where it has no colours.
    package func color(at depth: ColorDepth) -> ThemeColor {
        let choices: [ThemeColor?] =
            switch depth {
            case .none: []
            case .sixteen: [sixteen, indexed, trueColor]
            case .indexed: [indexed, trueColor, sixteen]
            case .trueColor: [trueColor, indexed, sixteen]
            }
        return choices.lazy.compactMap(\.self).first?.reduced(to: depth) ?? .standard
    }

    /// Reads a field that holds one colour, or a mapping with one for each depth.
    init?(_ fields: Fields, _ name: String) {
        guard let value = fields.value(name) else { return nil }
        // A text is one colour; a mapping names depths; anything else is refused below.
        if let text = try? value.singleValueContainer().decode(String.self) {
            guard let color = ThemeColor(text: text) else {
                fields.log.add(
                    "\(text.quoted) is not a colour.", advice: ThemeColor.advice,
                    at: value.place)
                return nil
            }
            switch color.depth {
            case .none, .sixteen: sixteen = color
            case .indexed: indexed = color
            case .trueColor: trueColor = color
            }
            return
        }
        let depths = Fields(value, allowed: ["16", "256", "true"])
        sixteen = depths.color("16", within: .sixteen)
        indexed = depths.color("256", within: .indexed)
        trueColor = depths.color("true", within: .trueColor)
    }
}

extension Fields {
    /// A colour that a terminal of this depth shows.
    fileprivate func color(_ name: String, within depth: ColorDepth) -> ThemeColor? {
        parsed(name, advice: ThemeColor.advice + " Under 16: up to 15; under 256: no \"#rrggbb\".")
        {
            ThemeColor(text: $0).flatMap { $0.depth <= depth ? $0 : nil }
        }
    }
}
