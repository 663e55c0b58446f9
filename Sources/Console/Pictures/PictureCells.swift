import Terminal

/// A picture as rows of half-block cells, read from what a program would send to a terminal.
///
/// Its bytes are a stranger's. Of control sequences only those that colour are obeyed, of
/// characters only blanks and blocks are kept; the rest is left out. None of them reaches the
/// terminal.
struct PictureCells: Hashable, Sendable {
    /// One cell.
    struct Cell: Hashable, Sendable {
        var character: Character
        var style: Style
    }

    /// More colours than this in a picture are made fewer: a screen has room for 240 at a time.
    static let colourLimit = 96

    private(set) var rows: [[Cell]] = []
    /// The rows as a pane draws them.
    private(set) var styledRows: [StyledRow] = []

    /// Reads a drawing; what is beyond the size is left out.
    init(drawing: [UInt8], columns: Int, rows limit: Int) {
        var reader = DrawingReader(columns: columns, rows: limit)
        for byte in drawing { reader.take(byte) }
        rows = reader.finished
        reduceColours()
        styledRows = rows.map(Self.styled)
    }

    private static func styled(_ row: [Cell]) -> StyledRow {
        var pieces: [StyledRow.Piece] = []
        for cell in row {
            if pieces.last?.style == cell.style {
                pieces[pieces.count - 1].text.append(cell.character)
            } else {
                pieces.append(.init(String(cell.character), style: cell.style))
            }
        }
        return StyledRow(pieces)
    }

    /// Makes colours that are nearly the same into one, as far as there are too many.
    private mutating func reduceColours() {
        var bits = 8
        var palette: [Color: Color] = [:]
        repeat {
            bits -= 1
            palette = colours(keeping: bits)
        } while Set(palette.values).count > Self.colourLimit && bits > 1
        for row in rows.indices {
            for place in rows[row].indices {
                let style = rows[row][place].style
                rows[row][place].style.foreground =
                    palette[style.foreground] ?? style.foreground
                rows[row][place].style.background =
                    palette[style.background] ?? style.background
            }
        }
    }

    /// What each colour becomes where only its highest bits count: the mean of those alike.
    private func colours(keeping bits: Int) -> [Color: Color] {
        var sums: [UInt32: (red: Int, green: Int, blue: Int, count: Int)] = [:]
        var keys: [Color: UInt32] = [:]
        for cell in rows.joined() {
            for color in [cell.style.foreground, cell.style.background] {
                guard case .rgb(let red, let green, let blue) = color else { continue }
                let shift = UInt8(8 - bits)
                let key =
                    UInt32(red >> shift) << 16 | UInt32(green >> shift) << 8
                    | UInt32(blue >> shift)
                keys[color] = key
                let sum = sums[key] ?? (0, 0, 0, 0)
                sums[key] = (
                    sum.red + Int(red), sum.green + Int(green), sum.blue + Int(blue), sum.count + 1
                )
            }
        }
        return keys.mapValues { key in
            guard let sum = sums[key] else { return .standard }
            return .rgb(
                UInt8(sum.red / sum.count), UInt8(sum.green / sum.count),
                UInt8(sum.blue / sum.count))
        }
    }
}

/// Reads the bytes of a drawing one after the other.
private struct DrawingReader {
    private enum Mode {
        case text
        case escape
        /// Inside `ESC [ …`.
        case sequence
    }

    /// A longer sequence means nothing.
    private static let sequenceLimit = 64
    private static let characters: [[UInt8]: Character] = [
        [0x20]: " ", [0xE2, 0x96, 0x80]: "▀", [0xE2, 0x96, 0x84]: "▄", [0xE2, 0x96, 0x88]: "█",
        [0xE2, 0x96, 0x8C]: "▌", [0xE2, 0x96, 0x90]: "▐",
    ]

    private let columns: Int
    private let limit: Int
    private var rows: [[PictureCells.Cell]] = []
    private var row: [PictureCells.Cell] = []
    private var mode = Mode.text
    private var parameters: [UInt8] = []
    private var scalar: [UInt8] = []
    private var style = Style.plain

    init(columns: Int, rows: Int) {
        self.columns = columns
        limit = rows
    }

    /// The rows so far; an empty last one is none.
    var finished: [[PictureCells.Cell]] {
        row.isEmpty || rows.count >= limit ? rows : rows + [row]
    }

    mutating func take(_ byte: UInt8) {
        if rows.count >= limit { return }
        switch mode {
        case .text: takeText(byte)
        case .escape:
            mode = byte == UInt8(ascii: "[") ? .sequence : .text
            parameters = []
        case .sequence:
            if (0x40...0x7E).contains(byte) {
                if byte == UInt8(ascii: "m") { colour() }
                mode = .text
            } else if byte == 0x1B {
                mode = .escape
            } else if parameters.count < Self.sequenceLimit {
                parameters.append(byte)
            }
        }
    }

    private mutating func takeText(_ byte: UInt8) {
        if byte == 0x1B {
            mode = .escape
            scalar = []
        } else if byte == 0x0A {
            rows.append(row)
            (row, scalar) = ([], [])
        } else if byte & 0xC0 == 0x80 {
            if scalar.count < 4 { scalar.append(byte) }
            put()
        } else {
            scalar = [byte]
            put()
        }
    }

    /// Puts the character that the bytes so far make, if it is one of ours.
    private mutating func put() {
        guard let character = Self.characters[scalar] else { return }
        scalar = []
        if row.count < columns { row.append(.init(character: character, style: style)) }
    }

    /// Obeys a sequence that colours; any other number in it is passed over.
    private mutating func colour() {
        guard parameters.count < Self.sequenceLimit else { return }
        let isPlain = parameters.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x3B }
        guard isPlain else { return }
        var numbers = parameters.split(separator: 0x3B, omittingEmptySubsequences: false).map {
            Int(String(decoding: $0, as: UTF8.self)) ?? 0
        }[...]
        while let number = numbers.popFirst() {
            switch number {
            case 0: style = .plain
            case 7: style = style.with(.reverse)
            case 27: style.attributes.remove(.reverse)
            case 30...37: style.foreground = .palette(UInt8(number - 30))
            case 90...97: style.foreground = .palette(UInt8(number - 82))
            case 40...47: style.background = .palette(UInt8(number - 40))
            case 100...107: style.background = .palette(UInt8(number - 92))
            case 39: style.foreground = .standard
            case 49: style.background = .standard
            case 38: style.foreground = Self.colour(&numbers) ?? style.foreground
            case 48: style.background = Self.colour(&numbers) ?? style.background
            default: break
            }
        }
    }

    /// The colour behind a 38 or a 48.
    private static func colour(_ numbers: inout ArraySlice<Int>) -> Color? {
        switch numbers.popFirst() {
        case 5:
            return numbers.popFirst().flatMap { UInt8(exactly: $0) }.map { .palette($0) }
        case 2:
            let parts = numbers.prefix(3).compactMap { UInt8(exactly: $0) }
            numbers = numbers.dropFirst(3)
            return parts.count == 3 ? .rgb(parts[0], parts[1], parts[2]) : nil
        default: return nil
        }
    }
}
