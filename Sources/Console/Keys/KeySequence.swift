package import Terminal

/// One key, or the keys of a chord one after the other.
package struct KeySequence: Hashable, Sendable {
    /// The keys in order, at least one and at most `limit`.
    package var keys: [Key]

    /// The longest chord.
    static let limit = 3

    /// A sequence of these keys.
    package init(_ keys: [Key]) { self.keys = keys }

    /// The sequence a name means: `C-x c`, `F2`. Nil when a part of it means nothing.
    package init?(name: String) {
        let names = name.split(separator: " ")
        let keys = names.compactMap { Key(name: $0) }
        guard !keys.isEmpty, keys.count == names.count, keys.count <= Self.limit else { return nil }
        self.keys = keys
    }

    /// How people read it: `^X c`, `F2`, `M-Enter`, `Esc`.
    package var label: String { label(isASCII: false) }

    /// How people read it, with arrows as arrows or as words.
    func label(isASCII: Bool) -> String {
        keys.map { $0.label(isASCII: isASCII) }.joined(separator: " ")
    }
}

extension Key {
    /// How people read it: `^X` instead of `C-x`, arrows as arrows where there are signs for them.
    func label(isASCII: Bool) -> String {
        if modifiers == .control, case .character(let character) = code {
            return "^" + String(character).uppercased()
        }
        var label = ""
        if modifiers.contains(.control) { label += "^" }
        if modifiers.contains(.alt) { label += "M-" }
        if modifiers.contains(.shift) { label += "S-" }
        switch code {
        case .up where !isASCII: return label + "↑"
        case .down where !isASCII: return label + "↓"
        case .left where !isASCII: return label + "←"
        case .right where !isASCII: return label + "→"
        case .pageUp: return label + "PgUp"
        case .pageDown: return label + "PgDn"
        case .character(" "): return label + "Space"
        default: return label + Key(code).name
        }
    }
}
