import TextLayout

/// Columns of text, each as wide as its widest entry.
struct Table {
    private var rows: [[String]] = []

    /// Makes a table; the header is left out where nobody reads it.
    init(header: [String]) {
        if Output.isTerminal { rows.append(header) }
    }

    /// Adds a row; of each cell its first line is shown, as harmless text.
    mutating func add(_ cells: [String]) {
        rows.append(
            cells.map { cell in
                let line = cell.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
                return line.canonicalised(as: .name)
            })
    }

    /// The rows as text: aligned for a person, separated by tabs for a program.
    var text: String {
        guard Output.isTerminal else {
            return rows.map { $0.joined(separator: "\t") + "\n" }.joined()
        }
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? Self.width($0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { index, cell in
                index == row.count - 1
                    ? cell : cell + String(repeating: " ", count: widths[index] - Self.width(cell))
            }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }

    private static func width(_ text: String) -> Int {
        TextCells(text).reduce(0) { $0 + $1.columns }
    }
}
