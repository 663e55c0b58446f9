/// A place in a line of source that knows columns: a tab reaches to the next multiple of four.
struct LineCursor {
    let bytes: UnsafeBufferPointer<UInt8>
    /// Where the line ends, before its line end.
    let end: Int
    private(set) var offset: Int
    private(set) var column = 0
    private var isInsideTab = false

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) {
        self.bytes = bytes
        offset = line.lowerBound
        end = line.upperBound
    }

    /// Columns of blanks from here, and where the first other byte is.
    var indent: (columns: Int, offset: Int) {
        var index = offset
        var reached = column
        while index < end {
            if bytes[index] == 0x20 {
                reached += 1
            } else if bytes[index] == 0x09 {
                reached += 4 - reached % 4
            } else {
                break
            }
            index += 1
        }
        return (reached - column, index)
    }

    /// Whether only blanks are left.
    var isBlank: Bool { indent.offset >= end }

    /// The byte here, 0 at the end.
    var byte: UInt8 { offset < end ? bytes[offset] : 0 }

    /// The byte `distance` further, 0 beyond the end.
    func byte(after distance: Int) -> UInt8 {
        offset + distance < end ? bytes[offset + distance] : 0
    }

    /// How many bytes from here equal `byte`.
    func run(of byte: UInt8) -> Int {
        var index = offset
        while index < end, bytes[index] == byte { index += 1 }
        return index - offset
    }

    /// Whether the byte here is a blank, a tab or the end.
    var isAtBlankOrEnd: Bool { offset >= end || bytes[offset] == 0x20 || bytes[offset] == 0x09 }

    /// Moves to the first byte that is no blank.
    mutating func skipIndent() {
        let (columns, target) = indent
        offset = target
        column += columns
        isInsideTab = false
    }

    /// Moves over `count` columns; a tab may be taken in part.
    mutating func skip(columns count: Int) {
        var left = count
        while left > 0, offset < end {
            if bytes[offset] == 0x09 {
                let toStop = 4 - column % 4
                isInsideTab = toStop > left
                let taken = min(left, toStop)
                column += taken
                if !isInsideTab { offset += 1 }
                left -= taken
            } else {
                isInsideTab = false
                offset += 1
                column += 1
                left -= 1
            }
        }
    }

    /// The rest of the line as content of a block.
    var rest: BlockLine {
        guard isInsideTab else { return BlockLine(start: min(offset, end), end: end) }
        return BlockLine(start: offset + 1, end: end, padding: 4 - column % 4)
    }
}
