/// Where grapheme clusters begin (UAX #29, extended, without the rule for Indic conjuncts).
struct ClusterBreaks {
    private var before = Kind.start
    private var regionals = 0
    private var emojiJoined = false
    private var emojiOpen = false

    private enum Kind {
        case start, carriageReturn, lineFeed, control, joiner, extend, spacingMark, prepend,
            regional
        case leading, vowel, trailing, leadingVowel, leadingVowelTrailing, emoji, other
    }

    /// Takes the next scalar; true when it belongs to the cluster of the scalar before it.
    mutating func joins(_ scalar: UInt32, _ entry: ScalarEntry) -> Bool {
        let kind = Self.kind(scalar, entry)
        let joined = isJoined(kind)
        regionals = kind == .regional ? regionals + 1 : 0
        emojiJoined = kind == .joiner && emojiOpen
        emojiOpen = kind == .emoji || emojiOpen && kind == .extend
        before = kind
        return joined
    }

    private func isJoined(_ kind: Kind) -> Bool {
        switch (before, kind) {
        case (.start, _): false
        case (.carriageReturn, .lineFeed): true
        case (.carriageReturn, _), (.lineFeed, _), (.control, _): false
        case (_, .carriageReturn), (_, .lineFeed), (_, .control): false
        case (.leading, .leading), (.leading, .vowel), (.leading, .leadingVowel): true
        case (.leading, .leadingVowelTrailing): true
        case (.leadingVowel, .vowel), (.vowel, .vowel): true
        case (.leadingVowel, .trailing), (.vowel, .trailing): true
        case (.leadingVowelTrailing, .trailing), (.trailing, .trailing): true
        case (_, .extend), (_, .joiner), (_, .spacingMark), (.prepend, _): true
        case (.joiner, .emoji): emojiJoined
        case (.regional, .regional): regionals % 2 == 1
        default: false
        }
    }

    private static func kind(_ scalar: UInt32, _ entry: ScalarEntry) -> Kind {
        switch entry.kind {
        case .extend: return .extend
        case .spacingMark: return .spacingMark
        case .prepend: return .prepend
        case .regional: return .regional
        case .leadingJamo: return .leading
        case .vowelJamo: return .vowel
        case .trailingJamo: return .trailing
        case .emoji: return .emoji
        case .ignorable: return ignorableKind(scalar)
        case .other: break
        }
        if scalar &- 0xAC00 < 11172 {
            return (scalar - 0xAC00) % 28 == 0 ? .leadingVowel : .leadingVowelTrailing
        }
        if scalar == 0x0D { return .carriageReturn }
        if scalar == 0x0A { return .lineFeed }
        return scalar < 0x20 || scalar &- 0x7F < 0x21 ? .control : .other
    }

    private static func ignorableKind(_ scalar: UInt32) -> Kind {
        switch scalar {
        case 0x200D: .joiner
        case 0x115F: .leading
        case 0x1160: .vowel
        case 0x3164, 0xFFA0, 0xFFFC: .other
        case 0x034F, 0x200C, 0x17B4, 0x17B5, 0x180B...0x180D, 0x180F: .extend
        case 0xFE00...0xFE0F, 0xE0020...0xE007F, 0xE0100...0xE01EF: .extend
        default: .control
        }
    }
}
