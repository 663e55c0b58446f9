import Assistants
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("Reading while an answer streams")
struct ReadingTests {
    /// A stage whose answer is longer than its screen.
    static func long(rows: Int = 24, columns: Int = 80) -> Stage {
        var stage = Stage(rows: rows, columns: columns)
        stage.begin()
        stage.answer()
        for number in 1...60 { stage.delta("Line \(number) of the answer.\n\n") }
        return stage
    }

    @Test("moves nothing the reader has scrolled to", arguments: [(24, 80), (40, 120), (15, 60)])
    func still(size: (Int, Int)) {
        var stage = Self.long(rows: size.0, columns: size.1)
        stage.press("PageUp", "PageUp")
        stage.delta("More.\n\n")
        let picture = stage.picture
        let rows = stage.screen.driver.drawnRows
        let batch = (0..<50).map { _ in
            ServiceEvent.Kind.run(.messageDelta(MessageDelta(id: "msg_2", text: "word ")))
        }
        for _ in 0..<200 { stage.tell(batch) }
        #expect(stage.screen.driver.drawnRows == rows)
        #expect(stage.picture == picture)
        #expect(stage.shows("▼ 1 new below"))
    }

    @Test("stays where it is when the size changes")
    func resize() {
        var stage = Self.long(rows: 24, columns: 80)
        stage.press("PageUp", "PageUp")
        let top = stage.row(2)
        stage.screen = Screen(driver: RecordingDriver(rows: 30, columns: 100))
        stage.input(.resize(rows: 30, columns: 100))
        #expect(stage.row(2) == top)
        #expect(stage.picture == stage.freshPicture())
    }

    @Test("reaches every row, up and down")
    func everyRow() {
        var stage = Self.long()
        var seen: Set<String> = []
        for _ in 0..<130 {
            seen.formUnion(stage.screen.driver.text)
            stage.press("S-Up")
        }
        for number in 1...60 {
            #expect(seen.contains { $0.contains("Line \(number) of the answer.") })
        }
        stage.press("M-End")
        #expect(stage.shows("following"))
        #expect(stage.shows("Line 60 of the answer."))
    }

    @Test("follows again at the end")
    func follow() {
        var stage = Self.long()
        stage.press("PageUp")
        #expect(!stage.shows("following"))
        stage.press("PageDown", "PageDown")
        #expect(stage.shows("following"))
        stage.delta("The very end.")
        #expect(stage.shows("The very end."))
    }

    @Test("scrolls the pane under the wheel")
    func wheel() {
        var stage = Self.long()
        stage.input(.mouse(MouseEvent(.wheelUp, row: 5, column: 5)))
        #expect(stage.shows("▼ more below"))
        stage.input(.mouse(MouseEvent(.wheelDown, row: 5, column: 5)))
        #expect(stage.shows("following"))
    }

    @Test("moves a table that does not fit, and nothing else, sideways")
    func sideways() {
        var stage = Stage(rows: 20, columns: 40)
        stage.begin()
        stage.answer()
        let cells = (1...6).map { "column number \($0)" }.joined(separator: " | ")
        stage.delta("Before.\n\n| \(cells) |\n|" + String(repeating: "---|", count: 6))
        stage.delta("\n| a | b | c | 称号 | e | f |\n\nAfter.\n\n")
        let before = stage.screen.driver.text
        let row = before.firstIndex { $0.contains("column") } ?? 0
        #expect(before[row].hasSuffix("…"))
        stage.press("Tab", "Right")
        #expect(stage.row(row) != before[row])
        #expect(stage.shows("  Before."))
        for _ in 0..<30 { stage.press("Right") }
        #expect(!stage.row(row).hasSuffix("…"))
        for _ in 0..<30 { stage.press("Left") }
        #expect(stage.row(row) == before[row])
    }

    @Test("draws nothing in an idle second, and wants no wake")
    func idle() {
        var stage = Stage()
        stage.begin()
        stage.answer()
        stage.complete("Done.")
        stage.wait(.seconds(10))
        let frames = stage.screen.driver.frames.count
        #expect(stage.state.deadline == nil)
        stage.wait(.seconds(1))
        #expect(stage.screen.driver.frames.count == frames)
    }

    @Test("sends one cell for the spinner")
    func spinner() {
        var stage = Stage(rows: 15, columns: 60)
        stage.begin()
        let cells = stage.screen.driver.changedCells
        stage.wait(.milliseconds(200))
        #expect(stage.screen.driver.changedCells == cells + 1)
    }

    @Test("says so when nothing comes for thirty seconds")
    func silence() {
        var stage = Stage()
        stage.begin()
        for _ in 0..<34 { stage.wait(.seconds(1)) }
        #expect(stage.row(23).contains("no answer for 34 s · Esc stops"))
        stage.answer()
        #expect(!stage.row(23).contains("no answer"))
    }

    @Test("sends few bytes for each byte of text in the band layout")
    func bytes() {
        var stage = Stage(rows: 40, columns: 120)
        stage.begin()
        stage.answer()
        let start = stage.screen.driver.changedBytes
        var visible = 0
        for number in 0..<400 {
            let word = "word\(number) "
            visible += word.utf8.count
            stage.delta(word)
        }
        // Cells, before ncurses scrolls what moved: an upper bound of what is sent.
        #expect(stage.screen.driver.changedBytes - start < 30 * visible)
    }
}
