import Settings
import Testing

@Suite("A configuration file") struct ConfigurationFileTests {
    @Test("gives every value it sets")
    func values() throws {
        let file = try read(
            """
            # How I like it.
            model:
              url: http://localhost:8080/v1
              name: "gpt-oss:20b"
              api: responses
              discovery: false
            assistant: Analyst
            theme: light
            layout: side
            mouse: false
            ascii: true
            frame-rate: 30
            editor: "vim -n"
            keys:
              preset: emacs
              bind:
                thread-new: [F7, C-x n]
                stop: C-c
                help: []
            run:
              deadline: 1h30m
            """)
        #expect(file.model.url == "http://localhost:8080/v1")
        #expect(file.model.name == "gpt-oss:20b")
        #expect(file.model.api == .responses)
        #expect(!file.model.discovery)
        #expect(file.assistant == "Analyst")
        #expect(file.theme == "light")
        #expect(file.layout == .side)
        #expect(!file.mouse)
        #expect(file.ascii == true)
        #expect(file.frameRate == 30)
        #expect(file.editor == "vim -n")
        #expect(file.keys.preset == .emacs)
        #expect(file.keys.bindings.map(\.command) == ["help", "stop", "thread-new"])
        #expect(file.keys.bindings.map(\.keys) == [[], ["C-c"], ["F7", "C-x n"]])
        #expect(file.keys.bindings.map(\.line) == [19, 18, 17])
        #expect(file.run.deadline == .seconds(5_400))
    }

    @Test(
        "has the defaults where it says nothing",
        arguments: ["", "# nothing\n", "---\n", "model:\n", "theme: auto\n", "{}", "~", "keys: {}"])
    func defaults(text: String) throws {
        #expect(try read(text) == ConfigurationFile())
    }

    @Test("may be absent")
    func absent() throws {
        #expect(try ConfigurationFile.read("/nowhere/config.yaml") == nil)
        #expect(try ConfigurationFile.read("/dev/null/config.yaml") == nil)
    }

    @Test("names line, column, key and what is allowed", arguments: wrongFiles)
    func problems(text: String, expected: [String]) {
        #expect(problemLines(of: text) == expected)
    }

    @Test("reports every problem at once, in the order they are met")
    func several() {
        let found = problemLines(of: "layout: wide\nmouse: maybe\nrun:\n  deadline: soon\n")
        #expect(
            found.map { String($0.prefix(15)) } == [
                "config.yaml:1:9", "config.yaml:2:8", "config.yaml:4:1",
            ])
    }

    @Test("is refused before it is read when it breaks a limit")
    func limits() {
        let long = [UInt8](repeating: 0x23, count: 64 * 1024 + 1)
        #expect(
            problemLines(of: long) == ["config.yaml: The file is longer than 64 KiB. Shorten it."])
        #expect(
            problemLines(of: Array("a: b\nmouse: \0".utf8)) == [
                "config.yaml:2: The file holds a NUL byte. Save it as plain UTF-8 text."
            ])
        #expect(
            problemLines(of: Array("theme: x\nassistant: ".utf8) + [0xC3, 0x28]) == [
                "config.yaml:2: The file is not valid UTF-8. Save it as UTF-8 text."
            ])
    }

    @Test("cannot unfold into a text without end")
    func aliases() {
        var text = "a: &a [x,x,x,x,x,x,x,x,x]\n"
        for (name, before) in zip("bcdefghi", "abcdefgh") {
            text +=
                "\(name): &\(name) ["
                + Array(repeating: "*\(before)", count: 9)
                .joined(separator: ",") + "]\n"
        }
        #expect(
            problemLines(of: text + "? [*i, *i]\n: 1\n") == [
                "config.yaml:3: The file holds more than 16 aliases. "
                    + "Write the values out, or begin the theme with extends."
            ])
    }

    @Test("never lets what it quotes reach a terminal as a command")
    func spoofing() {
        let found = problemLines(of: "\"\\e]0;x\\a\\u202Etheme\": dark\n")
        #expect(found.first?.hasPrefix("config.yaml:1:24: “<U+1B>]0;x<U+7><U+202E>theme”") == true)
        let bare = found.joined().unicodeScalars.filter { $0.value < 0x20 || $0.value == 0x202E }
        #expect(bare.isEmpty)
    }

    @Test("lists at most twenty problems")
    func crowd() {
        let keys = (0..<500).map { "key\($0): 1\n" }.joined()
        #expect(problemLines(of: keys).count == 20)
    }
}

private let top =
    "Allowed: model, assistant, theme, layout, mouse, ascii, frame-rate, editor, opener, keys, "
    + "run, speech, code-interpreter, functions."

private let wrongFiles: [(String, [String])] = [
    ("\nthmee: dark\n", ["config.yaml:2:1: “thmee” is not known here. Did you mean theme? \(top)"]),
    ("theme: dark\nx: 1\n", ["config.yaml:2:1: “x” is not known here. \(top)"]),
    (
        "model: {url: \"http://h\", nmae: m}\n",
        [
            "config.yaml:1:26: “nmae” is not known here. Did you mean name? "
                + "Allowed: url, name, api, discovery."
        ]
    ),
    (
        "model:\n  key: sk-secret\n",
        [
            "config.yaml:2:3: A key does not belong in this file. "
                + "Remove it and set SWITCHBOARD_MODEL_KEY in the environment instead."
        ]
    ),
    (
        "model:\n  url: ftp://host\n",
        [
            "config.yaml:2:8: “ftp://host” cannot be the value of “url”. Allowed: http://HOST… "
                + "or https://HOST…, without a user, a password or a key."
        ]
    ),
    (
        "layout: wide\n",
        ["config.yaml:1:9: “wide” cannot be the value of “layout”. Allowed: auto, band, side."]
    ),
    (
        "mouse: maybe\n",
        ["config.yaml:1:8: “maybe” cannot be the value of “mouse”. Allowed: true, false."]
    ),
    (
        "frame-rate: 1000\n",
        [
            "config.yaml:1:13: “1000” cannot be the value of “frame-rate”. "
                + "Allowed: a whole number from 5 to 240."
        ]
    ),
    (
        "theme:\n  - dark\n",
        [
            "config.yaml:2:3: This should be a single value. "
                + "Allowed: one line of text, at most 1024 bytes."
        ]
    ),
    (
        "run:\n  deadline: 10 minutes\n",
        [
            "config.yaml:2:13: “10 minutes” cannot be the value of “deadline”. "
                + "Allowed: a time such as 90s, 10m, 1h30m or 1d, at most 365d."
        ]
    ),
    (
        "keys:\n  bind:\n    stop: [C-c, [x]]\n",
        [
            "config.yaml:3:5: The list of keys of “stop” holds something else. Allowed: a key such "
                + "as F5, C-x c or M-Enter, or a list of keys: [F5, C-x c]."
        ]
    ),
    (
        "hello\n",
        [
            "config.yaml:1:1: This should be a list of settings. "
                + "Write one “name: value” on each line."
        ]
    ),
    (
        "mouse: true\nmouse: false\n",
        ["config.yaml:1:1: A key is given twice: “mouse”. Keep one of them."]
    ),
    (
        "theme: [dark\n",
        ["config.yaml:2:1: This is not valid YAML: did not find expected ',' or ']'."]
    ),
    (
        "a: b: c\n",
        ["config.yaml:1:5: This is not valid YAML: mapping values are not allowed in this context."]
    ),
]

private func read(_ text: String) throws -> ConfigurationFile {
    try ConfigurationFile(bytes: Array(text.utf8), file: "config.yaml")
}

private func problemLines(of text: String) -> [String] {
    problemLines(of: Array(text.utf8))
}

private func problemLines(of bytes: [UInt8]) -> [String] {
    do {
        _ = try ConfigurationFile(bytes: bytes, file: "config.yaml")
        return []
    } catch {
        return error.problems.map(\.description)
    }
}
