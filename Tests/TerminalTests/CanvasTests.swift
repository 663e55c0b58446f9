import TestSupport
import Testing

@testable import Terminal

@Suite("A canvas") struct CanvasTests {
    @Test("clips what does not fit, on every side")
    func clips() {
        var canvas = Canvas(rows: 2, columns: 5)
        #expect(canvas.write("hello world", row: 0, column: 0) == 5)
        #expect(canvas.write("abc", row: 1, column: 3) == 2)
        #expect(canvas.write("xyz", row: 1, column: -2) == 3)
        #expect(canvas.write("no", row: 2, column: 0) == 0)
        #expect(canvas.write("no", row: -1, column: 0) == 0)
        #expect(canvas.write("no", row: 0, column: 5) == 0)
        #expect(text(canvas) == ["hello", "z  ab"])
    }

    @Test("never cuts a wide character")
    func wideAtTheEdge() {
        var canvas = Canvas(rows: 3, columns: 5)
        #expect(canvas.write("a称号b", row: 0, column: 0) == 5)
        #expect(canvas.write("称号称", row: 0, column: 0) == 4)
        #expect(canvas.write("称号", row: 1, column: 0, limit: 3) == 2)
        #expect(canvas.write("称号", row: 2, column: -1) == 4)
        #expect(text(canvas) == ["称号 ", "称   ", " 号  "])
    }

    @Test("leaves no half of a wide character that is written over")
    func overwritesHalves() {
        var canvas = Canvas(rows: 2, columns: 6)
        canvas.write("称号称", row: 0, column: 0)
        canvas.write("x", row: 0, column: 1)
        canvas.write("y", row: 0, column: 2)
        canvas.write("称号称", row: 1, column: 0)
        canvas.fill(row: 1, columns: 3..<5, style: .plain)
        #expect(text(canvas) == [" xy 称", "称    "])
        canvas.write("ab号", row: 0, column: 1)
        #expect(text(canvas)[0] == " ab号 ")
    }

    @Test("keeps marks with their character, four at most")
    func marks() {
        var canvas = Canvas(rows: 2, columns: 4)
        #expect(canvas.write("e\u{301}x", row: 0, column: 0) == 2)
        #expect(canvas.write("a\u{300}\u{301}\u{302}\u{303}\u{304}", row: 0, column: 2) == 1)
        #expect(canvas.write("\u{301}z", row: 1, column: 0) == 2)
        #expect(canvas[0, 0].text == "e\u{301}")
        #expect(canvas[0, 2].scalars == [0x61, 0x300, 0x301, 0x302, 0x303])
        #expect(canvas[1, 0].text == " \u{301}")
    }

    @Test(
        "shows control characters as pictures and drops what turns text around",
        arguments: [
            ("\u{1b}[2J", "␛[2J"), ("a\u{7}b", "a␇b"), ("\u{7f}", "␡"),
            ("\u{9b}31m", "\u{fffd}31m"),
            ("\u{202e}abc\u{202c}", "abc"), ("a\u{200d}b", "ab"), ("x\u{fe0f}", "x"),
            ("\u{0}", "␀"), ("\u{10ffff}", "\u{fffd}"), ("a\r\nb", "a␍␊b"), ("\u{ad}", ""),
        ])
    func controls(written: String, shown: String) {
        var canvas = Canvas(rows: 1, columns: 12)
        canvas.write(written, row: 0, column: 0)
        var line = text(canvas)[0]
        while line.hasSuffix(" ") { line.removeLast() }
        #expect(line == shown)
    }

    @Test("takes a substring and a string with foreign storage alike")
    func storages() {
        var canvas = Canvas(rows: 2, columns: 8)
        canvas.write("say 称号 now".dropFirst(4), row: 0, column: 0)
        canvas.write(String(repeating: "é", count: 20).dropLast(15), row: 1, column: 0)
        #expect(text(canvas) == ["称号 now", "ééééé   "])
    }

    @Test("links only what a terminal may open")
    func links() {
        var canvas = Canvas(rows: 1, columns: 20)
        canvas.write("a", row: 0, column: 0, link: "https://example.org/ü ?q=1")
        canvas.write("b", row: 0, column: 1, link: "javascript:alert(1)")
        canvas.write("c", row: 0, column: 2, link: "HTTPS://example.org/\u{1b}\\")
        canvas.write("d", row: 0, column: 3, link: "https://" + String(repeating: "x", count: 3000))
        #expect(canvas.links[canvas[0, 0].link] == "https://example.org/%C3%BC%20?q=1")
        #expect(canvas[0, 1].link == 0)
        #expect(canvas.links[canvas[0, 2].link] == "HTTPS://example.org/%1B\\")
        #expect(canvas[0, 3].link == 0)
    }

    @Test("is empty again when cleared")
    func clear() {
        var canvas = Canvas(rows: 3, columns: 7)
        canvas.write("称 x", row: 1, column: 0, link: "https://example.org")
        canvas.cursor = (1, 2)
        canvas.clear()
        #expect(canvas == Canvas(rows: 3, columns: 7))
    }

    @Test("lays a style over what is drawn")
    func restyle() {
        var canvas = Canvas(rows: 1, columns: 4)
        canvas.write(
            "ab", row: 0, column: 0, style: Style(foreground: .palette(2), attributes: .bold))
        canvas.restyle(row: 0, columns: 1..<9, with: Style(background: .rgb(1, 2, 3)))
        #expect(
            canvas[0, 1].style
                == Style(foreground: .palette(2), background: .rgb(1, 2, 3), attributes: .bold))
        #expect(canvas[0, 3].style == Style(background: .rgb(1, 2, 3)))
        #expect(canvas[0, 0].style.background == .standard)
    }

    private func text(_ canvas: Canvas) -> [String] {
        (0..<canvas.rows).map { canvas.cells(row: $0).map(\.text).joined() }
    }
}

@Suite("A style") struct StyleTests {
    @Test(
        "keeps its colours and attributes",
        arguments: [Color.standard, .palette(0), .palette(255), .rgb(0, 0, 0), .rgb(255, 254, 253)])
    func roundTrip(color: Color) {
        let all: Attributes = [.bold, .dim, .italic, .underline, .reverse, .strike]
        let style = Style(foreground: color, background: .rgb(9, 8, 7), attributes: all)
        #expect(style.foreground == color)
        #expect(style.background == .rgb(9, 8, 7))
        #expect(style.attributes == all)
        var other = Style(foreground: .palette(7))
        other.foreground = color
        other.background = color
        other.attributes = .dim
        #expect(other == Style(foreground: color, background: color, attributes: .dim))
    }

    @Test("is shown with the nearest colours a terminal has")
    func nearest() {
        #expect(ColorDepth.trueColor.nearest(.rgb(1, 2, 3)) == .rgb(1, 2, 3))
        #expect(ColorDepth.palette.nearest(.rgb(255, 0, 0)) == .palette(196))
        #expect(ColorDepth.palette.nearest(.rgb(128, 128, 128)) == .palette(244))
        #expect(ColorDepth.sixteen.nearest(.rgb(250, 5, 5)) == .palette(9))
        #expect(ColorDepth.sixteen.nearest(.palette(196)) == .palette(9))
        #expect(ColorDepth.eight.nearest(.palette(9)) == .palette(1))
        #expect(ColorDepth.eight.nearest(.rgb(0, 200, 0)) == .palette(2))
        #expect(ColorDepth.mono.nearest(.palette(1)) == .standard)
    }

    @Test("gets no colours where NO_COLOR is set, and all of them where COLORTERM says so")
    func environment() {
        #expect(ColorDepth(colors: 256) { ["NO_COLOR": "1", "COLORTERM": "24bit"][$0] } == .mono)
        #expect(ColorDepth(colors: 256) { ["NO_COLOR": ""][$0] } == .palette)
        #expect(ColorDepth(colors: 256) { ["COLORTERM": "truecolor"][$0] } == .trueColor)
        #expect(ColorDepth(colors: 8) { ["COLORTERM": "truecolor"][$0] } == .eight)
        #expect(ColorDepth(colors: 0) { _ in nil } == .mono)
    }
}
