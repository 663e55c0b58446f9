import Testing

@testable import Terminal

@Suite("The input parser") struct InputParserTests {
    @Test(
        "reads keys as terminals send them",
        arguments: [
            ("a", "a"), ("é", "é"), ("号", "号"), ("👩", "👩"), ("\r", "Enter"), ("\t", "Tab"),
            ("\u{7f}", "Backspace"), ("\u{8}", "C-h"), ("\n", "C-j"), ("\u{3}", "C-c"),
            ("\u{0}", "C-Space"), ("\u{1c}", "C-\\"), ("\u{1f}", "C-_"), ("\u{1b}x", "M-x"),
            ("\u{1b}\r", "M-Enter"), ("\u{1b}é", "M-é"), ("\u{1b}\u{3}", "C-M-c"),
            ("\u{1b}[A", "Up"), ("\u{1b}OB", "Down"), ("\u{1b}[1;5C", "C-Right"),
            ("\u{1b}[1;2D", "S-Left"), ("\u{1b}[H", "Home"), ("\u{1b}OF", "End"),
            ("\u{1b}[4~", "End"), ("\u{1b}[3~", "Delete"), ("\u{1b}[5;3~", "M-PageUp"),
            ("\u{1b}[Z", "S-Tab"), ("\u{1b}OP", "F1"), ("\u{1b}[15~", "F5"),
            ("\u{1b}[24;2~", "S-F12"),
            ("\u{1b}[[B", "F2"), ("\u{1b}\u{1b}[A", "M-Up"), ("\u{1b}[a", "S-Up"),
            ("\u{1b}Oc", "C-Right"), ("\u{1b}[3^", "C-Delete"),
            ("\u{1b}[13;2u", "S-Enter"), ("\u{1b}[97;5u", "C-a"), ("\u{1b}[97;6u", "C-S-a"),
            ("\u{1b}[97:65;2u", "A"), ("\u{1b}[27;5;9~", "C-Tab"), ("\u{1b}[9;5u", "C-Tab"),
            ("\u{1b}[1;5P", "C-F1"), ("\u{1b}Oj", "*"), ("\u{1b}OM", "Enter"),
            ("\u{1b}[1;129A", "Up"), ("\u{1b}[127;3u", "M-Backspace"),
        ])
    func keys(bytes: String, name: String) {
        var player = Player()
        #expect(player.play(bytes).map(\.name) == [name])
    }

    @Test("leaves out what nobody binds: key releases, unknown sequences, old mouse reports")
    func ignored() {
        var player = Player()
        #expect(
            player.play("\u{1b}[97;1:3u\u{1b}[?99;1z\u{1b}[M !!\u{1b}[1;2;3yx").map(\.name) == ["x"]
        )
    }

    @Test("reads the mouse, focus and replies")
    func reports() {
        var player = Player()
        #expect(
            player.play(
                "\u{1b}[<0;5;3M\u{1b}[<0;5;3m\u{1b}[<65;1;1M\u{1b}[<36;2;2M\u{1b}[I\u{1b}[O")
                == [
                    .mouse(MouseEvent(.press(.left), row: 2, column: 4)),
                    .mouse(MouseEvent(.release(.left), row: 2, column: 4)),
                    .mouse(MouseEvent(.wheelDown, row: 0, column: 0)),
                    .mouse(MouseEvent(.drag(.left), row: 1, column: 1, modifiers: .shift)),
                    .focus(true), .focus(false),
                ])
        let replies =
            "\u{1b}[?2026;2$y\u{1b}[?64;1;2c\u{1b}[?1u\u{1b}]11;rgb:ffff/8080/00\u{7}"
            + "\u{1b}]11;rgb:1/2/3\u{1b}\\\u{1b}P>|xterm(379)\u{1b}\\\u{1b}[?997;1n\u{1b}]10;x\u{7}"
        #expect(
            player.play(replies) == [
                .reply(.mode(2026, state: 2)), .reply(.deviceAttributes([64, 1, 2])),
                .reply(.keyboard(flags: 1)), .reply(.background(red: 255, green: 128, blue: 0)),
                .reply(.background(red: 17, green: 34, blue: 51)), .reply(.version("xterm(379)")),
                .reply(.darkColours(true)), .reply(.other("10;x")),
            ])
    }

    @Test("gives the same inputs however the bytes are cut")
    func splits() {
        let mix = Array(
            """
            aé号👩\r\u{1b}[A\u{1b}OP\u{1b}[1;5C\u{1b}x\u{1b}[<64;10;20M\u{1b}[200~paste\u{1b}[201 \
            \u{1b}[20\u{1b}[201~\u{1b}[?1;2c\u{1b}]11;rgb:1/2/3\u{1b}\\\
            \u{1b}P>|kitty\u{1b}\\\u{1b}[I\
            \u{3}\u{7f}\u{1b}\u{1b}[B\u{1b}[97;5u
            """.utf8)
        var player = Player()
        let whole = player.play(mix)
        #expect(whole.count == 19)
        #expect(whole.contains(.paste("paste\u{1b}[201 \u{1b}[20")))
        for cut in 1..<mix.count {
            var player = Player()
            #expect(player.play(Array(mix[..<cut])) + player.play(Array(mix[cut...])) == whole)
        }
        var single = Player()
        #expect(mix.flatMap { single.play([$0]) } == whole)
    }

    @Test("takes a paste of ten megabytes as one event")
    func bigPaste() {
        let content = String(repeating: "0123456789abcde\n", count: 655_360)
        let bytes = Array("\u{1b}[200~\(content)\u{1b}[201~x".utf8)
        var player = Player()
        var inputs: [Input] = []
        for start in stride(from: 0, to: bytes.count, by: 65_536) {
            inputs += player.play(Array(bytes[start..<min(bytes.count, start + 65_536)]))
        }
        #expect(inputs.count == 2)
        #expect(inputs[0] == .paste(content))
        #expect(inputs[1].name == "x")
    }

    @Test("never takes a paste for typing: not keys, not Enter, not what looks like its end")
    func pasteIsNoTyping() {
        var player = Player()
        let content = "rm -rf /\r\u{3}\u{1b}[A\u{1b}[200~\u{1b}[201\u{1b}"
        #expect(player.play("\u{1b}[200~\(content)\u{1b}[201~") == [.paste(content)])
    }

    @Test("gives up what never ends, and reads on", arguments: ["\u{1b}[", "\u{1b}]", "\u{1b}P"])
    func unterminated(start: String) {
        var player = Player()
        var inputs = player.play(start)
        for _ in 0..<300 { inputs += player.play(String(repeating: "1", count: 1000)) }
        #expect(inputs.isEmpty)
        #expect(player.parser.buffer.count <= InputParser.stringLimit)
        player.pass(10_000)
        #expect(player.play("z").map(\.name) == ["z"])
    }

    @Test("survives any bytes", arguments: 0..<50)
    func noise(seed: UInt64) {
        var state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493
        var player = Player()
        for _ in 0..<40 {
            let bytes = (0..<50).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let alphabet = Array("\u{1b}\u{1b}[[]POO;:0129~?<>$mMucyA\u{7}\\xé".utf8)
                let choice = Int(state >> 33)
                return choice % 5 == 0 ? UInt8(choice & 0xff) : alphabet[choice % alphabet.count]
            }
            _ = player.play(bytes)
        }
        player.pass(20_000)
        #expect(player.parser.deadline == nil)
        #expect(player.play("k").map(\.name) == ["k"])
    }
}

@Suite("The Esc key") struct EscapeTests {
    @Test("is a key after 25 ms and settles after 150")
    func lone() {
        var player = Player()
        #expect(player.play("\u{1b}").isEmpty)
        #expect(player.pass(24).isEmpty)
        #expect(player.pass(1) == [.key(Key(.escape))])
        #expect(player.pass(124).isEmpty)
        #expect(player.pass(1) == [.escapeSettled])
        #expect(player.parser.deadline == nil)
    }

    @Test("is not what begins an arrow key, even when its bytes come 100 ms apart")
    func slowArrow() {
        var player = Player()
        var inputs: [Input] = []
        for byte in ["\u{1b}", "[", "A"] {
            inputs += player.play(byte)
            inputs += player.pass(100)
        }
        inputs += player.pass(1000)
        #expect(inputs == [.key(Key(.escape)), .key(Key(.up))])
        #expect(!inputs.contains(.escapeSettled))
    }

    @Test(
        "never settles when a byte follows, which is then a key of its own",
        arguments: [26, 60, 149])
    func followed(milliseconds: Int64) {
        var player = Player()
        var inputs = player.play("\u{1b}")
        inputs += player.pass(milliseconds)
        inputs += player.play("x")
        inputs += player.pass(1000)
        #expect(inputs.map(\.name) == ["Esc", "x"])
    }

    @Test("twice is two keys when slow and one with Alt when quick")
    func twice() {
        var slow = Player()
        let slowly =
            slow.play("\u{1b}") + slow.pass(60) + slow.play("\u{1b}") + slow.pass(60)
            + slow.pass(100)
        #expect(slowly.map(\.name) == ["Esc", "Esc", "settled"])
        var quick = Player()
        #expect((quick.play("\u{1b}\u{1b}") + quick.pass(300)).map(\.name) == ["M-Esc", "settled"])
    }

    @Test("settles at once where the keyboard protocol says that it is Esc")
    func keyboardProtocol() {
        var player = Player()
        #expect(player.play("\u{1b}[27u") == [.key(Key(.escape)), .escapeSettled])
    }

    @Test("with a bracket is Alt and the bracket, when nothing follows")
    func altBracket() {
        var player = Player()
        #expect((player.play("\u{1b}[") + player.pass(149)).isEmpty)
        #expect(player.pass(1).map(\.name) == ["M-["])
        #expect((player.play("\u{1b}O") + player.pass(200)).map(\.name) == ["M-O"])
    }

    @Test("is no key when the program was busy and the rest is already there")
    func busy() {
        var player = Player()
        _ = player.play("\u{1b}")
        player.now += 5_000_000_000
        #expect(player.play("[B").map(\.name) == ["Down"])
    }
}

/// Plays bytes to a parser on a clock of its own.
struct Player {
    var parser = InputParser()
    var now: Int64 = 1_000_000_000

    mutating func play(_ bytes: [UInt8]) -> [Input] { parser.feed(bytes, at: now) }
    mutating func play(_ text: String) -> [Input] { play(Array(text.utf8)) }

    /// Lets milliseconds pass, as the loop does: it calls at each deadline.
    @discardableResult
    mutating func pass(_ milliseconds: Int64) -> [Input] {
        let end = now + milliseconds * 1_000_000
        var inputs: [Input] = []
        while let deadline = parser.deadline, deadline <= end {
            now = max(now, deadline)
            inputs += parser.timeOut(at: now)
        }
        now = end
        return inputs
    }
}

extension Input {
    /// A short name for expectations.
    var name: String {
        switch self {
        case .key(let key): key.name
        case .escapeSettled: "settled"
        case .paste(let text): "paste \(text)"
        case .mouse, .focus, .resize, .reply: "\(self)"
        }
    }
}

@Suite("A key's name") struct KeyNameTests {
    @Test(
        "is read back as the same key",
        arguments: [
            "a", "A", "?", "-", "é", "C-x", "M-x", "C-M-x", "M-Enter", "S-Tab", "F1", "F12",
            "C-Space",
            "PageUp", "C-Home", "Esc", "M--", "C-\\", "Delete", "S-Up", "C-S-a",
        ])
    func roundTrip(name: String) throws {
        let key = try #require(Key(name: name))
        #expect(key.name == name)
        #expect(Key(name: key.name) == key)
    }

    @Test("has other spellings")
    func spellings() {
        #expect(Key(name: "A-x") == Key(name: "M-x"))
        #expect(Key(name: "S-a") == Key(.character("A")))
        #expect(Key(name: "c-X") == Key(.character("x"), .control))
        #expect(Key(name: "escape") == Key(.escape))
        #expect(Key(name: "PGUP") == Key(.pageUp))
        #expect(Key(name: "return") == Key(.enter))
    }

    @Test("means nothing else", arguments: ["", "C-", "X-a", "F0", "F99", "Entr", "C-M-", "ab"])
    func nonsense(name: String) {
        #expect(Key(name: name) == nil)
    }
}
