/// One place on the screen: a character with its marks, how it looks and where it links to.
///
/// A cell cannot hold a control character. A character two columns wide is followed by a
/// `continuation`.
package struct Cell: Hashable, Sendable {
    // The order leaves no gaps, so that rows can be compared as memory.
    /// Up to `maximumMarks` combining marks, 21 bits each, the first lowest.
    private(set) var marks: UInt128 = 0
    /// How it looks.
    package var style: Style
    /// The base character; 0 in the right half of a wide one.
    private(set) var scalar: UInt32
    /// The hash of the link's address in `Canvas.links`; 0 without a link.
    package var link: UInt32 = 0

    /// More marks than ncurses keeps in a cell are dropped.
    static let maximumMarks = 4

    /// An empty place in plain style.
    package static let blank = Cell(space: .plain)
    /// The right half of a wide character.
    static func continuation(_ style: Style, link: UInt32 = 0) -> Cell {
        Cell(scalar: 0, link: link, style: style)
    }

    /// An empty place in a style.
    package init(space style: Style) {
        self.init(scalar: 0x20, style: style)
    }

    init(scalar: UInt32, link: UInt32 = 0, style: Style) {
        self.scalar = scalar
        self.link = link
        self.style = style
    }

    /// Whether this is the right half of a wide character.
    package var isContinuation: Bool { scalar == 0 }

    /// The character with its marks; empty in the right half of a wide one.
    package var text: String {
        var text = ""
        for value in scalars {
            if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
        }
        return text
    }

    /// The base character and its marks.
    var scalars: [UInt32] {
        guard scalar != 0 else { return [] }
        var scalars = [scalar]
        var rest = marks
        while rest != 0 {
            scalars.append(UInt32(truncatingIfNeeded: rest & 0x1f_ffff))
            rest >>= 21
        }
        return scalars
    }

    /// Puts a combining mark on the character; beyond the limit it is dropped.
    mutating func add(mark: UInt32) {
        for place in 0..<Self.maximumMarks where marks >> UInt128(21 * place) == 0 {
            marks |= UInt128(mark) << UInt128(21 * place)
            return
        }
    }
}
