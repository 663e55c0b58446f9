package import Terminal

/// A terminal that remembers each frame as a picture: what was drawn, and `·` where nothing
/// changed.
package struct RecordingDriver: TerminalDriver {
    package let rows: Int
    package let columns: Int
    /// What each frame changed: only cells that differ from before, `·` elsewhere.
    package private(set) var frames: [String] = []
    /// How many cells were changed in all frames.
    package private(set) var changedCells = 0
    /// UTF-8 bytes of the characters in those cells.
    package private(set) var changedBytes = 0
    /// Rows handed over in all frames.
    package private(set) var drawnRows = 0
    /// Where the cursor was left; nil while hidden.
    package private(set) var cursor: (row: Int, column: Int)?
    /// The addresses cells may link to.
    package private(set) var links: [UInt32: String] = [:]
    private var cells: [[Cell]]
    private var picture: [[String]]

    /// A blank terminal.
    package init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        cells = Array(repeating: Array(repeating: .blank, count: columns), count: rows)
        picture = Self.untouched(rows, columns)
    }

    package mutating func draw(_ row: ArraySlice<Cell>, row index: Int, links: [UInt32: String]) {
        drawnRows += 1
        self.links.merge(links) { $1 }
        for (column, cell) in row.enumerated() where cells[index][column] != cell {
            cells[index][column] = cell
            picture[index][column] = cell.text
            // Both columns of a wide character are one place in the picture.
            let next = row.startIndex + column + 1
            if next < row.endIndex, row[next].isContinuation { picture[index][column + 1] = "" }
            changedCells += 1
            changedBytes += cell.text.utf8.count
        }
    }

    package mutating func flush(cursor: (row: Int, column: Int)?) {
        self.cursor = cursor
        frames.append(picture.map { $0.joined() }.joined(separator: "\n"))
        picture = Self.untouched(rows, columns)
    }

    /// The whole screen as text, trailing spaces of each row cut.
    package var text: [String] {
        cells.map { row in
            var line = row.map(\.text).joined()
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }

    /// A cell as it is now.
    package subscript(row: Int, column: Int) -> Cell { cells[row][column] }

    private static func untouched(_ rows: Int, _ columns: Int) -> [[String]] {
        Array(repeating: Array(repeating: "·", count: columns), count: rows)
    }
}
