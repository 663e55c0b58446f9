package import Settings
import Terminal

/// What every role looks like on this terminal.
package struct Palette: Sendable {
    /// The theme's name.
    package let name: String
    private var styles: [Style]

    /// The styles of a theme at a depth; `.none` keeps attributes only.
    package init(_ theme: Theme, depth: Settings.ColorDepth) {
        name = theme.name
        styles = ThemeRole.allCases.map { Style(theme.appearance(of: $0, at: depth)) }
    }

    /// The palette that needs no theme file.
    package static let builtIn = Palette(.builtIn, depth: .none)

    /// How a role looks.
    subscript(role: ThemeRole) -> Style {
        let place = role.place
        return styles.indices.contains(place) ? styles[place] : .plain
    }
}

extension ThemeRole {
    /// Where the role stands among all roles.
    ///
    /// The byte of an enum without payloads counts its cases; a dictionary would hash the role's
    /// name for every piece of every row. A test compares with `allCases`.
    var place: Int {
        withUnsafeBytes(of: self) { Int($0.load(as: UInt8.self)) }
    }
}

extension Style {
    init(_ appearance: Theme.Appearance) {
        var attributes: Attributes = []
        if appearance.bold { attributes.insert(.bold) }
        if appearance.dim { attributes.insert(.dim) }
        if appearance.italic { attributes.insert(.italic) }
        if appearance.underline { attributes.insert(.underline) }
        if appearance.reverse { attributes.insert(.reverse) }
        if appearance.strike { attributes.insert(.strike) }
        self.init(
            foreground: Color(appearance.foreground), background: Color(appearance.background),
            attributes: attributes)
    }
}

extension Color {
    init(_ color: ThemeColor) {
        switch color {
        case .standard: self = .standard
        case .palette(let index): self = .palette(index)
        case .rgb(let red, let green, let blue): self = .rgb(red, green, blue)
        }
    }
}
