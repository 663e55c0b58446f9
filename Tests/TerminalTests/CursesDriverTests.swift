import Foundation
import TestSupport
import Testing

@testable import Terminal

/// ncurses in this process, its frames read by a terminal emulator.
@Suite("The curses driver", .serialized) struct CursesDriverTests {
    @Test("draws text, wide characters, marks and styles as the canvas has them")
    func draws() throws {
        let terminal = try DrawnTerminal(rows: 5, columns: 30)
        terminal.draw { canvas in
            canvas.write("plain", row: 0, column: 0)
            canvas.write("bold", row: 0, column: 10, style: Style(attributes: .bold))
            canvas.write(
                "gone", row: 0, column: 20, style: Style(attributes: [.strike, .underline]))
            canvas.write("称号 e\u{301} 😀|", row: 1, column: 0, style: Style(foreground: .palette(2)))
            canvas.write("red", row: 2, column: 0, style: Style(background: .rgb(255, 0, 0)))
            canvas.write("turned", row: 2, column: 5, style: Style(attributes: .reverse))
            canvas.cursor = (2, 4)
        }
        let screen = terminal.screen
        #expect(
            screen.lines == ["plain     bold      gone", "称号 e\u{301} 😀|", "red  turned", "", ""])
        #expect(screen[0, 10].isBold && !screen[0, 0].isBold)
        #expect(screen[0, 20].isStruck && screen[0, 20].isUnderlined)
        #expect(screen[1, 0].columns == 2 && screen[1, 0].foreground == [2])
        #expect(screen[2, 0].background == [196])
        #expect(screen[2, 5].isReversed)
        #expect(screen.cursor == (2, 4))
        #expect(screen.modes.isCursorVisible)
    }

    @Test("sends a typed character as one write of one byte")
    func echo() throws {
        let terminal = try DrawnTerminal(rows: 40, columns: 120)
        var typed = "> hello"
        let draw = { (canvas: inout Canvas) in
            canvas.write(
                "Chat | Tools | Steps", row: 0, column: 0, style: Style(attributes: .reverse))
            canvas.cursor = (39, canvas.write(typed, row: 39, column: 0))
        }
        terminal.draw(draw)
        typed += "x"
        let writes = terminal.writes
        let frame = terminal.draw(draw)
        #expect(frame == "x")
        #expect(terminal.writes == writes + 1)
        #expect(terminal.draw(draw) == "")
    }

    @Test("erases the display only in the first frame and when asked")
    func erases() throws {
        let terminal = try DrawnTerminal(rows: 10, columns: 40)
        var count = 0
        let draw = { (canvas: inout Canvas) in
            for row in 0..<10 { canvas.write("row \(row + count) of text", row: row, column: 0) }
        }
        #expect(Self.erasures(terminal.draw(draw)) == 1)
        for _ in 0..<50 {
            count += 7
            #expect(Self.erasures(terminal.draw(draw)) == 0)
        }
        terminal.resize(rows: 8, columns: 30)
        let resized = terminal.draw(draw)
        #expect(Self.erasures(resized) == 0, "\(resized.debugDescription)")
        #expect(terminal.screen.lines == (0..<8).map { "row \($0 + count) of text" })
        terminal.redraw()
        #expect(Self.erasures(terminal.draw(draw)) == 1)
        #expect(terminal.screen.lines == (0..<8).map { "row \($0 + count) of text" })
    }

    @Test("shows after any resizes what a fresh draw shows")
    func resizes() throws {
        let terminal = try DrawnTerminal(rows: 10, columns: 40)
        let sizes = [(10, 40), (12, 60), (5, 20), (40, 120), (8, 41), (8, 40), (3, 9), (24, 80)]
        for (round, size) in (sizes + sizes.reversed()).enumerated() {
            terminal.resize(rows: size.0, columns: size.1)
            let canvas = Self.scrolled(from: round, rows: size.0, columns: size.1)
            terminal.show(canvas)
            #expect(terminal.screen.lines == Self.lines(canvas))
        }
    }

    @Test("streams full-width text at no more than four bytes a visible byte, 4 deltas a frame")
    func streamCost() throws {
        let cost = try Self.bytesPerVisibleByte(deltasPerFrame: 4)
        #expect(cost <= 4)
    }

    @Test("streams full-width text at no more than six bytes a visible byte, 2 deltas a frame")
    func quickStreamCost() throws {
        let cost = try Self.bytesPerVisibleByte(deltasPerFrame: 2)
        #expect(cost <= 6)
    }

    @Test("keeps the screen true while text scrolls, colours and links with it")
    func scrolling() throws {
        let terminal = try DrawnTerminal(rows: 12, columns: 40, environment: ["COLORTERM": "24bit"])
        for first in 0..<60 {
            let canvas = Self.scrolled(from: first, rows: 12, columns: 40)
            terminal.show(canvas)
            #expect(terminal.screen.lines == Self.lines(canvas))
            for row in 0..<12 where (first + row) % 3 == 0 {
                let shade = UInt8((first + row) * 2)
                #expect(terminal.screen[row, 0].foreground == [shade, 100, 200])
            }
        }
    }

    @Test("opens and closes links around their cells, in every frame")
    func links() throws {
        let terminal = try DrawnTerminal(rows: 3, columns: 40)
        let frame = terminal.draw { canvas in
            canvas.write("see ", row: 0, column: 0)
            canvas.write("this", row: 0, column: 4, link: "https://example.org/a")
            canvas.write(" end", row: 0, column: 8)
            canvas.write("other", row: 1, column: 0, link: "https://example.org/b")
        }
        #expect(frame.contains("/a\u{1b}\\this"))
        #expect(frame.contains("/b\u{1b}\\other"))
        let opened = frame.components(separatedBy: "\u{1b}]8;id=").count - 1
        let closed = frame.components(separatedBy: "\u{1b}]8;;\u{1b}\\").count - 1
        #expect(opened == 2 && closed >= 1)
        let last = try #require(frame.range(of: "\u{1b}]8;", options: .backwards))
        #expect(frame[last.lowerBound...].hasPrefix("\u{1b}]8;;\u{1b}\\"))
        let without = terminal.draw { canvas in
            canvas.write("see this end", row: 0, column: 0)
            canvas.write("other", row: 1, column: 0, link: "https://example.org/b")
        }
        #expect(without.contains("this") && !without.contains("other"))
    }

    @Test("lends its 240 indexes again and again, and does without when all are in view")
    func manyColors() throws {
        let terminal = try DrawnTerminal(rows: 20, columns: 40, environment: ["COLORTERM": "24bit"])
        for round in 0..<20 {
            terminal.draw { canvas in
                for row in 0..<10 {
                    let shade = Style(foreground: .rgb(UInt8(round * 10), UInt8(row), 50))
                    canvas.write("text \(round)", row: row, column: 0, style: shade)
                }
            }
            for row in 0..<10 {
                #expect(terminal.screen[row, 0].foreground == [UInt8(round * 10), UInt8(row), 50])
            }
        }
        terminal.draw { canvas in
            for row in 0..<20 {
                for column in 0..<40 {
                    let style = Style(foreground: .rgb(UInt8(row), UInt8(column), 9))
                    canvas.write("x", row: row, column: column, style: style)
                }
            }
        }
        #expect(terminal.screen.line(19) == String(repeating: "x", count: 40))
    }

    @Test(
        "draws on every kind of terminal",
        arguments: ["xterm-256color", "xterm", "screen", "tmux", "tmux-256color", "linux", "vt100"])
    func types(type: String) throws {
        let terminal = try DrawnTerminal(rows: 4, columns: 20, environment: ["TERM": type])
        terminal.draw { canvas in
            canvas.write("称号 done", row: 0, column: 0, style: Style(foreground: .rgb(200, 0, 0)))
            canvas.write("last", row: 3, column: 16, style: Style(attributes: .bold))
        }
        #expect(terminal.screen.lines == ["称号 done", "", "", "                last"])
        #expect(terminal.screen[3, 16].isBold)
    }

    @Test("uses no colours where NO_COLOR is set, and keeps attributes and links")
    func noColor() throws {
        let terminal = try DrawnTerminal(rows: 2, columns: 20, environment: ["NO_COLOR": "1"])
        let frame = terminal.draw { canvas in
            let style = Style(foreground: .rgb(1, 2, 3), background: .palette(4), attributes: .bold)
            canvas.write("text", row: 0, column: 0, style: style, link: "https://example.org")
        }
        #expect(terminal.screen[0, 0].isBold)
        #expect(terminal.screen[0, 0].foreground == nil && terminal.screen[0, 0].background == nil)
        #expect(frame.contains("example.org"))
    }

    @Test(
        "refuses what it cannot draw on, with a sentence",
        arguments: ["dumb", "", "no-such-terminal"])
    func refuses(type: String) {
        let error = #expect(throws: TerminalError.self) {
            _ = try DrawnTerminal(rows: 2, columns: 20, environment: ["TERM": type])
        }
        #expect(error?.message.contains("TERM") == true)
    }

    private static func lines(_ canvas: Canvas) -> [String] {
        (0..<canvas.rows).map { row in
            var line = canvas.cells(row: row).map(\.text).joined()
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }

    private static func erasures(_ frame: String) -> Int {
        ["\u{1b}[2J", "\u{1b}[J", "\u{1b}[3J"].map { frame.components(separatedBy: $0).count - 1 }
            .reduce(0, +)
    }

    private static func scrolled(from first: Int, rows: Int, columns: Int) -> Canvas {
        var canvas = Canvas(rows: rows, columns: columns)
        for row in 0..<rows {
            let number = first + row
            let shade = Style(foreground: .rgb(UInt8(number * 2), 100, 200))
            let link = "https://example.org/\(number)"
            let isLinked = number % 3 == 0
            canvas.write(
                "line \(number)", row: row, column: 0, style: isLinked ? shade : .plain,
                link: isLinked ? link : nil)
        }
        return canvas
    }

    /// Streams 2,000 deltas of four bytes below each other in the band layout.
    private static func bytesPerVisibleByte(deltasPerFrame: Int) throws -> Double {
        let terminal = try DrawnTerminal(rows: 40, columns: 120)
        var rows = [""]
        var visible = 0
        var sent = 0
        for delta in 0..<2000 {
            let text = ["\(delta % 997) ", "and ", "text", "s of"][delta % 4]
            visible += text.utf8.count
            if rows[rows.count - 1].utf8.count + text.utf8.count > 120 { rows.append("") }
            rows[rows.count - 1] += text
            guard delta % deltasPerFrame == 0 else { continue }
            sent +=
                terminal.draw { canvas in
                    for (row, text) in rows.suffix(34).enumerated() {
                        canvas.write(text, row: row, column: 0)
                    }
                    canvas.write("run_1 in progress", row: 35, column: 0)
                    canvas.cursor = (39, canvas.write("> ", row: 39, column: 0))
                }.utf8.count
        }
        return Double(sent) / Double(visible)
    }
}

/// A terminal that the curses driver draws on and an emulator keeps.
final class DrawnTerminal {
    let screen: EmulatedScreen
    var writes: Int { output.writes }
    private let output: TerminalOutput
    private var shown: Screen<CursesDriver>
    private let readEnd: Int32
    private let writeEnd: Int32

    init(rows: Int, columns: Int, environment: [String: String] = [:]) throws {
        setlocale(LC_CTYPE, "C.UTF-8")
        let variables = ["TERM": "xterm-256color"].merging(environment) { $1 }
        let type = try TerminalType(environment: { variables[$0] }, descriptor: 1)
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw CocoaError(.fileWriteUnknown) }
        readEnd = ends[0]
        writeEnd = ends[1]
        _ = fcntl(readEnd, F_SETFL, O_NONBLOCK)
        output = TerminalOutput(descriptor: writeEnd)
        let driver = try CursesDriver(
            type: type, rows: rows, columns: columns, depth: nil, output: output,
            environment: { variables[$0] })
        shown = Screen(driver: driver)
        screen = EmulatedScreen(rows: rows, columns: columns)
    }

    deinit {
        shown.driver.close()
        close(readEnd)
        close(writeEnd)
    }

    /// Draws a frame and returns its bytes.
    @discardableResult
    func draw(_ body: (inout Canvas) -> Void) -> String {
        var canvas = Canvas(rows: screen.rows, columns: screen.columns)
        body(&canvas)
        return show(canvas)
    }

    @discardableResult
    func show(_ canvas: Canvas) -> String {
        shown.show(canvas)
        output.flush()
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = max(0, read(readEnd, &bytes, bytes.count))
        screen.feed(bytes[..<count])
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    func resize(rows: Int, columns: Int) {
        screen.resize(rows: rows, columns: columns)
        shown.driver.resize(rows: rows, columns: columns)
        shown.forget()
    }

    func redraw() {
        shown.driver.eraseNext()
        shown.forget()
    }
}
