/// The rows of a GitHub table, as bytes.
enum TableRow {
    /// Whether the rest of the line is a delimiter row: cells of `:?-+:?` with at least one `|`.
    static func isDelimiter(_ cursor: LineCursor) -> Bool {
        var hasPipe = false
        var dashes = 0
        var colonAfter = false
        for index in cursor.offset..<cursor.end {
            switch cursor.bytes[index] {
            case 0x2D:
                if colonAfter { return false }
                dashes += 1
            case 0x3A:
                if colonAfter { return false }
                colonAfter = dashes > 0
            case 0x7C:
                if dashes == 0, index > cursor.offset { return false }
                hasPipe = true
                dashes = 0
                colonAfter = false
            case 0x20, 0x09, 0x0D: break
            default: return false
            }
        }
        return hasPipe
    }
}
