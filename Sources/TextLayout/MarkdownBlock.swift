/// A piece of Markdown that is parsed, cached and drawn by itself: a paragraph, a heading, a table,
/// a block of code, inside the quotes and list items that hold it.
struct MarkdownBlock: Sendable {
    /// What the block is.
    var kind: Kind
    /// The quotes and items around it, outermost first.
    var containers: [BlockContainer]
    /// Its lines without the marks of its containers.
    var lines: [BlockLine] = []
    /// Whether a blank line precedes it.
    var blankBefore = false
    /// Whether it carries on the block before it, which had grown too long to parse each time.
    var continues = false
    /// How many bytes of link definitions stood before it.
    var definitions = 0

    enum Kind: Sendable, Hashable {
        case paragraph, indentedCode, html, table, rule
        /// A heading; `isUnderlined` when a line of `=` or `-` made it one.
        case heading(level: Int, isUnderlined: Bool)
        /// Fenced code; the range is its info string in the source.
        case fence(info: Range<Int>)
        /// An item or quote that holds nothing.
        case empty
    }

    /// Where its text begins in the source; nil for a block without text.
    var start: Int? {
        if case .fence(let info) = kind { return info.lowerBound }
        if kind == .empty { return containers.last?.start }
        return lines.first?.start
    }

    /// Whether it is code, whose lines are shown as they are.
    var isCode: Bool {
        switch kind {
        case .fence, .indentedCode: true
        default: false
        }
    }

    /// Whether its rows only ever get more by another line: code and HTML.
    var isLinear: Bool { isCode || kind == .html }
}

/// A line of a block: source offsets without the line end, after `padding` blanks that a split
/// tab left.
struct BlockLine: Sendable, Hashable {
    var start: Int
    var end: Int
    var padding = 0
    /// Whether it is the next piece of the line before it.
    var isRest = false
}

/// A quote or a list item.
struct BlockContainer: Sendable, Hashable {
    /// Tells containers of one message apart.
    var id: Int
    var kind: Kind
    /// Where its mark is in the source.
    var start: Int
    /// Columns that a line must be indented by to belong to an item.
    var width = 0
    /// Whether nothing has opened in it yet.
    var isEmpty = true

    enum Kind: Sendable, Hashable {
        case quote
        /// `mark` is the bullet, or the delimiter of a number; `ordinal` is nil for a bullet.
        case item(mark: UInt8, ordinal: Int?)
    }
}

/// What a line of source does to the blocks.
enum BlockAction: Sendable {
    /// A block opens and becomes the last one.
    case open(MarkdownBlock)
    /// The open block gets a line.
    case line(BlockLine)
    /// The open block turns out to be a heading, by the line under it.
    case becomeHeading(level: Int, underline: BlockLine)
    /// The last line of the open paragraph is the head of a table; the line is its delimiter row.
    case beginTable(BlockLine)
    /// The open table goes on in a block of its own with the same head.
    case continueTable(BlockLine)
    /// The open block never changes again.
    case close
}
