import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("The input line")
struct InputLineTests {
    @Test("shows what is typed, with the cursor behind it")
    func typing() {
        var stage = Stage(rows: 8, columns: 40)
        stage.type("Hi 称号")
        #expect(stage.row(6) == " › Hi 称号")
        let cursor = stage.screen.driver.cursor
        #expect(cursor?.row == 6 && cursor?.column == 10)
    }

    @Test("begins a new line with M-Enter, ^J, S-Enter and \\ Enter")
    func newlines() {
        var stage = Stage(rows: 16, columns: 40)
        stage.type("a")
        stage.press("M-Enter")
        stage.type("b")
        stage.press("C-j")
        stage.type("c")
        stage.press("S-Enter")
        stage.type("d\\")
        stage.press("Enter")
        stage.type("e")
        #expect(stage.state.conversation.draft.text == "a\nb\nc\nd\ne")
        #expect(stage.effects.isEmpty)
    }

    @Test("grows to six rows, and then scrolls with the cursor")
    func grows() {
        var stage = Stage(rows: 24, columns: 40)
        for number in 1...9 {
            stage.type("line \(number)")
            if number < 9 { stage.press("M-Enter") }
        }
        #expect(
            stage.screen.driver.text[17...22] == [
                " › line 4", "   line 5", "   line 6", "   line 7", "   line 8", "   line 9",
            ])
    }

    @Test("takes a paste as one event that never sends")
    func paste() {
        var stage = Stage()
        stage.input(.paste("one\rtwo\r\nthree\n"))
        #expect(stage.state.conversation.draft.text == "one\ntwo\nthree\n")
        #expect(stage.effects.isEmpty)
    }

    @Test("shows a large paste as a chip, and sends every byte of it")
    func chip() {
        var stage = Stage()
        let text = String(repeating: "0123456789abcdef\n", count: 588_236)
        stage.type("see ")
        stage.input(.paste(text))
        #expect(stage.row(22) == " › see [pasted 10 MB, 588,237 lines]")
        stage.press("Enter")
        guard case .send(let sending) = stage.effects.last else {
            Issue.record("nothing was sent")
            return
        }
        #expect(sending.text == "see " + text)
    }

    @Test("deletes a chip with one key, and brings it back with another")
    func chipEditing() {
        var stage = Stage()
        stage.input(.paste(String(repeating: "x", count: 5_000)))
        stage.press("Backspace")
        #expect(stage.state.conversation.draft.isEmpty)
        stage.press("C-_")
        #expect(stage.state.conversation.draft.text.utf8.count == 5_000)
    }

    @Test("shows what was written by hand again, however many lines it has")
    func written() {
        let text = (1...20).map { "line \($0)" }.joined(separator: "\n")
        var memory = Memory()
        memory.threads[""] = .init(draft: text)
        var stage = Stage(memory: memory)
        #expect(stage.shows("   line 20"))
        stage.give(.edited(text + "!", for: .draft))
        #expect(stage.shows("   line 20!"))
    }

    @Test("edits as readline does")
    func readline() {
        var stage = Stage()
        stage.type("one two three")
        stage.press("C-w")
        #expect(stage.state.conversation.draft.text == "one two ")
        stage.press("C-a", "M-f", "C-k")
        #expect(stage.state.conversation.draft.text == "one")
        stage.press("C-y")
        #expect(stage.state.conversation.draft.text == "one two ")
        stage.press("M-b", "M-b", "C-d", "C-e", "C-u")
        #expect(stage.state.conversation.draft.isEmpty)
        stage.press("C-y")
        #expect(stage.state.conversation.draft.text == "ne two ")
    }

    @Test("joins a mark to the character before it, and deletes both at once")
    func marks() {
        var stage = Stage()
        stage.type("ae\u{301}")
        #expect(stage.state.conversation.draft.elements.count == 2)
        stage.press("Backspace")
        #expect(stage.state.conversation.draft.text == "a")
    }

    @Test("brings back what was sent before, and the draft after it")
    func history() {
        var memory = Memory()
        memory.history = ["first", "second"]
        var stage = Stage(memory: memory)
        stage.type("draft")
        stage.press("Up")
        #expect(stage.state.conversation.draft.text == "second")
        stage.press("Up", "Up")
        #expect(stage.state.conversation.draft.text == "first")
        stage.press("Down", "Down")
        #expect(stage.state.conversation.draft.text == "draft")
        stage.press("C-r")
        stage.type("fir")
        stage.press("Enter")
        #expect(stage.state.conversation.draft.text == "first")
    }

    @Test("moves by rows in a message of several")
    func rows() {
        var stage = Stage()
        stage.type("long first")
        stage.press("M-Enter")
        stage.type("x")
        stage.press("Up")
        stage.type("!")
        #expect(stage.state.conversation.draft.text == "l!ong first\nx")
    }

    @Test("sends one small row for a key's echo")
    func echo() {
        var stage = Stage(rows: 40, columns: 120)
        stage.type("a")
        let (rows, cells) = (stage.screen.driver.drawnRows, stage.screen.driver.changedCells)
        stage.type("b")
        #expect(stage.screen.driver.drawnRows == rows + 1)
        #expect(stage.screen.driver.changedCells == cells + 1)
    }
}
