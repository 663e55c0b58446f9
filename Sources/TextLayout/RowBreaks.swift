/// Greedy wrapping of canonical UTF-8: where rows begin.
///
/// A row breaks after spaces, on either side of a wide character and, in a word too long for a row,
/// anywhere between clusters. It is prefix-stable: appending text can move only the last row.
struct RowBreaks {
    /// Columns of a row, at least 1.
    let width: Int
    private var column = 0
    private var candidate = -1
    private var candidateColumn = 0
    private var lastWasWide = false
    private var lastWasOpening = false

    init(width: Int) { self.width = max(1, width) }

    /// Appends the start of each row after the first; `start` is where a row begins.
    mutating func append(
        of bytes: UnsafeBufferPointer<UInt8>, from start: Int, to starts: inout [UInt32]
    ) {
        beginRow()
        var offset = start
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == 0x0A {
                offset += 1
                starts.append(UInt32(truncatingIfNeeded: offset))
                beginRow()
            } else if byte == 0x20 {
                // Blanks hang beyond the edge instead of starting a row.
                offset += 1
                if column < width { column += 1 }
                (candidate, candidateColumn) = (offset, column)
                lastWasWide = false
                lastWasOpening = false
            } else {
                place(bytes, &offset, &starts)
            }
        }
    }

    private mutating func beginRow() {
        column = 0
        candidate = -1
        lastWasWide = false
        lastWasOpening = false
    }

    private mutating func place(
        _ bytes: UnsafeBufferPointer<UInt8>, _ offset: inout Int, _ starts: inout [UInt32]
    ) {
        let start = offset
        let (scalar, columns) = cluster(bytes, &offset)
        let isWide = WidthPolicy.unicode.columns(of: scalar) == 2
        if column > 0, isWide || lastWasWide, !lastWasOpening, !Self.isClosing(scalar) {
            (candidate, candidateColumn) = (start, column)
        }
        if column > 0, column + columns > width {
            if candidate >= 0, candidateColumn > 0 {
                starts.append(UInt32(truncatingIfNeeded: candidate))
                column -= candidateColumn
            } else {
                starts.append(UInt32(truncatingIfNeeded: start))
                column = 0
            }
            candidate = -1
        }
        column += columns
        lastWasWide = isWide
        lastWasOpening = Self.isOpening(scalar)
    }

    /// The first scalar of the cluster at `offset` and the columns of the whole; moves to its end.
    private func cluster(
        _ bytes: UnsafeBufferPointer<UInt8>, _ offset: inout Int
    ) -> (scalar: UInt32, columns: Int) {
        let (scalar, length) = decodeScalar(bytes, offset)
        offset += length
        if scalar < 0x80, offset >= bytes.count || bytes[offset] < 0x80 { return (scalar, 1) }
        var breaks = ClusterBreaks()
        let entry = ScalarTable.unicode[scalar]
        _ = breaks.joins(scalar, entry)
        var columns = WidthPolicy.unicode.columns(of: scalar)
        while offset < bytes.count, bytes[offset] != 0x0A {
            let (next, length) = decodeScalar(bytes, offset)
            let nextEntry = ScalarTable.unicode[next]
            if !breaks.joins(next, nextEntry), !nextEntry.isMark { break }
            let more = WidthPolicy.unicode.columns(of: next)
            // What has no end, such as a row of spacing marks, is cut at the row's width.
            if more > 0, columns + more > width { break }
            columns += more
            offset += length
        }
        return (scalar, columns)
    }

    /// CJK punctuation that does not begin a row.
    private static func isClosing(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x3001, 0x3002, 0x3005, 0x3009, 0x300B, 0x300D, 0x300F, 0x3011, 0x3015, 0x3017,
            0x3019, 0x301B, 0x301E, 0x301F, 0x30FC, 0xFF01, 0xFF09, 0xFF0C, 0xFF0E, 0xFF1A,
            0xFF1B, 0xFF1F, 0xFF3D, 0xFF5D, 0x21, 0x29, 0x2C, 0x2E, 0x3A, 0x3B, 0x3F, 0x5D, 0x7D:
            true
        default: false
        }
    }

    /// CJK punctuation that does not end a row.
    private static func isOpening(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x3008, 0x300A, 0x300C, 0x300E, 0x3010, 0x3014, 0x3016, 0x3018, 0x301A, 0x301D,
            0xFF08, 0xFF3B, 0xFF5B, 0x28, 0x5B, 0x7B:
            true
        default: false
        }
    }
}
