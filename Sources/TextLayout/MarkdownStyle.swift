/// The characters that Markdown is drawn with.
package struct MarkdownStyle: Sendable, Hashable {
    /// Before an item of a bulleted list, with its blank.
    package var bullet = "• "
    /// Before an item that is to be done, and one that is done.
    package var taskOpen = "☐ ", taskDone = "☑ "
    /// Before each row of a quote, and of code.
    package var quoteBar = "▌ ", codeBar = "│ "
    /// One column of a rule.
    package var rule = "─"
    /// Blanks before lists, tables and code.
    package var indent = 2
    /// Blanks between the columns of a table.
    package var tableGap = 3
    /// Columns between tab stops in code.
    package var tabWidth = 4
    /// Which scalars are known to the terminal.
    package var policy = WidthPolicy.unicode

    /// Drawn with line-drawing characters.
    package static let unicode = MarkdownStyle()

    /// Drawn with ASCII only, for a locale or font without the rest.
    package static let ascii = {
        var style = MarkdownStyle()
        (style.bullet, style.taskOpen, style.taskDone) = ("* ", "[ ] ", "[x] ")
        (style.quoteBar, style.codeBar, style.rule) = ("> ", "| ", "-")
        return style
    }()

    /// A style to change from.
    package init() {}
}
