import Assistants
import Settings
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("The screen")
struct ScreenTests {
    static func conversation(rows: Int, columns: Int) -> Stage {
        var stage = Stage(rows: rows, columns: columns)
        stage.begin(question: "What is up?")
        stage.answer()
        stage.delta("Not *much*.")
        stage.wait(.milliseconds(1_200))
        return stage
    }

    @Test("has the panes as a band at 80×24")
    func band() {
        let stage = Self.conversation(rows: 24, columns: 80)
        #expect(stage.row(1).hasPrefix("─ Chat ─") && stage.row(1).hasSuffix("─ following ─"))
        #expect(
            stage.screen.driver.text[14...23].joined(separator: "\n") == """

                ─ Tool calls ──────────────────────────┬─ Run steps ──────────────────── 1.2 s ─
                 No tool was called yet.               │ ✓ queue        0.00 s  ▏
                                                       │ ◐ message      1.2 s   █████████
                                                       │
                                                       │
                                                       │
                ───────────────────────────────────────┴────────────────────────────────────────
                 ›
                 Esc stop  Tab panes  F2 threads  F3 assistants  F1 help              ◑ running
                """)
    }

    @Test("has the panes as tabs at 60×15")
    func tabs() {
        var stage = Self.conversation(rows: 15, columns: 60)
        #expect(
            stage.picture == """
                 Analyst                                   What is up?  1/1
                ─ [Chat] ── Tool calls ── Run steps ◐ ────────── following ─
                  you · 17:20
                  What is up?

                  Analyst · 17:20
                  Not much.▌





                ────────────────────────────────────────────────────────────
                 ›
                 Esc stop  Tab panes  F2 threads  F1 help         ◑ running
                """)
        stage.press("M-3")
        #expect(stage.row(1).contains("[Run steps ◐]"))
        #expect(stage.row(2).contains("◐ running · 1.2 s"))
        stage.press("M-2")
        #expect(stage.row(2) == " No tool was called yet.")
        stage.press("M-1")
        #expect(stage.shows("Not much."))
    }

    @Test("lies side by side by key, from 100 columns on")
    func side() {
        var stage = Self.conversation(rows: 24, columns: 110)
        stage.press("C-x |")
        #expect(stage.row(1).contains("─ Chat ─") && stage.row(1).contains("┬─ Tool calls ─"))
        #expect(stage.shows("Run steps"))
        #expect(stage.remembered.last?.layout?.isSide == true)
        stage.press("C-x |")
        #expect(!stage.row(1).contains("Tool calls"))
    }

    @Test("gives a pane everything by zoom, and the chat by hiding the band")
    func zoom() {
        var stage = Self.conversation(rows: 24, columns: 80)
        stage.press("M-3", "z")
        #expect(stage.row(1).hasPrefix("─ Run steps"))
        stage.press("z", "Esc", "C-x -")
        #expect(!stage.shows("─ Run steps"))
        #expect(stage.shows("─ Chat"))
    }

    @Test("gives the band more or fewer rows by key")
    func resizeBand() {
        var stage = Self.conversation(rows: 40, columns: 120)
        let row = stage.screen.driver.text.firstIndex { $0.hasPrefix("─ Tool calls") } ?? 0
        stage.press("C-x Up", "C-x Up")
        let taller = stage.screen.driver.text.firstIndex { $0.hasPrefix("─ Tool calls") } ?? 0
        #expect(taller == row - 2)
    }

    @Test(
        "works at any size", arguments: [(5, 20), (6, 21), (4, 30), (1, 1), (200, 400), (18, 70)])
    func sizes(size: (Int, Int)) {
        var stage = Self.conversation(rows: size.0, columns: size.1)
        stage.type("x")
        stage.press("F2", "Esc", "F1", "Esc", "C-p", "Esc", "F3", "c")
        #expect(stage.picture == stage.freshPicture())
    }

    @Test("says so in one sentence when it is too small")
    func tooSmall() {
        let stage = Stage(rows: 3, columns: 30)
        #expect(
            stage.picture == """
                Too small: at least 20 columns
                and 5 rows.

                """)
    }

    @Test("finds commands in the palette and runs them")
    func palette() {
        var stage = Stage()
        stage.press("C-p")
        stage.type("new assis")
        #expect(stage.row(3).hasPrefix(" new assistant"))
        stage.press("Enter")
        #expect(stage.shows("─ New assistant ─"))
    }

    @Test("shows the keys of the place one is in")
    func help() {
        var stage = Stage()
        stage.press("F1")
        #expect(stage.row(1).hasPrefix("─ Keys in the input line ─"))
        #expect(stage.screen.driver.text.filter { $0.contains("in the input line") }.count == 1)
        stage.press("Esc", "Tab", "?")
        #expect(stage.row(1).hasPrefix("─ Keys in a pane ─"))
        stage.press("F1")
        #expect(!stage.shows("Keys in a pane"))
    }

    @Test("is drawn in ASCII where that is asked for")
    func ascii() {
        var options = ConsoleOptions()
        options.isASCII = true
        var stage = Stage(rows: 24, columns: 80, options: options)
        stage.begin()
        stage.answer()
        stage.delta("- a\n- b\n\n> q【4:0†a.txt】")
        #expect(stage.picture.utf8.allSatisfy { $0 < 0x80 }, "\(stage.picture)")
        stage.complete("- a\n- b\n\n> q【4:0†a.txt】")
        for key in ["F1", "C-p", "F2", "F3", "M-Left", "Esc", "C-x ~", "Tab", "~", "V", "C-x k"] {
            stage.press(key)
            #expect(stage.picture.utf8.allSatisfy { $0 < 0x80 }, "\(key) \(stage.picture)")
        }
        for _ in 0..<6 { stage.press("Esc") }
        stage.press("C-p")
        stage.type("wide")
        #expect(stage.shows("^X Left"))
    }

    @Test("shows every word of what a command does", arguments: [(40, 120), (24, 80), (15, 60)])
    func explanations(size: (Int, Int)) {
        var stage = Stage(rows: size.0, columns: size.1)
        stage.press("C-p")
        stage.type("stop the run")
        let text = stage.screen.driver.text.joined(separator: " ").split(separator: " ")
        for word in Command.stop.explanation.split(separator: " ") {
            #expect(text.contains(word), "\(word)")
        }
        #expect(!stage.shows("…"))
        // All rows of the chosen command are marked, from edge to edge.
        let row = 3
        #expect(stage.screen.driver[row, 0].style == stage.screen.driver[row, 30].style)
        #expect(stage.screen.driver[row, 0].style.attributes.contains(.reverse))
    }

    @Test(
        "greets without a model in the room there is", arguments: [(40, 120), (24, 80), (15, 60)])
    func greeting(size: (Int, Int)) {
        var stage = Stage(rows: size.0, columns: size.1, isReady: false)
        stage.give(.assistants([Stage.guide]))
        stage.give(.models([]))
        stage.give(.answering("asst_2", Stage.builtIn))
        for text in [
            "  Guide · now", "language model.", "Ollama at localhost:11434 — not found",
            "export OPENAI_API_KEY=… and start again", "switchboard --model-url URL",
            "“How do I switch assistants?”",
        ] {
            #expect(stage.shows(text), "\(text) \(stage.picture)")
        }
    }

    @Test("names every state by a sign, not by colour alone")
    func signs() {
        let signs = [
            Glyphs.unicode.completed, Glyphs.unicode.running, Glyphs.unicode.failed,
            Glyphs.unicode.waiting, Glyphs.unicode.cancelled, Glyphs.unicode.queued,
        ]
        #expect(Set(signs).count == signs.count)
    }

    @Test("takes its colours from the theme, and changes them by key")
    func themes() {
        var red = Theme.builtIn
        red.name = "Red"
        var style = ThemeStyle()
        style.bold = true
        red.styles = [.title: style]
        var plain = red
        plain.name = "Plain"
        plain.styles = [:]
        var options = ConsoleOptions()
        options.themes = [red, plain]
        var stage = Stage(rows: 12, columns: 40, options: options)
        #expect(stage.screen.driver[0, 1].style.attributes.contains(.bold))
        stage.press("C-x T")
        #expect(!stage.screen.driver[0, 1].style.attributes.contains(.bold))
        #expect(stage.shows("Theme: Plain"))
    }
}

@Suite("The palette")
struct PaletteTests {
    @Test("knows the place of every role")
    func places() {
        #expect(ThemeRole.allCases.map(\.place) == Array(ThemeRole.allCases.indices))
    }

    @Test("gives each role the style of its theme")
    func styles() {
        let palette = Palette(.builtIn, depth: .none)
        #expect(palette[.title].attributes == .bold)
        #expect(palette[.listSelected].attributes == .reverse)
        #expect(palette[.dim] == .plain)
    }
}
