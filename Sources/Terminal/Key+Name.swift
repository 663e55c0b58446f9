// Names as the keymap table, its configuration file and the help pane write them: `C-x`, `M-Enter`,
// `S-Tab`, `F1`.
extension Key {
    private static let named: [(name: String, code: KeyCode)] = [
        ("Enter", .enter), ("Tab", .tab), ("Backspace", .backspace), ("Delete", .delete),
        ("Insert", .insert), ("Esc", .escape), ("Up", .up), ("Down", .down), ("Left", .left),
        ("Right", .right), ("Home", .home), ("End", .end), ("PageUp", .pageUp),
        ("PageDown", .pageDown), ("Space", .character(" ")),
    ]
    private static let aliases: [String: String] = [
        "escape": "esc", "return": "enter", "pgup": "pageup", "pgdn": "pagedown", "del": "delete",
        "ins": "insert", "bs": "backspace", "cr": "enter",
    ]
    /// The highest function key with a name.
    private static let functionKeys = 1...35

    /// The key a name means: modifiers `C-`, `M-` (or `A-`), `S-` in any order, then a character or
    /// a key's name in any case. Nil when the name means nothing.
    package init?(name: some StringProtocol) {
        var rest = Substring(name)
        var modifiers: Modifiers = []
        while rest.utf8.count > 2, rest.utf8.dropFirst().first == 0x2d {
            switch rest.utf8.first {
            case 0x43, 0x63: modifiers.insert(.control)  // C, c
            case 0x4d, 0x6d, 0x41, 0x61: modifiers.insert(.alt)  // M, m, A, a
            case 0x53, 0x73: modifiers.insert(.shift)  // S, s
            default: return nil
            }
            rest = rest.dropFirst(2)
        }
        guard let code = Self.code(named: rest) else { return nil }
        self.init(code, modifiers)
        normalise()
    }

    /// The name, which `init(name:)` reads back.
    package var name: String {
        var name = ""
        if modifiers.contains(.control) { name += "C-" }
        if modifiers.contains(.alt) { name += "M-" }
        if modifiers.contains(.shift) { name += "S-" }
        return name + Self.name(of: code)
    }

    private static func code(named text: Substring) -> KeyCode? {
        if text.unicodeScalars.count == 1, let character = text.first {
            return .character(character)
        }
        let lower = text.lowercased()
        let wanted = aliases[lower] ?? lower
        if let found = named.first(where: { $0.name.lowercased() == wanted }) { return found.code }
        if wanted.hasPrefix("f"), let number = Int(wanted.dropFirst()),
            functionKeys.contains(number)
        {
            return .function(number)
        }
        return text.dropFirst().isEmpty ? text.first.map { .character($0) } : nil
    }

    private static func name(of code: KeyCode) -> String {
        if let found = named.first(where: { $0.code == code }) { return found.name }
        switch code {
        case .character(let character): return String(character)
        case .function(let number): return "F\(number)"
        default: return ""
        }
    }

    /// One spelling for keys that terminals cannot tell apart or that have two names.
    mutating func normalise() {
        guard case .character(let character) = code else { return }
        if modifiers.contains(.shift), modifiers.isDisjoint(with: [.control, .alt]),
            let upper = Self.only(character.uppercased()), upper != character
        {
            code = .character(upper)
            modifiers.remove(.shift)
        }
        if modifiers.contains(.control), let lower = Self.only(character.lowercased()) {
            code = .character(lower)
        }
    }

    private static func only(_ text: String) -> Character? {
        text.dropFirst().isEmpty ? text.first : nil
    }
}
