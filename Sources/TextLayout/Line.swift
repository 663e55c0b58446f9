/// What a piece of text is; the theme decides how that looks.
package enum TextRole: UInt8, Sendable, Hashable, CaseIterable {
    case body, emphasis, strong, strongEmphasis, strike
    /// Code inside a sentence.
    case code
    /// Code of its own lines, and what its lexer knows.
    case codeBlock, codeKeyword, codeString, codeComment, codeNumber, codeType, codeFunction
    /// Keys of data, attributes of markup, variables of shells.
    case codeAttribute
    /// Lines that a diff adds, removes or heads.
    case codeInserted, codeDeleted, codeMeta
    /// The bar before code.
    case codeBar
    case heading1, heading2, heading3
    case quote, quoteBar
    case link, image
    case tableHead, tableRule
    case listMarker, taskOpen, taskDone
    case rule
    /// HTML, shown as it is written.
    case html
    /// A citation mark such as 【1】.
    case citation
    /// The blanks before text.
    case indent
}

/// A piece of a row with one role.
package struct Span: Sendable, Hashable {
    /// Canonical text, without line ends.
    package var text: String
    /// What the text is.
    package var role: TextRole
    /// The whole target when the text is a link or a part of one: http, https or mailto, ASCII.
    package var link: String?

    /// A piece of a row.
    package init(_ text: String, _ role: TextRole, link: String? = nil) {
        self.text = text
        self.role = role
        self.link = link
    }
}

/// One row as shown, canonical text only.
package struct Line: Sendable, Hashable {
    /// The pieces from left to right.
    package var spans: [Span]
    /// Columns of all pieces together: more than the width only where a table does not fit.
    package var columns: Int
    /// Columns of the prefix (indent, bars, markers) before the text.
    package var indent: Int

    /// A row; `columns` is measured when it is not given.
    package init(spans: [Span] = [], columns: Int? = nil, indent: Int = 0) {
        self.spans = spans
        self.columns = columns ?? spans.reduce(0) { $0 + TextLayout.columns(of: $1.text) }
        self.indent = indent
    }

    /// The text of the row without roles.
    package var text: String { spans.reduce(into: "") { $0 += $1.text } }
}
