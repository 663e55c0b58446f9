import Testing

@testable import TextLayout

@Suite("Highlighted code") struct HighlightTests {
    /// The pieces of a line that are not plain, with the first letter of their role's name.
    private func marked(_ source: String, _ language: String, _ lexer: inout CodeLexer) -> String {
        let bytes = Array(source.utf8)
        var start = 0
        var result = ""
        for token in lexer.tokens(of: bytes[...]) {
            let text = String(decoding: bytes[start..<token.end], as: UTF8.self)
            start = token.end
            let mark: String? =
                switch token.role {
                case .codeKeyword: "k"
                case .codeString: "s"
                case .codeComment: "c"
                case .codeNumber: "n"
                case .codeType: "t"
                case .codeFunction: "f"
                case .codeAttribute: "a"
                case .codeInserted: "+"
                case .codeDeleted: "-"
                case .codeMeta: "m"
                default: nil
                }
            result += mark.map { "\($0)(\(text))" } ?? text
        }
        return result
    }

    @Test(
        "knows the words, strings, comments and numbers of each language",
        arguments: [
            ("swift", "let x: Int = f(0x1F) // c", "k(let) x: t(Int) = f(f)(n(0x1F)) c(// c)"),
            ("python", "def f(a): return 'x' # c", "k(def) f(f)(a): k(return) s('x') c(# c)"),
            ("ts", "const a: string = `x`;", "k(const) a: t(string) = s(`x`);"),
            ("js", "$a.b('x\\'y', 1.5)", "$a.f(b)(s('x\\'y'), n(1.5))"),
            ("cpp", "#include <x>", "m(#include <x>)"),
            ("c", "char c = '\\n'; /* a */ int", "t(char) c = s('\\n'); c(/* a */) t(int)"),
            ("go", "func (s *T) x() error", "k(func) (s *T) f(x)() t(error)"),
            ("rust", "fn f<'a>(x: &'a str) {}", "k(fn) f<'a>(x: &'a t(str)) {}"),
            ("java", "@Test void x() { return; }", "a(@Test) t(void) f(x)() { k(return); }"),
            ("sh", "if [ \"$A\" ]; then ls # c#d", "k(if) [ s(\"$A\") ]; k(then) ls c(# c#d)"),
            ("bash", "echo $HOME ${X}", "k(echo) a($HOME) a(${X})"),
            ("json", "{\"a\": [1, true, \"b\"]}", "{a(\"a\"): [n(1), k(true), s(\"b\")]}"),
            ("yaml", "- key: true # c", "- a(key): k(true) c(# c)"),
            ("html", "<a href=\"x\">t</a>", "k(<a) a(href)=s(\"x\")k(>)tk(</a>)"),
            ("sql", "SELECT a FROM t -- c", "k(SELECT) a k(FROM) t c(-- c)"),
            ("diff", "+added", "+(+added)"), ("diff", "-gone", "-(-gone)"),
            ("diff", "@@ -1 +1 @@", "m(@@ -1 +1 @@)"),
            ("ruby", "def f = puts \"x\"", "k(def) f = k(puts) s(\"x\")"),
            ("nobody", "let x = 1", ""),
        ])
    func languages(language: String, source: String, shown: String) {
        var lexer = CodeLexer(language: language)
        #expect(marked(source, language, &lexer) == shown)
    }

    @Test(
        "carries what a line leaves open to the next",
        arguments: [
            ("swift", "a /* b /* c", "d */ e */ f", "c(d */ e */) f"),
            ("swift", "x = \"\"\"", "y \"\"\" + 1", "s(y \"\"\") + n(1)"),
            ("python", "'''a", "b''' + c", "s(b''') + c"), ("js", "`a", "b` + 1", "s(b`) + n(1)"),
            ("html", "<a", "b='c'>", "a(b)=s('c')k(>)"),
            ("html", "<!-- a", "b --> c", "c(b -->) c"),
            ("swift", "\"not closed", "let", "k(let)"),
        ])
    func state(language: String, first: String, second: String, shown: String) {
        var lexer = CodeLexer(language: language)
        _ = marked(first, language, &lexer)
        #expect(marked(second, language, &lexer) == shown)
    }

    @Test("covers a line without gaps, whatever it holds")
    func cover() {
        let line = Array("\u{FF}é'\"`/*<!--#@$漢{ 1.2.3 0x \\".utf8) + [0xFF, 0xC2]
        for name in [
            "swift", "py", "ts", "c", "go", "rs", "java", "sh", "json", "yaml", "html", "sql", "rb",
        ] {
            var lexer = CodeLexer(language: name)
            for _ in 0..<3 {
                let tokens = lexer.tokens(of: line[...])
                #expect(lexer.language.kind == .plain || tokens.last?.end == line.count, "\(name)")
                #expect(tokens.map(\.end) == tokens.map(\.end).sorted())
            }
        }
    }
}
