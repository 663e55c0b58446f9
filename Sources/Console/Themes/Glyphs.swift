import TextLayout

/// The signs that the console draws with; state is never shown by colour alone.
struct Glyphs: Sendable {
    var rule = "─"
    var column = "│"
    var tee = "┬"
    var invertedTee = "┴"
    var prompt = "›"
    var bar = "▎"
    var caret = "▌"
    var completed = "✓"
    var running = "◐"
    var failed = "✗"
    var waiting = "⏸"
    var queued = "○"
    var cancelled = "■"
    var folded = "▸"
    var unfolded = "▾"
    var more = "▼"
    var unread = "●"
    var dot = "·"
    var ellipsis = "…"
    var times = "×"
    var file = "▫"
    var branch = "├"
    var lastBranch = "└"
    var dash = "—"
    /// The frames of the spinner, one cell each.
    var spinner = ["◐", "◓", "◑", "◒"]
    /// Eighths of a cell, from one to eight.
    var blocks = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
    var leftQuote = "“"
    var rightQuote = "”"
    var isASCII = false

    /// Line drawing and symbols that every common font has.
    static let unicode = Glyphs()

    /// ASCII only, for a locale or a font without the rest.
    static let ascii = {
        var glyphs = Glyphs()
        (glyphs.rule, glyphs.column, glyphs.tee, glyphs.invertedTee) = ("-", "|", "+", "+")
        (glyphs.prompt, glyphs.bar, glyphs.caret) = (">", "|", "_")
        (glyphs.completed, glyphs.running, glyphs.failed) = ("v", "*", "x")
        (glyphs.waiting, glyphs.queued, glyphs.cancelled) = ("!", "o", "#")
        (glyphs.folded, glyphs.unfolded, glyphs.more) = (">", "v", "v")
        (glyphs.unread, glyphs.dot, glyphs.ellipsis, glyphs.dash) = ("*", "-", "...", "-")
        glyphs.spinner = ["|", "/", "-", "\\"]
        glyphs.blocks = ["=", "=", "=", "=", "=", "=", "=", "="]
        (glyphs.times, glyphs.file) = ("x", "-")
        (glyphs.branch, glyphs.lastBranch) = ("|", "`")
        (glyphs.leftQuote, glyphs.rightQuote) = ("\"", "\"")
        glyphs.isASCII = true
        return glyphs
    }()

    /// How Markdown is drawn to fit.
    var markdown: MarkdownStyle { isASCII ? .ascii : .unicode }
}
