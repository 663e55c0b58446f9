/// The mark that begins a list item.
struct ListMarker {
    /// The bullet, or the delimiter after a number.
    var mark: UInt8
    /// The number; nil for a bullet.
    var number: Int?
    /// Columns that the item's other lines must be indented by.
    var width: Int

    /// Reads a mark and the blanks after it; nil, and the cursor unmoved, when there is none.
    init?(_ cursor: inout LineCursor, interrupting: Bool) {
        var inside = cursor
        let indent = inside.indent.columns
        inside.skipIndent()
        var length = 0
        number = nil
        switch inside.byte {
        case 0x2A, 0x2B, 0x2D:
            length = 1
        case 0x30...0x39:
            var value = 0
            while length < 9, inside.byte(after: length) &- 0x30 < 10 {
                value = value * 10 + Int(inside.byte(after: length) - 0x30)
                length += 1
            }
            let delimiter = inside.byte(after: length)
            guard delimiter == 0x2E || delimiter == 0x29 else { return nil }
            if interrupting, value != 1 { return nil }
            number = value
            length += 1
        default: return nil
        }
        mark = inside.byte(after: length - 1)
        inside.skip(columns: length)
        guard inside.isAtBlankOrEnd else { return nil }
        let isBlank = inside.isBlank
        if interrupting, isBlank { return nil }
        let blanks = inside.indent.columns
        let taken = isBlank || blanks > 4 ? 1 : blanks
        inside.skip(columns: taken)
        width = indent + length + taken
        cursor = inside
    }

    /// The container, numbered on from an item of the same list.
    func kind(after before: BlockContainer?) -> BlockContainer.Kind {
        if case .item(mark, let ordinal) = before?.kind {
            return .item(mark: mark, ordinal: ordinal.map { $0 + 1 })
        }
        return .item(mark: mark, ordinal: number)
    }
}
