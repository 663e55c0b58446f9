import Settings
import Testing

@Suite("The themes we ship") struct ShippedThemesTests {
    static let names = ["dark", "high-contrast", "light", "mono"]
    static let catalogue = ThemeCatalogue(folders: [Places.checkout + "/themes"])

    /// Grounds that people have; each theme must be readable on those it is made for.
    static func grounds(of theme: Theme) -> [ThemeColor] {
        let dark: [ThemeColor] = [.rgb(0, 0, 0), .rgb(0x1E, 0x1E, 0x1E), .rgb(0x28, 0x2A, 0x36)]
        let light: [ThemeColor] = [
            .rgb(255, 255, 255), .rgb(0xF5, 0xF5, 0xF5), .rgb(0xFD, 0xF6, 0xE3),
        ]
        switch theme.ground {
        case .dark: return dark
        case .light: return light
        case .any: return dark + light
        }
    }

    @Test("are all there, and no others")
    func all() {
        #expect(Self.catalogue.names == Self.names)
    }

    @Test("read at 4.5:1 or more on every ground they are made for", arguments: names)
    func contrast(name: String) throws {
        let theme = try Self.catalogue.theme(name)
        for role in ThemeRole.allCases {
            for depth in [ColorDepth.indexed, .trueColor] {
                let style = theme.appearance(of: role, at: depth)
                if style.foreground == .standard && style.background == .standard { continue }
                // Half a pair would stand against a colour that nobody knows.
                try #require(style.foreground != .standard, "\(role) at \(depth)")
                let grounds =
                    style.background == .standard ? Self.grounds(of: theme) : [style.background]
                for ground in grounds {
                    let ratio = Contrast.ratio(style.foreground, ground)
                    #expect(ratio >= Contrast.textMinimum, "\(role) at \(depth) on \(ground)")
                }
            }
        }
    }

    @Test("use of the sixteen colours only what can be read, and never place 8", arguments: names)
    func sixteen(name: String) throws {
        let theme = try Self.catalogue.theme(name)
        for role in ThemeRole.allCases {
            let style = theme.appearance(of: role, at: .sixteen)
            #expect(style.foreground != .palette(8) && style.background != .palette(8), "\(role)")
            if style.foreground == .standard { continue }
            let plain: ThemeColor = theme.ground == .light ? .rgb(255, 255, 255) : .rgb(0, 0, 0)
            let ground = style.background == .standard ? plain : style.background
            #expect(Contrast.ratio(style.foreground, ground) >= Contrast.textMinimum, "\(role)")
        }
    }

    @Test("leave body text and ground to the terminal", arguments: names)
    func body(name: String) throws {
        let theme = try Self.catalogue.theme(name)
        let plain: [ThemeRole] = [
            .text, .chatBody, .input, .toolOutput, .popup, .markdownCodeBlock,
        ]
        for role in plain {
            for depth in ColorDepth.allCases {
                let style = theme.appearance(of: role, at: depth)
                #expect(style.foreground == .standard && style.background == .standard, "\(role)")
            }
        }
    }

    @Test("mono has no colour at any depth")
    func mono() throws {
        let theme = try Self.catalogue.theme("mono")
        for role in ThemeRole.allCases {
            let style = theme.appearance(of: role, at: .trueColor)
            #expect(style.foreground == .standard && style.background == .standard, "\(role)")
        }
    }

    @Test("the page about themes names every role and no other")
    func documentation() throws {
        let bytes = try page("docs/themes.md")
        let rows = bytes.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let named = rows.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
        let roles = named.filter { $0 != "fg" && $0 != "bg" }
        #expect(Set(roles) == Set(ThemeRole.allCases.map(\.rawValue)))
        #expect(roles.count == ThemeRole.allCases.count)
    }

    @Test("the contrast of known pairs is the known number")
    func known() {
        #expect(Contrast.ratio(.rgb(0, 0, 0), .rgb(255, 255, 255)) == 21)
        #expect(abs(Contrast.ratio(.rgb(0x77, 0x77, 0x77), .rgb(255, 255, 255)) - 4.48) < 0.01)
    }
}
