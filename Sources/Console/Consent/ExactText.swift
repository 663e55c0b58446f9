/// A text spelled so that no two texts are spelled alike, in nothing but printable ASCII.
///
/// Printable ASCII stands for itself and everything else for its number, as in `<U+202E>`: line
/// ends, what is invisible or turns text around, and also every letter of another script, since
/// some look like others. A `<` that could be taken for the beginning of such a number is spelled
/// by its own.
package struct ExactText: Hashable, Sendable {
    /// A stretch of a row.
    package struct Piece: Hashable, Sendable {
        /// Printable ASCII.
        package var text: String
        /// Whether it is a number in place of a character.
        package var isSpelled: Bool
    }

    /// The text in stretches; a line ends after each of the lists.
    private var lines: [[Piece]] = [[]]

    /// Spells a text.
    package init(_ text: String) {
        var plain: [UInt8] = []
        let bytes = Array(text.utf8)
        var place = 0
        for scalar in text.unicodeScalars {
            let isPlain =
                (0x20..<0x7F).contains(scalar.value)
                && !(scalar == "<" && bytes.dropFirst(place + 1).starts(with: "U+".utf8))
            place += UTF8.width(scalar)
            if isPlain {
                plain.append(UInt8(truncatingIfNeeded: scalar.value))
                continue
            }
            add(&plain)
            lines[lines.count - 1].append(Piece(text: Self.number(of: scalar), isSpelled: true))
            if scalar == "\n" { lines.append([]) }
        }
        add(&plain)
    }

    private mutating func add(_ plain: inout [UInt8]) {
        guard !plain.isEmpty else { return }
        lines[lines.count - 1].append(
            Piece(text: String(decoding: plain, as: UTF8.self), isSpelled: false))
        plain = []
    }

    private static func number(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "<U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + ">"
    }

    /// The whole in one row.
    package var text: String { lines.joined().map(\.text).joined() }

    /// Whether every character of the text stands for itself.
    package var isPlain: Bool { !lines.joined().contains(where: \.isSpelled) }

    /// The text in double quotes, in rows of a width.
    ///
    /// A row is full, but for the last one and those that end with a line end: blanks at the end of
    /// a row can be counted.
    package func quotedRows(width: Int) -> [[Piece]] {
        let width = max(1, width)
        let mark = Piece(text: "\"", isSpelled: false)
        var lines = lines
        lines[0].insert(mark, at: 0)
        lines[lines.count - 1].append(mark)
        return lines.flatMap { Self.cut($0, width) }
    }

    private static func cut(_ line: [Piece], _ width: Int) -> [[Piece]] {
        var rows: [[Piece]] = [[]]
        var room = width
        for piece in line {
            var rest = piece.text.utf8[...]
            while !rest.isEmpty {
                if room == 0 {
                    rows.append([])
                    room = width
                }
                let part = rest.prefix(room)
                rest = rest.dropFirst(part.count)
                room -= part.count
                rows[rows.count - 1].append(
                    Piece(text: String(Substring(part)), isSpelled: piece.isSpelled))
            }
        }
        return rows
    }
}

extension String {
    /// Whether it has the same bytes; `==` takes some different texts for the same.
    func isExactly(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension [String] {
    /// Whether it has the same texts, byte for byte.
    func isExactly(_ other: [String]) -> Bool {
        elementsEqual(other) { $0.isExactly($1) }
    }
}
