import TestSupport
import Testing

@testable import Terminal

@Suite("A screen") struct ScreenTests {
    @Test("sends only the cells that changed")
    func changedCells() {
        var screen = Screen(driver: RecordingDriver(rows: 2, columns: 12))
        screen.show(canvas("Hello", ""))
        screen.show(canvas("Hello, big", "world"))
        screen.show(canvas("Hello, big", "world"))
        #expect(
            screen.driver.frames == [
                "Hello·······\n············", "·····,·big··\nworld·······",
                "············\n············",
            ])
        #expect(screen.driver.drawnRows == 3)
        #expect(screen.driver.changedBytes == 5 + 4 + 5)
    }

    @Test("hands over no row that looks the same")
    func sameRows() {
        var screen = Screen(driver: RecordingDriver(rows: 40, columns: 120))
        let rows = (0..<40).map { "row \($0)" }
        var before = Canvas(rows: 40, columns: 120)
        for (row, text) in rows.enumerated() { before.write(text, row: row, column: 0) }
        screen.show(before)
        let drawn = screen.driver.drawnRows
        var after = before
        after.write("!", row: 17, column: 60)
        screen.show(after)
        #expect(screen.driver.drawnRows == drawn + 1)
    }

    @Test("sees a change of style, link or mark alone")
    func invisibleChanges() {
        var screen = Screen(driver: RecordingDriver(rows: 1, columns: 4))
        func show(_ style: Style, link: String? = nil, mark: String = "") {
            var canvas = Canvas(rows: 1, columns: 4)
            canvas.write("ab", row: 0, column: 0)
            canvas.write("c" + mark, row: 0, column: 2, style: style, link: link)
            canvas.write("d", row: 0, column: 3)
            screen.show(canvas)
        }
        show(.plain)
        show(Style(attributes: .bold))
        show(.plain, link: "https://example.org")
        show(.plain, link: "https://example.com")
        show(.plain, mark: "\u{301}")
        #expect(screen.driver.frames == ["abcd", "··c·", "··c·", "··c·", "··c\u{301}·"])
    }

    @Test("treats both columns of a wide character as one cell")
    func wide() {
        var screen = Screen(driver: RecordingDriver(rows: 1, columns: 6))
        screen.show(canvas("a称b", columns: 6))
        screen.show(canvas("a号b", columns: 6))
        screen.show(canvas("axyb", columns: 6))
        #expect(screen.driver.frames == ["a称b··", "·号···", "·xy···"])
    }

    @Test("draws all again after it forgot, and takes another size")
    func forgets() {
        var screen = Screen(driver: RecordingDriver(rows: 2, columns: 4))
        screen.show(canvas("ab", "cd", columns: 4))
        screen.forget()
        screen.show(canvas("ab", "cd", columns: 4))
        #expect(screen.driver.drawnRows == 4)
        screen.show(Canvas(rows: 9, columns: 9))
        #expect(screen.driver.text == ["", ""])
    }

    @Test("gives back the canvas shown before, for the next frame to use")
    func reuse() {
        var screen = Screen(driver: RecordingDriver(rows: 1, columns: 12))
        let first = canvas("first")
        screen.show(first)
        #expect(screen.show(canvas("second")) == first)
    }

    private func canvas(_ lines: String..., columns: Int = 12) -> Canvas {
        var canvas = Canvas(rows: lines.count, columns: columns)
        for (row, line) in lines.enumerated() { canvas.write(line, row: row, column: 0) }
        return canvas
    }
}
