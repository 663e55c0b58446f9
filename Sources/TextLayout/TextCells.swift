/// One cell of canonical text: a base and the marks on it.
package struct TextCell: Hashable, Sendable {
    /// The bytes of the base and its marks.
    package var range: Range<Int>
    /// The base.
    package var scalar: UInt32
    /// 1 or 2; 0 only for a mark without a base, which canonical text does not have.
    package var columns: Int
}

/// The cells of canonical UTF-8 in order, as ncurses lays them out.
package struct TextCells: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var offset: Int
    private let end: Int

    /// The cells of the bytes in `range` (all when nil), which begins and ends between characters.
    package init(_ bytes: [UInt8], in range: Range<Int>? = nil) {
        self.bytes = bytes
        offset = range?.lowerBound ?? 0
        end = Swift.min(range?.upperBound ?? bytes.count, bytes.count)
    }

    /// The cells of canonical text.
    package init(_ text: some StringProtocol) { self.init(Array(text.utf8)) }

    package mutating func next() -> TextCell? {
        if offset >= end { return nil }
        return bytes.withUnsafeBufferPointer { buffer in
            let start = offset
            let (scalar, length) = decodeScalar(buffer, offset)
            offset += length
            while offset < end, buffer[offset] >= 0x80 {
                let (mark, length) = decodeScalar(buffer, offset)
                if !ScalarTable.unicode[mark].isMark { break }
                offset += length
            }
            let columns = WidthPolicy.unicode.columns(of: scalar)
            return TextCell(range: start..<offset, scalar: scalar, columns: columns)
        }
    }
}
