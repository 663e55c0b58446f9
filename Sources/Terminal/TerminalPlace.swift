internal import CLinux
internal import Glibc

/// What a session needs of the process and its terminal, found or refused before anything changes.
struct TerminalPlace {
    let descriptor: Int32
    let log: Int32
    let output: TerminalOutput
    let driver: CursesDriver
    let modes: Modes
    let isRemote: Bool

    /// What a terminal without a size is taken for.
    private static let usualSize = (rows: 24, columns: 80)

    init(_ options: TerminalOptions) throws(TerminalError) {
        let environment = { (name: String) in getenv(name).map { String(cString: $0) } }
        guard isatty(0) == 1 else { throw .notATerminal("standard input") }
        guard isatty(1) == 1 else { throw .notATerminal("standard output") }
        guard system_use_utf8() == 0 else { throw .notUTF8 }
        let type = try TerminalType(environment: environment, descriptor: 1)
        modes = Modes(
            isModern: type.isModern, hasAlternateScreen: type.hasAlternateScreen,
            usesMouse: options.usesMouse && type.isModern)
        descriptor = system_open_terminal(1)
        guard descriptor >= 0 else { throw .system("open the terminal", error: errno) }
        let restore = Array(modes.restore.utf8)
        guard system_terminal_adopt(descriptor, restore, restore.count) == 0 else {
            throw .system("read the terminal's settings", error: errno)
        }
        log = try Self.openLog(options.logPath)
        output = TerminalOutput(descriptor: descriptor)
        let size = Self.size(descriptor) ?? Self.usualSize
        driver = try CursesDriver(
            type: type, rows: size.rows, columns: size.columns, depth: options.depth,
            output: output, environment: environment)
        isRemote = environment("SSH_CONNECTION") != nil || environment("SSH_TTY") != nil
    }

    private static func openLog(_ path: String?) throws(TerminalError) -> Int32 {
        let log =
            path.map { open($0, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) }
            ?? system_memory_file("output")
        guard log >= 0 else { throw .system("open the log", error: errno) }
        return log
    }

    /// Rows and columns the terminal has now.
    static func size(_ descriptor: Int32) -> (rows: Int, columns: Int)? {
        var rows: Int32 = 0
        var columns: Int32 = 0
        guard system_window_size(descriptor, &rows, &columns) == 0, rows > 0, columns > 0 else {
            return nil
        }
        return (Int(rows), Int(columns))
    }
}
