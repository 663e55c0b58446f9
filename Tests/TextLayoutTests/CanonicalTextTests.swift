import Testing

@testable import TextLayout

@Suite("Canonical text") struct CanonicalTextTests {
    @Test(
        "shows each thing as a terminal can",
        arguments: [
            ("a\u{1B}[31mb", "a␛[31mb"), ("a\u{7F}\u{0}b\r\nc", "a␡␀b\nc"),
            ("a\u{9B}b", "a\u{FFFD}b"), ("a\tb\n\tc", "a   b\n    c"),
            ("❤\u{FE0F} 1\u{FE0F}\u{20E3}", "❤ 1"), ("👍🏽!", "👍!"),
            ("👩\u{200D}👩\u{200D}👧", "👩👩👧"), ("🇩🇪🇺", "🇩🇪U"), ("🇩a", "Da"),
            ("e\u{301}", "e\u{301}"), ("\u{301}e", "\u{25CC}\u{301}e"),
            ("a\u{300}\u{301}\u{302}\u{303}\u{304}b", "a\u{300}\u{301}\u{302}\u{303}b"),
            ("x\u{202E}y\u{2066}z", "xyz"), ("سلام\u{200F}", "سلام"),
            ("می\u{200C}خواهم", "می\u{200C}خواهم"), ("ad\u{200D}min", "admin"),
            ("\u{378}", "\u{FFFD}"), ("🏴\u{E0067}\u{E0062}\u{E007F}", "🏴"),
            ("한\u{1161}", "한\u{1161}"), ("a\u{1161}", "a\u{25CC}\u{1161}"),
        ])
    func prose(source: String, shown: String) {
        #expect(source.canonicalised.unicodeScalars.elementsEqual(shown.unicodeScalars))
        #expect(shown.canonicalised == shown)
    }

    @Test(
        "spells out in code and names what cannot be seen",
        arguments: [
            ("rm \u{202E}txt.exe", "rm <U+202E>txt.exe"), ("ad\u{200D}min", "ad<U+200D>min"),
            ("a\u{9B}b", "a<U+009B>b"), ("x\u{E0041}", "x<U+E0041>"),
            ("admin\u{FFA0}x", "admin<U+FFA0>x"), ("❤\u{FE0F}\u{FE0F}", "❤"),
            ("a\u{FE0F}", "a<U+FE0F>"), ("👩\u{200D}👩", "👩👩"),
        ])
    func visible(source: String, shown: String) {
        #expect(source.canonicalised(as: .code) == shown)
        #expect(source.canonicalised(as: .name) == shown)
    }

    @Test("keeps lines in code and shows their ends in names")
    func lines() {
        #expect("a\r\n\tb".canonicalised(as: .code) == "a\n    b")
        #expect("a\r\n\tb".canonicalised(as: .name) == "a␍␊␉b")
    }

    @Test("is U+FFFD where the terminal library does not know a scalar or measures it otherwise")
    func clamped() {
        let policy = WidthPolicy.unicode.clamped { scalar in
            scalar == 0x1FAE8 ? -1 : scalar == 0x4DC0 ? 1 : WidthPolicy.unicode.columns(of: scalar)
        }
        let shown = "\u{1FAE8}\u{4DC0}😀".canonicalised(as: .prose, policy: policy)
        #expect(shown == "\u{FFFD}\u{FFFD}😀")
        #expect(policy.isKnown(0x1F600) && !policy.isKnown(0x1FAE8))
    }

    @Test("is the same however it is cut")
    func cuts() {
        let source =
            Array("a\u{1B}b\té👍🏽🇩🇪🇩x e\u{301}한\u{1161}\r\n1\u{FE0F}\u{20E3}\u{202E}z".utf8)
            + [0xF0, 0x9F, 0xE2, 0x82, 0x41, 0xC2]
        for mode in [TextMode.prose, .code, .name] {
            let whole = canonical([source], mode)
            for split in 0...source.count {
                #expect(
                    canonical([Array(source[..<split]), Array(source[split...])], mode) == whole)
            }
            #expect(canonical(source.map { [$0] }, mode) == whole)
        }
    }
}

/// The canonical form of text that comes in pieces.
func canonical(_ pieces: [[UInt8]], _ mode: TextMode) -> [UInt8] {
    var canonicaliser = Canonicaliser(mode)
    var output: [UInt8] = []
    for piece in pieces { canonicaliser.append(piece, to: &output) }
    canonicaliser.finish(to: &output)
    return output
}
