import Settings
import Testing

@Suite("A theme file") struct ThemeFileTests {
    @Test("gives colours for each depth, and attributes")
    func colors() throws {
        let theme = try theme(
            """
            name: Mine
            ground: dark
            styles:
              chat.user: { fg: { true: "#8fd18f", 256: 114, 16: bright-green }, bold: true }
              accent: { fg: "#0000ff", bg: default }
              rule: { fg: 3 }
              md.link: { fg: 111, underline: true, reverse: true, italic: true, strike: true }
            """)
        #expect(theme.name == "Mine")
        #expect(theme.ground == .dark)
        let user = ColorDepth.allCases.map { theme.appearance(of: .chatUser, at: $0).foreground }
        #expect(user == [.standard, .palette(10), .palette(114), .rgb(0x8F, 0xD1, 0x8F)])
        #expect(theme.appearance(of: .chatUser, at: .none).bold)
        let accent = ColorDepth.allCases.map { theme.appearance(of: .accent, at: $0).foreground }
        #expect(accent == [.standard, .palette(4), .palette(21), .rgb(0, 0, 255)])
        #expect(theme.appearance(of: .rule, at: .trueColor).foreground == .palette(3))
        let link = theme.appearance(of: .markdownLink, at: .trueColor)
        #expect(link.foreground == .palette(111) && link.underline && link.reverse && link.strike)
        #expect(theme.appearance(of: .text, at: .trueColor) == Theme.Appearance())
    }

    @Test("never turns a dark grey into palette place 8 or black")
    func grey() throws {
        let theme = try theme("styles: {dim: {fg: \"#606060\"}, text: {fg: \"#101010\"}}")
        #expect(theme.appearance(of: .dim, at: .sixteen).foreground == .standard)
        #expect(theme.appearance(of: .text, at: .sixteen).foreground == .standard)
    }

    @Test(
        "names line, column and what is allowed",
        arguments: [
            (
                "styles:\n  chat.usr: {bold: true}\n",
                "t.yaml:2:3: “chat.usr” is not known here. Did you mean chat.user? Allowed: text,"
            ),
            (
                "styles:\n  dim:\n    foreground: red\n",
                "t.yaml:3:5: “foreground” is not known here. Allowed: fg, bg, bold, dim, italic,"
            ),
            (
                "styles:\n  dim: {fg: redd}\n",
                "t.yaml:2:13: “redd” is not a colour. Allowed: default, a name (black, red,"
            ),
            ("styles:\n  dim: {fg: #ff0000}\n", "t.yaml:3:1: This is not valid YAML:"),
            (
                "styles:\n  dim: {fg: {16: 17}}\n",
                "t.yaml:2:18: “17” cannot be the value of “16”. Allowed: default,"
            ),
            (
                "styles:\n  dim: {fg: {88: 17}}\n",
                "t.yaml:2:14: “88” is not known here. Allowed: 16, 256, true."
            ),
            ("styles:\n  dim: {fg: \"#12345\"}\n", "t.yaml:2:13: “#12345” is not a colour."),
            ("styles:\n  dim: bold\n", "t.yaml:2:8: This should be a list of settings."),
            (
                "ground: blue\n",
                "t.yaml:1:9: “blue” cannot be the value of “ground”. Allowed: dark, light, any."
            ),
            (
                "chat.user: {bold: true}\n",
                "t.yaml:1:1: “chat.user” is not known here. Allowed: name, ground, extends, styles."
            ),
        ])
    func problems(text: String, expected: String) {
        #expect(problem(of: text).hasPrefix(expected), "\(problem(of: text))")
    }

    @Test("takes what it does not say from the theme it extends")
    func extending() throws {
        let files = [
            "mine.yaml": "extends: base\nstyles: {title: {fg: red}}\n",
            "base.yaml":
                "name: Base\nground: light\nstyles:\n"
                + "  {title: {bold: true, fg: blue}, dim: {dim: true}}\n",
        ]
        try Places.withFolder(files) { folder in
            let theme = try ThemeCatalogue(folders: ["/nowhere", folder]).theme("mine")
            #expect(theme.name == "mine" && theme.ground == .light)
            let title = theme.appearance(of: .title, at: .sixteen)
            #expect(title.bold && title.foreground == .palette(1))
            #expect(theme.appearance(of: .dim, at: .sixteen).dim)
            #expect(try ThemeCatalogue(folders: []).theme(folder + "/base.yaml").name == "Base")
        }
    }

    @Test("that is missing, or extends itself, is an error that says what there is")
    func missing() throws {
        let files = [
            "a.yaml": "name: A\nextends: b\n", "b.yaml": "extends: a\n", "c.yaml": "extends: zz\n",
        ]
        try Places.withFolder(files) { folder in
            let catalogue = ThemeCatalogue(folders: [folder])
            #expect(catalogue.names == ["a", "b", "c"])
            #expect(
                failure { try catalogue.theme("x") }
                    == "x: There is no theme “x”. Allowed: a, b, c, or the path of a theme file.")
            #expect(
                failure { try catalogue.theme("c") }.hasPrefix(
                    "\(folder)/c.yaml:1: There is no theme “zz”."))
            #expect(
                failure { try catalogue.theme("a") }.hasPrefix(
                    "\(folder)/b.yaml:1: This theme extends itself"))
        }
    }

    @Test("that cannot be read says why")
    func unreadable() throws {
        try Places.withFolder(["x/y": ""]) { folder in
            let text = failure { try ThemeCatalogue(folders: []).theme(folder + "/") }
            #expect(text.contains("cannot be read: Is a directory"))
        }
    }
}

private func theme(_ text: String) throws -> Theme {
    try Places.withFolder(["t.yaml": text]) { folder in
        try ThemeCatalogue(folders: [folder]).theme("t")
    }
}

private func problem(of text: String) -> String {
    failure { try ThemeFile(bytes: Array(text.utf8), file: "t.yaml") }
}

private func failure<Value>(_ body: () throws -> Value) -> String {
    do {
        _ = try body()
        return "no error"
    } catch {
        return "\(error)"
    }
}
