internal import Glibc

/// A grid of cells to draw one frame on. Drawing outside it is clipped.
package struct Canvas: Hashable, Sendable {
    /// Rows from the top, at least 0.
    package let rows: Int
    /// Columns from the left, at least 0.
    package let columns: Int
    /// Where the cursor stands; nil hides it.
    package var cursor: (row: Int, column: Int)? {
        get { place.map { (row: $0.row, column: $0.column) } }
        set { place = newValue.map { Place(row: $0.row, column: $0.column) } }
    }
    /// The addresses that cells link to, by their hash.
    private(set) var links: [UInt32: String] = [:]
    private var cells: [Cell]
    private var place: Place?

    private struct Place: Hashable {
        var row: Int
        var column: Int
    }

    /// An empty canvas.
    package init(rows: Int, columns: Int) {
        self.rows = max(0, rows)
        self.columns = max(0, columns)
        cells = Array(repeating: .blank, count: self.rows * self.columns)
    }

    /// Empties the canvas for the next frame.
    package mutating func clear() {
        cells.withUnsafeMutableBufferPointer { $0.update(repeating: .blank) }
        links.removeAll(keepingCapacity: true)
        place = nil
    }

    /// The cell at a place; blank outside the canvas.
    package subscript(row: Int, column: Int) -> Cell {
        guard contains(row, column) else { return .blank }
        return cells[row * columns + column]
    }

    /// The cells of one row, left to right.
    package func cells(row: Int) -> ArraySlice<Cell> {
        guard (0..<rows).contains(row) else { return [] }
        return cells[row * columns..<(row + 1) * columns]
    }

    /// Whether a row looks the same in another canvas of this size.
    func hasSameRow(_ row: Int, as other: Canvas) -> Bool {
        let bytes = columns * MemoryLayout<Cell>.stride
        return cells.withUnsafeBytes { own in
            other.cells.withUnsafeBytes { others in
                guard let own = own.baseAddress, let others = others.baseAddress else {
                    return true
                }
                return memcmp(own + row * bytes, others + row * bytes, bytes) == 0
            }
        }
    }

    /// Fills part of a row with spaces of a style. `columns` nil is the whole row.
    package mutating func fill(row: Int, columns range: Range<Int>? = nil, style: Style) {
        guard (0..<rows).contains(row) else { return }
        let range = (range ?? 0..<columns).clamped(to: 0..<columns)
        guard !range.isEmpty else { return }
        splitWideCell(row, range.lowerBound)
        splitWideCell(row, range.upperBound)
        for column in range { cells[row * columns + column] = Cell(space: style) }
    }

    /// Lays a style over what is already drawn, for a selection or a cursor line.
    package mutating func restyle(row: Int, columns range: Range<Int>, with style: Style) {
        guard (0..<rows).contains(row) else { return }
        for column in range.clamped(to: 0..<columns) {
            cells[row * columns + column].style =
                cells[row * columns + column].style.overlaid(with: style)
        }
    }

    /// Writes text on one row and returns how many columns it took.
    ///
    /// What does not fit in `limit` columns or in the row is left out; a wide character is never
    /// cut. Left of the first column text is clipped too, so that content can scroll sideways.
    /// Control characters are shown as pictures. A link must be http, https, mailto or ftp, else it
    /// is not one.
    @discardableResult
    package mutating func write(
        _ text: some StringProtocol, row: Int, column: Int, style: Style = .plain,
        link: String? = nil, limit: Int? = nil
    ) -> Int {
        guard (0..<rows).contains(row), column < columns else { return 0 }
        let room = limit.map { max(0, $0) } ?? Int.max
        let end = column.addingReportingOverflow(room)
        var pen = Pen(
            row: row, start: column, column: column,
            end: end.overflow ? columns : min(columns, end.partialValue), style: style,
            link: link.flatMap { registered($0) } ?? 0)
        if text.utf8.withContiguousStorageIfAvailable({ write($0, &pen) }) == nil {
            var native = String(text)
            native.withUTF8 { write($0, &pen) }
        }
        return pen.column - column
    }

    private mutating func write(_ bytes: UnsafeBufferPointer<UInt8>, _ pen: inout Pen) {
        var index = 0
        while index < bytes.count {
            let plain = putPlain(bytes, from: index, &pen)
            index += plain
            guard index < bytes.count else { return }
            let (scalar, length) = Self.scalar(bytes, at: index)
            guard put(CellContent(scalar), &pen) else { return }
            index += length
        }
    }

    /// Puts the run of printable ASCII that begins here, as far as there is room; the bytes put.
    private mutating func putPlain(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ pen: inout Pen
    ) -> Int {
        guard pen.column >= 0 else { return 0 }
        let limit = min(bytes.count - start, pen.end - pen.column)
        var count = 0
        while count < limit, bytes[start + count] >= 0x20, bytes[start + count] < 0x7f {
            count += 1
        }
        guard count > 0 else { return 0 }
        splitWideCell(pen.row, pen.column)
        splitWideCell(pen.row, pen.column + count)
        let first = pen.row * columns + pen.column
        cells.withUnsafeMutableBufferPointer { cells in
            for place in 0..<count {
                cells[first + place] = Cell(
                    scalar: UInt32(bytes[start + place]), link: pen.link, style: pen.style)
            }
        }
        pen.column += count
        pen.lastBase = pen.column - 1
        return count
    }

    /// The scalar at a place in valid UTF-8, and its length.
    private static func scalar(
        _ bytes: UnsafeBufferPointer<UInt8>, at index: Int
    ) -> (Unicode.Scalar, Int) {
        let first = bytes[index]
        let length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
        guard length > 1, index + length <= bytes.count else { return (Unicode.Scalar(first), 1) }
        var value = UInt32(first) & (0x7f >> UInt32(length))
        for offset in 1..<length { value = value << 6 | UInt32(bytes[index + offset] & 0x3f) }
        return (Unicode.Scalar(value) ?? "\u{fffd}", length)
    }

    private struct Pen {
        var row: Int
        var start: Int
        var column: Int
        var end: Int
        var style: Style
        var link: UInt32
        /// Where the last base character went, for the marks that follow it.
        var lastBase: Int?
    }

    /// Puts one character; false when there is no more room.
    private mutating func put(_ content: CellContent, _ pen: inout Pen) -> Bool {
        let base = pen.row * columns
        switch content {
        case .nothing: return true
        case .mark(let mark):
            if let column = pen.lastBase {
                cells[base + column].add(mark: mark)
            } else if pen.column == pen.start {
                // A mark with nothing to stand on stands on a space.
                guard put(.narrow(0x20), &pen) else { return false }
                return put(content, &pen)
            }
        case .narrow(let scalar):
            guard pen.column < pen.end else { return false }
            pen.lastBase = nil
            if pen.column >= 0 {
                splitWideCell(pen.row, pen.column)
                splitWideCell(pen.row, pen.column + 1)
                cells[base + pen.column] = Cell(scalar: scalar, link: pen.link, style: pen.style)
                pen.lastBase = pen.column
            }
            pen.column += 1
        case .wide(let scalar):
            guard pen.column + 2 <= pen.end else { return false }
            putWide(scalar, &pen)
            pen.column += 2
        }
        return true
    }

    private mutating func putWide(_ scalar: UInt32, _ pen: inout Pen) {
        let base = pen.row * columns
        pen.lastBase = nil
        if pen.column >= 0 {
            splitWideCell(pen.row, pen.column)
            splitWideCell(pen.row, pen.column + 2)
            cells[base + pen.column] = Cell(scalar: scalar, link: pen.link, style: pen.style)
            cells[base + pen.column + 1] = .continuation(pen.style, link: pen.link)
            pen.lastBase = pen.column
        } else if pen.column == -1 {
            // Its left half is clipped, so its right half is a space.
            splitWideCell(pen.row, 1)
            cells[base] = Cell(space: pen.style)
        }
    }

    /// When a wide character crosses the boundary before `column`, both halves become spaces.
    private mutating func splitWideCell(_ row: Int, _ column: Int) {
        guard column > 0, column < columns else { return }
        let index = row * columns + column
        guard cells[index].isContinuation else { return }
        cells[index - 1] = Cell(space: cells[index - 1].style)
        cells[index] = Cell(space: cells[index].style)
    }

    private mutating func registered(_ address: String) -> UInt32? {
        guard let address = Link.safe(address) else { return nil }
        let hash = Link.hash(address)
        links[hash] = address
        return hash
    }

    private func contains(_ row: Int, _ column: Int) -> Bool {
        (0..<rows).contains(row) && (0..<columns).contains(column)
    }
}
