import Assistants
import Settings
import Terminal
import TextLayout

/// One row of a pane: pieces from left to right, and maybe one at the right edge.
struct StyledRow: Hashable, Sendable {
    /// A piece of canonical text in one style.
    struct Piece: Hashable, Sendable {
        var text: String
        var role: ThemeRole
        var link: String?
        /// How it looks in place of its role: the colours of a picture.
        var style: Style?

        init(_ text: String, _ role: ThemeRole = .text, link: String? = nil) {
            self.text = text
            self.role = role
            self.link = link
        }

        init(_ text: String, style: Style) {
            self.init(text)
            self.style = style
        }
    }

    var pieces: [Piece]
    /// What stands at the right edge; what is at the left is cut to leave it room.
    var right: [Piece] = []
    /// Blank columns before the first piece.
    var indent = 0
    /// The file that it names or shows.
    var file: File.ID?
    /// The picture that it belongs to, as that is to be drawn.
    var picture: PictureRequest?

    init(_ pieces: [Piece] = [], right: [Piece] = [], indent: Int = 0) {
        self.pieces = pieces
        self.right = right
        self.indent = indent
    }

    init(_ text: String, _ role: ThemeRole = .text, indent: Int = 0) {
        self.init([Piece(text, role)], indent: indent)
    }

    /// The row with something at its right edge.
    func with(right: [Piece]) -> StyledRow {
        var row = self
        row.right = right
        return row
    }

    /// The same row in one style, as what is selected is shown.
    func drawn(as role: ThemeRole) -> StyledRow {
        var row = self
        for place in row.pieces.indices { row.pieces[place].role = role }
        for place in row.right.indices { row.right[place].role = role }
        return row
    }

    /// The row without its first columns; a wide character that is cut leaves a blank.
    func dropping(columns count: Int) -> StyledRow {
        var row = self
        var rest = count - min(indent, count)
        row.indent = indent - min(indent, count)
        row.pieces = []
        for piece in pieces {
            let width = columnCount(piece.text)
            if rest >= width {
                rest -= width
                continue
            }
            var kept = piece
            if rest > 0 { kept.text = piece.text.dropping(columns: rest) }
            rest = 0
            row.pieces.append(kept)
        }
        return row
    }

    /// The columns of the pieces at the left with their indent.
    var columns: Int { pieces.reduce(indent) { $0 + columnCount($1.text) } }
}

/// A rectangle of the screen.
struct Area: Hashable, Sendable {
    var row: Int
    var column: Int
    var rows: Int
    var columns: Int

    /// The row behind the last one.
    var endRow: Int { row + rows }

    /// Whether a cell lies inside.
    func contains(row: Int, column: Int) -> Bool {
        row >= self.row && row < endRow && column >= self.column
            && column < self.column + columns
    }

    /// The area without its first rows.
    func dropping(rows count: Int) -> Area {
        Area(row: row + count, column: column, rows: max(0, rows - count), columns: columns)
    }
}

extension Canvas {
    /// Draws a row of a pane; pieces that do not fit are cut.
    mutating func draw(
        _ line: StyledRow, row: Int, column: Int, columns: Int, palette: Palette, glyphs: Glyphs
    ) {
        guard columns > 0 else { return }
        let rightColumns = line.right.reduce(0) { $0 + columnCount($1.text) }
        let showsRight = rightColumns > 0 && rightColumns + 2 <= columns
        let room = showsRight ? columns - rightColumns - 1 : columns
        let edge = column + room
        var column = column + line.indent
        for piece in line.pieces where column < edge {
            let whole = glyphs.isASCII ? piece.text.withASCIIMarks : piece.text
            let width = columnCount(whole)
            let text =
                width > edge - column ? whole.fitted(to: edge - column, glyphs: glyphs) : whole
            column += write(
                text, row: row, column: column, style: piece.style ?? palette[piece.role],
                link: piece.link, limit: edge - column)
        }
        guard showsRight else { return }
        column = edge + 1
        for piece in line.right {
            column += write(
                piece.text, row: row, column: column, style: palette[piece.role], link: piece.link)
        }
    }

    /// Draws a rule with a title in it, and something at its right end.
    mutating func drawRule(
        row: Int, column: Int, columns: Int, title: String, right: String, hasFocus: Bool,
        palette: Palette, glyphs: Glyphs
    ) {
        guard columns > 0 else { return }
        let rule = palette[hasFocus ? .ruleFocus : .rule]
        let titleStyle = palette[hasFocus ? .paneTitleFocus : .paneTitle]
        write(String(repeating: glyphs.rule, count: columns), row: row, column: column, style: rule)
        var end = column
        if !title.isEmpty, columns >= 6 {
            let text = " " + title.fitted(to: columns - 4, glyphs: glyphs) + " "
            end = column + 1 + write(text, row: row, column: column + 1, style: titleStyle)
        }
        let width = columnCount(right)
        guard width > 0, end + width + 4 <= column + columns else { return }
        write(
            " " + right + " ", row: row, column: column + columns - width - 3, style: titleStyle)
    }
}

extension String {
    /// The text with the brackets of citations as ASCII has them; they take fewer columns.
    fileprivate var withASCIIMarks: String {
        guard contains("【") else { return self }
        return String(map { $0 == "【" ? "[" : $0 == "】" ? "]" : $0 })
    }
}

extension ThemeRole {
    /// How a role of laid-out text looks.
    init(_ role: TextRole) {
        switch role {
        case .body, .indent, .html: self = .chatBody
        case .emphasis: self = .markdownEmphasis
        case .strong, .strongEmphasis, .tableHead: self = .markdownStrong
        case .strike: self = .markdownStrike
        case .code: self = .markdownCode
        case .codeBlock, .codeFunction, .codeMeta: self = .markdownCodeBlock
        case .codeKeyword, .codeDeleted: self = .markdownCodeKeyword
        case .codeString, .codeInserted: self = .markdownCodeString
        case .codeComment: self = .markdownCodeComment
        case .codeNumber: self = .markdownCodeNumber
        case .codeType, .codeAttribute: self = .markdownCodeType
        case .codeBar, .quoteBar, .rule: self = .markdownRule
        case .heading1, .heading2, .heading3: self = .markdownHeading
        case .quote: self = .markdownQuote
        case .link, .image: self = .markdownLink
        case .tableRule: self = .markdownTableRule
        case .listMarker, .taskOpen, .taskDone: self = .markdownListMarker
        case .citation: self = .markdownCitation
        }
    }
}
