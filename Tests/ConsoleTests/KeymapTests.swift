import FoundationEssentials
import Settings
import Terminal
import Testing

@testable import Console

@Suite("The keymap")
struct KeymapTests {
    @Test(
        "gives each key one meaning in a place",
        arguments: [KeymapSettings.Preset.standard, .emacs])
    func unique(preset: KeymapSettings.Preset) {
        var settings = KeymapSettings()
        settings.preset = preset
        let map = Keymap(settings)
        for context in KeyContext.allCases {
            let labels = Command.table.flatMap { map.labels(of: $0.command, onlyIn: context) }
            let doubled = Dictionary(grouping: labels, by: \.self).filter { $1.count > 1 }
            #expect(doubled.isEmpty, "\(doubled.keys) \(context)")
        }
    }

    @Test("names keys that exist, and every command once")
    func names() {
        for entry in Command.table {
            for name in entry.keys.flatMap(\.names) {
                #expect(KeySequence(name: name) != nil, "\(name)")
            }
            #expect(!entry.title.isEmpty && entry.explanation.hasSuffix("."))
        }
        #expect(Set(Command.table.map(\.command)) == Set(Command.allCases))
        #expect(Command.table.count == Command.allCases.count)
    }

    @Test("gives what a pane's letter does a second way from anywhere")
    func secondWay() {
        let pane = Command.table.filter { $0.keys.contains { $0.context == .pane } }
        let scrolling: Set<Command> = [
            .halfPageUp, .halfPageDown, .nextMessage, .previousMessage, .nextBlock,
            .previousBlock, .leavePane,
        ]
        for entry in pane where !scrolling.contains(entry.command) {
            #expect(entry.keys.contains { $0.context == .anywhere }, "\(entry.command)")
        }
    }

    @Test("leaves with no single key")
    func quit() {
        let keys = Command.quit.entry.keys.flatMap(\.names)
        #expect(keys.allSatisfy { $0.split(separator: " ").count > 1 })
    }

    @Test("takes a person's keys, and says what is wrong with them")
    func changes() throws {
        let file = """
            keys:
              bind:
                palette: [M-x, F9]
                thread-new: F5
                help: []
                dance: F8
                zoom: C-x-q-nonsense
            """
        let settings = try ConfigurationFile(bytes: Array(file.utf8), file: "config.yaml").keys
        let map = Keymap(settings)
        #expect(map.labels(of: .palette) == ["M-x", "F9"])
        #expect(map.labels(of: .help).isEmpty)
        #expect(map.match([try #require(Key(name: "F5"))], in: .input) == .command(.newThread))
        #expect(!map.labels(of: .previousThread).contains("F5"))
        let problems = map.problems.map(\.message)
        #expect(problems.count == 3)
        #expect(problems.contains("There is no command “dance”."))
        #expect(problems.contains { $0.contains("thread-previous") && $0.contains("thread-new") })
        #expect(problems.contains("“C-x-q-nonsense” is not a key."))
        #expect(map.problems.allSatisfy { $0.line != nil })
    }

    @Test("gives ^P back to history with the emacs preset")
    func emacs() throws {
        var settings = KeymapSettings()
        settings.preset = .emacs
        let key = try #require(Key(name: "C-p"))
        #expect(Keymap(settings).match([key], in: .input) == .command(.historyPrevious))
        #expect(Keymap.standard.match([key], in: .input) == .command(.palette))
    }

    @Test("is what docs/keys.md says")
    func page() throws {
        let folder = URL(filePath: #filePath).resolvingSymlinksInPath().path
        let path =
            "/" + folder.split(separator: "/").dropLast(3).joined(separator: "/")
            + "/docs/keys.md"
        if ProcessInfo.processInfo.environment["SWITCHBOARD_WRITE_KEYS"] != nil {
            try KeymapPage.markdown.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        #expect(text == KeymapPage.markdown)
    }
}
