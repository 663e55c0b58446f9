import TextLayout

/// A draft broken into rows of a width, with the place of the cursor.
struct DraftRows {
    /// One row: elements from a place to another, as shown.
    struct Row: Hashable {
        var range: Range<Int>
        var text: String
        /// Whether the row holds a chip, and in which columns.
        var chips: [Range<Int>]
    }

    private(set) var rows: [Row] = []
    /// The row of the cursor and its column.
    private(set) var cursor = (row: 0, column: 0)
    private let starts: [[Int]]

    /// Breaks a draft at blanks where it can, between characters where it must.
    init(_ draft: Draft, width: Int, glyphs: Glyphs = .unicode) {
        let width = max(2, width)
        let shown = draft.elements.map { Self.shown($0, glyphs: glyphs, width: width) }
        var rows: [Row] = []
        var columns: [[Int]] = []
        var start = 0
        while true {
            let end = Self.rowEnd(of: draft, shown: shown, from: start, width: width)
            var row = Row(range: start..<end.text, text: "", chips: [])
            var places: [Int] = []
            var column = 0
            for index in start..<end.text {
                places.append(column)
                if case .paste = draft.elements[index] {
                    row.chips.append(column..<column + shown[index].columns)
                }
                row.text += shown[index].text
                column += shown[index].columns
            }
            places.append(column)
            rows.append(row)
            columns.append(places)
            if end.next > draft.elements.count || end.isLast { break }
            start = end.next
        }
        self.rows = rows
        starts = columns
        cursor = place(of: draft.cursor)
    }

    /// The row and column of a place in the draft.
    func place(of index: Int) -> (row: Int, column: Int) {
        for (number, row) in rows.enumerated() {
            let isLast = number == rows.count - 1
            let next = isLast ? Int.max : rows[number + 1].range.lowerBound
            if index < next || isLast {
                let offset = min(max(0, index - row.range.lowerBound), row.range.count)
                return (number, starts[number][offset])
            }
        }
        return (0, 0)
    }

    /// The place in the draft at a row and column, or the nearest one.
    func index(row: Int, column: Int) -> Int {
        let row = min(max(0, row), rows.count - 1)
        var best = 0
        for (offset, start) in starts[row].enumerated() where start <= column { best = offset }
        return rows[row].range.lowerBound + best
    }

    private static func shown(
        _ element: Draft.Element, glyphs: Glyphs, width: Int
    ) -> (text: String, columns: Int) {
        switch element {
        case .character("\n"): return ("", 0)
        case .character(let character):
            if let ascii = character.asciiValue, ascii >= 0x20, ascii < 0x7F {
                return (String(character), 1)
            }
            let text = String(character).canonicalised(as: .code)
            return (text, columnCount(text))
        case .paste(let paste):
            let label = "[pasted \(paste.bytes.byteText), \(paste.lines.grouped) lines]"
            let text = label.fitted(to: width, glyphs: glyphs)
            return (text, columnCount(text))
        }
    }

    /// Where the row that begins at `start` ends, and where the next one begins.
    private static func rowEnd(
        of draft: Draft, shown: [(text: String, columns: Int)], from start: Int, width: Int
    ) -> (text: Int, next: Int, isLast: Bool) {
        var column = 0
        var blank: Int?
        var index = start
        while index < draft.elements.count {
            if draft.elements[index] == .character("\n") { return (index, index + 1, false) }
            // The cursor needs a cell behind the last character.
            if column + shown[index].columns > width - 1, index > start {
                let end = blank ?? index
                return (end, end, false)
            }
            column += shown[index].columns
            index += 1
            if draft.elements[index - 1] == .character(" ") { blank = index }
        }
        return (index, index, true)
    }
}
