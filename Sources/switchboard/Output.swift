import Glibc
import TextLayout

/// Standard output and standard error, without a buffer that a crash would lose.
enum Output {
    /// Whether standard output is a terminal.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Writes text that this program made itself.
    static func text(_ text: String) { write(Array(text.utf8), to: STDOUT_FILENO) }

    /// Writes text from elsewhere, with everything a terminal would obey made harmless.
    static func content(_ content: String) { text(content.printable) }

    /// Writes bytes as they are.
    static func bytes(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    /// Writes a line to standard error, made harmless.
    static func error(_ message: String) {
        write(Array((message.printable + "\n").utf8), to: STDERR_FILENO)
    }

    /// Writes everything; a reader that went away ends the program as it ends `cat`.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = Glibc.poll(&poll, 1, -1)
            } else if errno != EINTR {
                if descriptor == STDOUT_FILENO { exit(errno == EPIPE ? 0 : 1) }
                return
            }
        }
    }
}

/// Columns of text, each as wide as its widest entry.
struct Table {
    private var rows: [[String]] = []

    /// Makes a table; the header is left out where nobody reads it.
    init(header: [String]) {
        if Output.isTerminal { rows.append(header) }
    }

    /// Adds a row; a cell is one line of harmless text.
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
