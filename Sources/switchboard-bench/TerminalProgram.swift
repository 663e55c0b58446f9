import Glibc

/// A program on a pseudo-terminal of its own, and when each of its bytes came.
///
/// Only what is measured happens here: bytes are kept with the time of the read they came in, and
/// a terminal's questions are answered at once. What is seen of them is for others to find.
final class TerminalProgram {
    /// The process.
    let processID: pid_t
    /// When it was started.
    let start: Double
    /// Every byte that came.
    private(set) var output: [UInt8] = []
    /// The time of the last read.
    private(set) var lastRead = 0.0
    /// Whether the program is gone.
    private(set) var hasEnded = false
    /// The terminal's side, for polling.
    let master: Int32
    private var answered = 0
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)

    /// Starts a program of 120 columns and 40 rows; `input` becomes its descriptor 3.
    init(_ command: [String], environment: [String: String], input: Int32 = -1) throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        // TIOCSPTLCK and TIOCGPTN; the C library's own calls are shown to GNU programs only.
        var (lock, number): (Int32, Int32) = (0, 0)
        guard master >= 0, ioctl(master, 0x4004_5431, &lock) == 0,
            ioctl(master, 0x8004_5430, &number) == 0
        else { throw BenchmarkError("no pseudo-terminal: \(String(cString: strerror(errno)))") }
        let name = "/dev/pts/\(number)"
        var size = winsize(ws_row: 40, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
        start = now()
        processID = try spawn(command, environment: environment, ownSession: true) { actions in
            // The first terminal that a new session opens becomes its own.
            posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
            posix_spawn_file_actions_adddup2(&actions, 0, 1)
            posix_spawn_file_actions_adddup2(&actions, 0, 2)
            if input >= 0 { posix_spawn_file_actions_adddup2(&actions, input, 3) }
        }
        _ = fcntl(master, F_SETFL, O_NONBLOCK)
    }

    deinit { close(master) }

    /// Takes what has come; true when something has.
    @discardableResult
    func pump() -> Bool {
        let before = output.count
        while !hasEnded {
            let count = read(master, &chunk, chunk.count)
            if count > 0 {
                lastRead = now()
                output += chunk[..<count]
            } else if count < 0, errno == EAGAIN || errno == EINTR {
                break
            } else {
                hasEnded = true
            }
        }
        if answered >= 0 { answer() }
        return output.count > before
    }

    /// Sends keys.
    func send(_ keys: String) {
        let bytes = Array(keys.utf8)
        _ = write(master, bytes, bytes.count)
    }

    /// Waits until the output from `place` on holds the bytes; the time of the read that brought
    /// them, or nil.
    func wait(for text: String, from place: Int = 0, seconds: Double = 20) -> Double? {
        let wanted = Array(text.utf8)
        return wait(seconds: seconds) { $0.output[place...].holds(wanted) }
    }

    /// Waits until the condition holds; the time of the last read by then, or nil.
    func wait(seconds: Double, until isDone: (TerminalProgram) -> Bool) -> Double? {
        let end = now() + seconds
        while true {
            pump()
            if isDone(self) { return lastRead }
            let rest = end - now()
            if rest <= 0 || hasEnded { return nil }
            var polled = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            poll(&polled, 1, Int32(max(1, rest * 1000)))
        }
    }

    /// Reads on for so long.
    func rest(seconds: Double) { _ = wait(seconds: seconds) { _ in false } }

    /// Ends the program and waits for its end.
    func stop() {
        kill(processID, SIGTERM)
        let end = now() + 5
        var status: Int32 = 0
        while waitpid(processID, &status, WNOHANG) == 0 {
            pump()
            if now() > end { kill(processID, SIGKILL) }
            usleep(2000)
        }
        hasEnded = true
    }

    /// Answers as a quick terminal does that shows frames at once and has no margins.
    private func answer() {
        let questions = [
            ("\u{1b}[?2026$p", "\u{1b}[?2026;2$y"), ("\u{1b}[?69$p", "\u{1b}[?69;0$y"),
            ("\u{1b}]11;?", "\u{1b}]11;rgb:0000/0000/0000\u{1b}\\"), ("\u{1b}[c", "\u{1b}[?62;22c"),
        ]
        guard output[answered...].holds(Array("\u{1b}[c".utf8)) else { return }
        for (question, reply) in questions where output.holds(Array(question.utf8)) { send(reply) }
        answered = -1
    }
}

/// Why nothing could be measured.
struct BenchmarkError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

extension Sequence<UInt8> where Self: RandomAccessCollection {
    /// Whether these bytes stand somewhere in it.
    func holds(_ wanted: [UInt8]) -> Bool {
        guard let first = wanted.first else { return true }
        var place = startIndex
        while let next = self[place...].firstIndex(of: first) {
            if self[next...].starts(with: wanted) { return true }
            place = index(after: next)
        }
        return false
    }
}
