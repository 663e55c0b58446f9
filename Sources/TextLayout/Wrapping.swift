extension [UInt8] {
    /// The rows of this canonical UTF-8 in `width` columns.
    ///
    /// Greedy and prefix-stable: appending text can change only the last row.
    package func wrapped(to width: Int) -> [TextRow] {
        var starts: [UInt32] = [0]
        var breaks = RowBreaks(width: width)
        withUnsafeBufferPointer { breaks.append(of: $0, from: 0, to: &starts) }
        return starts.indices.map { row in
            TextRow(self, from: starts[row], to: row + 1 < starts.count ? starts[row + 1] : nil)
        }
    }
}

/// A row of canonical UTF-8.
package struct TextRow: Hashable, Sendable {
    /// Where the row begins.
    package var start: Int
    /// What is shown: without the line end and trailing blanks.
    package var shown: Range<Int>

    /// The row between two starts; the last row reaches to the end.
    init(_ bytes: [UInt8], from start: UInt32, to next: UInt32?) {
        self.start = Int(start)
        var end = next.map { Int($0) } ?? bytes.count
        if end > self.start, bytes[end - 1] == 0x0A { end -= 1 }
        while end > self.start, bytes[end - 1] == 0x20 { end -= 1 }
        shown = self.start..<end
    }
}

extension StringProtocol {
    /// The rows of this canonical text in `width` columns, without line ends and trailing blanks.
    ///
    /// Greedy and prefix-stable: appending text can change only the last row.
    package func wrapped(to width: Int) -> [SubSequence] {
        Array(utf8).wrapped(to: width).map { row in
            let lower = utf8.index(startIndex, offsetBy: row.shown.lowerBound)
            return self[lower..<utf8.index(lower, offsetBy: row.shown.count)]
        }
    }
}
