/// A whole theme: what every role looks like on any terminal.
package struct Theme: Hashable, Sendable {
    /// The ground a theme is made for.
    package enum Ground: String, CaseIterable, Hashable, Sendable {
        case dark
        case light
        /// Fits both, because it uses the terminal's own colours only.
        case any
    }

    /// A role's style with its colours chosen for one terminal.
    package struct Appearance: Hashable, Sendable {
        package var foreground = ThemeColor.standard
        package var background = ThemeColor.standard
        package var bold = false
        package var dim = false
        package var italic = false
        package var underline = false
        package var reverse = false
        package var strike = false

        /// The terminal's own colours and no attribute.
        package init() {}
    }

    /// The name shown in the list of themes.
    package var name: String
    /// The ground the theme is made for.
    package var ground: Ground
    /// What the theme says about each role.
    package var styles: [ThemeRole: ThemeStyle]

    /// A theme of these styles.
    package init(name: String, ground: Ground, styles: [ThemeRole: ThemeStyle]) {
        self.name = name
        self.ground = ground
        self.styles = styles
    }

    /// How a role looks on a terminal of this depth; at `.none` only attributes are left.
    package func appearance(of role: ThemeRole, at depth: ColorDepth) -> Appearance {
        var appearance = Appearance()
        guard let style = styles[role] else { return appearance }
        appearance.foreground = style.foreground?.color(at: depth) ?? .standard
        appearance.background = style.background?.color(at: depth) ?? .standard
        appearance.bold = style.bold ?? false
        appearance.dim = style.dim ?? false
        appearance.italic = style.italic ?? false
        appearance.underline = style.underline ?? false
        appearance.reverse = style.reverse ?? false
        appearance.strike = style.strike ?? false
        return appearance
    }

    /// The theme that needs no file: attributes only, the terminal's own colours.
    package static let builtIn: Theme = {
        func style(_ change: (inout ThemeStyle) -> Void) -> ThemeStyle {
            var style = ThemeStyle()
            change(&style)
            return style
        }
        let bold = style { $0.bold = true }
        let underlined = style { $0.underline = true }
        let reversed = style { $0.reverse = true }
        return Theme(
            name: "built in", ground: .any,
            styles: [
                .accent: bold, .title: bold, .ruleFocus: bold, .paneTitleFocus: bold,
                .chatUser: bold, .chatAssistant: bold, .chatError: bold, .inputPrompt: bold,
                .statusKey: bold, .statusWarning: bold, .stateFailed: bold, .stateWaiting: bold,
                .stateRunning: bold, .toolName: bold, .listUnread: bold, .popupTitle: bold,
                .markdownHeading: bold, .markdownStrong: bold, .markdownCodeKeyword: bold,
                .markdownEmphasis: underlined, .markdownLink: underlined,
                .markdownStrike: style { $0.strike = true },
                .selection: reversed, .listSelected: reversed,
            ])
    }()
}
