import Assistants
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("Copying")
struct CopyingTests {
    private static let text =
        "# Title\n\nSome *text* that is long enough to be wrapped over more than a row of it.\n\n"
        + "```swift\nlet a = 1\n\n    let b = 2\n```\n\nand\n\n~~~\nsecond\n~~~\n"

    private static func answered() -> Stage {
        var stage = Stage(rows: 24, columns: 40)
        stage.begin()
        stage.answer()
        stage.delta(text)
        stage.complete(text)
        stage.effects = []
        return stage
    }

    @Test("gives a message as it was written, byte for byte")
    func message() {
        var stage = Self.answered()
        stage.press("Tab", "y")
        #expect(stage.effects == [.copy(Self.text, what: "message")])
    }

    @Test("gives the selected message")
    func selected() {
        var stage = Self.answered()
        stage.press("Tab", "{", "{", "y")
        #expect(stage.effects == [.copy("Hello?", what: "message")])
        #expect(stage.shows("▎ you"))
    }

    @Test("gives a code block with its blank lines and indents, and no fence")
    func block() {
        var stage = Self.answered()
        stage.press("Tab", "Y")
        #expect(stage.effects == [.copy("second\n", what: "code block")])
        stage.effects = []
        stage.press("[", "[", "Y")
        #expect(stage.effects == [.copy("let a = 1\n\n    let b = 2\n", what: "code block")])
    }

    @Test("gives the source of the rows that are selected")
    func rows() {
        var stage = Stage(rows: 24, columns: 60)
        stage.begin()
        stage.answer()
        let text =
            "# Head\n\nSome *text* that is long enough to be wrapped over two rows here."
            + "\n\n- one\n- **two**\n\nThe end【4:0†a.txt】.\n"
        stage.delta(text)
        stage.complete(text)
        stage.effects = []
        stage.press("Tab", "{", "V")
        for _ in 0..<4 { stage.press("j") }
        #expect(stage.screen.driver[6, 4].style.attributes.contains(.reverse))
        stage.press("y")
        #expect(
            stage.effects == [
                .copy(
                    "# Head\n\nSome *text* that is long enough to be wrapped over two rows here.\n",
                    what: "selection")
            ])
        stage.effects = []
        for _ in 0..<20 { stage.press("j") }
        stage.press("y")
        #expect(stage.effects == [.copy(text, what: "selection")])
        stage.press("Esc")
        #expect(stage.state.conversation.chat.selection == nil)
        #expect(stage.state.focus == .chat)
    }

    @Test("gives the rows that v selects, with Enter, and keeps them selected")
    func visual() {
        var stage = Self.answered()
        stage.press("Tab", "{", "v")
        stage.press("j", "Enter")
        #expect(stage.effects == [.copy("# Title\n", what: "selection")])
        #expect(stage.state.conversation.chat.selection != nil)
        stage.press("Esc")
        #expect(stage.state.focus == .chat && stage.state.conversation.chat.selection == nil)
    }

    @Test("gives the rows that the mouse is dragged over, and scrolls at the edge")
    func dragging() {
        var stage = Self.answered()
        let text = stage.screen.driver.text
        let row = text.firstIndex { $0.contains("let a = 1") } ?? 0
        stage.input(.mouse(MouseEvent(.press(.left), row: row, column: 9)))
        #expect(stage.state.conversation.chat.selection == nil)
        stage.input(.mouse(MouseEvent(.drag(.left), row: row + 2, column: 3)))
        stage.press("y")
        guard case .copy(let copied, what: "selection") = stage.effects.last else {
            Issue.record("nothing was copied")
            return
        }
        #expect(copied.contains("let a = 1\n\n    let b = 2\n") && Self.text.contains(copied))
        // Past the first row it goes on to what is above.
        let top = stage.row(2)
        for _ in 0..<3 { stage.input(.mouse(MouseEvent(.drag(.left), row: 1, column: 3))) }
        #expect(stage.row(2) != top || stage.row(2).contains("you"))
        stage.input(.mouse(MouseEvent(.press(.left), row: row, column: 9)))
        #expect(stage.state.conversation.chat.selection == nil)
    }

    @Test("says which way it went, and when it failed")
    func routes() {
        var stage = Stage()
        stage.give(.copied(what: "message", routes: ["the terminal", "wl-copy"]))
        #expect(stage.row(23).contains("Copied the message by the terminal and wl-copy."))
        stage.give(.copied(what: "message", routes: []))
        #expect(stage.row(23).contains("could not be copied"))
    }

    @Test(
        "finds code blocks as Markdown has them",
        arguments: [
            ("```\na\n```", ["a\n"]), ("```\na", ["a"]), ("  ```\n  a\n  ```", ["a\n"]),
            ("````\n```\n````", ["```\n"]), ("``` `x` ```", []), ("~~~ `\na\n~~~", ["a\n"]),
            ("no code", []), ("```\n```", [""]),
        ])
    func blocks(text: String, blocks: [String]) {
        #expect(CodeBlocks.blocks(of: text) == blocks)
    }
}
