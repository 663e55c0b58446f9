import ArgumentParser
import Glibc

/// What one writes first: the floors that need a process of their own.
struct NaiveProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "naive", abstract: "A floor.", shouldDisplay: false)

    /// How the text comes to the screen, or what is read at the start.
    enum Mode: String, ExpressibleByArgument, CaseIterable {
        case raw, rewrite, readall
    }

    @Argument var mode: Mode
    @Option var hertz = 60
    @Option var database = ""
    @Option var thread = ""

    func run() throws {
        switch mode {
        case .raw: printRaw()
        case .rewrite: rewrite()
        case .readall: try NaiveReader(database: database, thread: thread).run()
        }
    }

    /// Copies what comes to the terminal.
    private func printRaw() {
        show("ready")
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(3, &chunk, chunk.count)
            if count <= 0 { return }
            _ = write(1, chunk, count)
        }
    }

    /// Keeps the text, wraps all of it for each frame, erases the screen and prints its end.
    private func rewrite() {
        show("ready")
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var nextFrame = now()
        var isStale = false
        while true {
            var polled = pollfd(fd: 3, events: Int16(POLLIN), revents: 0)
            let wait = isStale ? max(0, (nextFrame - now()) * 1000).rounded(.up) : -1
            if poll(&polled, 1, Int32(wait)) > 0 {
                let count = read(3, &chunk, chunk.count)
                if count <= 0 { return }
                bytes += chunk[..<count]
                isStale = true
            }
            if isStale, now() >= nextFrame {
                let rows = wrapped(String(decoding: bytes, as: UTF8.self), columns: 120)
                show("\u{1b}[H\u{1b}[2J" + rows.suffix(39).joined(separator: "\r\n"))
                nextFrame = now() + 1 / Double(hertz)
                isStale = false
            }
        }
    }
}

/// Writes to the terminal.
func show(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(1, bytes, bytes.count)
}

/// The rows of a text, cut where they are full.
func wrapped(_ text: String, columns: Int) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
        var rows: [String] = []
        var rest = line[...]
        repeat {
            rows.append(String(rest.prefix(columns)))
            rest = rest.dropFirst(columns)
        } while !rest.isEmpty
        return rows
    }
}
