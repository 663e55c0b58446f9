import Glibc

/// How well a colour can be told from another, by WCAG 2.
package enum Contrast {
    /// The least ratio at which text is comfortable.
    package static let textMinimum = 4.5

    /// The ratio of two colours: 1 for the same, 21 for black on white.
    package static func ratio(_ first: ThemeColor, _ second: ThemeColor) -> Double {
        let (one, two) = (luminance(first), luminance(second))
        return (max(one, two) + 0.05) / (min(one, two) + 0.05)
    }

    /// Relative luminance: 0 for black, 1 for white.
    package static func luminance(_ color: ThemeColor) -> Double {
        let (red, green, blue) = color.components
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    private static func linear(_ component: Int) -> Double {
        let value = Double(component) / 255
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
}
