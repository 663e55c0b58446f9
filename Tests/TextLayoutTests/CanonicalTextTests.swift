import Testing

@testable import TextLayout

@Suite("Canonical text") struct CanonicalTextTests {
    @Test("shows controls as pictures")
    func controls() {
        #expect("a\u{1B}[31mb".canonicalised == "a␛[31mb")
        #expect("a\u{7F}\u{0}b\r\nc".canonicalised == "a␡␀b\nc")
        #expect("a\u{9B}b".canonicalised == "a\u{FFFD}b")
        #expect("a\tb".canonicalised == "a   b")
        #expect("a\nb".canonicalised(as: .name) == "a␊b")
    }
}
