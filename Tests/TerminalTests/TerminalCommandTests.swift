import Testing

@testable import Terminal

@Suite("A terminal command") struct TerminalCommandTests {
    @Test("names the window without letting the name command it")
    func title() {
        let bytes = TerminalCommand.title("a\u{1b}]0;evil\u{7}b\u{9c}c")
        #expect(String(decoding: bytes, as: UTF8.self) == "\u{1b}]2;a␛]0;evil␇b\u{fffd}c\u{1b}\\")
        let long = TerminalCommand.title(String(repeating: "称", count: 200))
        #expect(long.count == "\u{1b}]2;\u{1b}\\".utf8.count + 40 * 3)
    }

    @Test(
        "encodes the clipboard's text",
        arguments: [
            ("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("hello", "aGVsbG8="),
            ("ü", "w7w="),
        ])
    func clipboard(text: String, encoded: String) throws {
        let bytes = try #require(TerminalCommand.copy(text))
        #expect(String(decoding: bytes, as: UTF8.self) == "\u{1b}]52;c;\(encoded)\u{1b}\\")
    }

    @Test("does not put more on the clipboard than terminals take")
    func clipboardLimit() {
        let long = String(repeating: "x", count: TerminalCommand.clipboardLimit + 1)
        #expect(TerminalCommand.copy(long) == nil)
    }

    @Test("to restore undoes every mode that entering sets, and fits the handler's room")
    func modes() {
        for isModern in [true, false] {
            for hasAlternateScreen in [true, false] {
                let modes = Modes(
                    isModern: isModern, hasAlternateScreen: hasAlternateScreen, usesMouse: true,
                    usesKeyboardProtocol: true)
                for mode in modes.enter.split(separator: "\u{1b}[?") where mode.hasSuffix("h") {
                    #expect(modes.restore.contains("\u{1b}[?\(mode.dropLast())l"))
                }
                #expect(modes.restore.utf8.count <= 512)
                #expect(modes.restore.contains("\u{1b}[?25h"))
            }
        }
    }
}
