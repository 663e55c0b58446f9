import CLinux
import Foundation

/// A real program on a pseudo-terminal whose screen a terminal emulator keeps.
///
/// Nothing happens behind the test's back: bytes are read and questions answered while the test
/// waits. It waits on output or on the program's end, never for a fixed time.
package final class PseudoTerminal {
    /// What the terminal shows.
    package let screen: EmulatedScreen
    /// The process that runs.
    package let processID: Int32
    /// Every byte the program has sent.
    package private(set) var output: [UInt8] = []
    /// How many reads they came in; with one frame waiting, one read is one write of the program.
    package private(set) var reads = 0
    /// How the program ended, as `waitpid` says; nil while it runs.
    package private(set) var waitStatus: Int32?
    private let settingsBefore: termios
    private let master: Int32
    private let programSide: Int32
    private let exitDescriptor: Int32
    private let answersSynchronized: Bool
    private var isHungUp = false
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)

    /// Why a program could not be started.
    package struct StartError: Error {}

    /// Starts a program. `environment` is laid over a small fixed one (`TERM=xterm-256color`,
    /// UTF-8).
    package init(
        _ path: String, _ arguments: [String] = [], rows: Int = 40, columns: Int = 120,
        environment: [String: String] = [:], directory: String? = nil,
        answersSynchronized: Bool = true
    ) throws {
        self.answersSynchronized = answersSynchronized
        var variables = [
            "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin",
            "SWIFT_BACKTRACE": "enable=no", "HOME": NSTemporaryDirectory(),
        ]
        variables.merge(environment) { $1 }
        var command = [path] + arguments
        if let directory {
            command =
                ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", directory] + command
        }
        let argv = command.map { strdup($0) } + [nil]
        let envp = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var master: Int32 = -1
        processID = system_fork_terminal(
            &master, Int32(rows), Int32(columns), command[0], argv, envp, -1)
        guard processID > 0 else { throw StartError() }
        self.master = master
        // Held open so that the line settings can be read after the program's end.
        programSide = system_open_program_side(master)
        settingsBefore = Self.settings(programSide)
        _ = fcntl(master, F_SETFL, O_NONBLOCK)
        exitDescriptor = system_process_descriptor(processID)
        screen = EmulatedScreen(rows: rows, columns: columns)
    }

    deinit {
        if waitStatus == nil {
            kill(processID, SIGKILL)
            waitpid(processID, nil, 0)
        }
        hangUp()
        close(exitDescriptor)
    }

    // MARK: Waiting

    /// Waits until the terminal is as the test wants; false when the program ended or time ran out
    /// before.
    @discardableResult
    package func wait(
        seconds: Double = 20, until condition: (PseudoTerminal) -> Bool
    ) async -> Bool {
        let end = system_now() + Int64(seconds * 1e9)
        while true {
            pump()
            if condition(self) { return true }
            let rest = end - system_now()
            if waitStatus != nil || rest <= 0 { return false }
            await Self.wait(master, exitDescriptor, rest)
        }
    }

    /// Waits until some row contains the text.
    @discardableResult
    package func wait(for text: String, seconds: Double = 20) async -> Bool {
        await wait(seconds: seconds) { $0.lines.contains { $0.contains(text) } }
    }

    /// Waits for the program's end: its exit status, or minus the signal it died of; nil when it
    /// still runs.
    package func waitForEnd(seconds: Double = 20) async -> Int32? {
        await wait(seconds: seconds) { $0.waitStatus != nil }
        return waitStatus.map { $0 & 0x7f == 0 ? $0 >> 8 & 0xff : -($0 & 0x7f) }
    }

    /// Waits until nothing came for so long and tells how many bytes came until then.
    package func quiet(seconds: Double) async -> Int {
        pump()
        let before = output.count
        let limit = system_now() + Int64(20e9)
        var seen = -1
        while seen != output.count, waitStatus == nil, system_now() < limit {
            seen = output.count
            let end = system_now() + Int64(seconds * 1e9)
            while output.count == seen, waitStatus == nil, system_now() < end {
                await Self.wait(master, exitDescriptor, end - system_now())
                pump()
            }
        }
        return output.count - before
    }

    /// Waits on a thread of its own, so that tests beside this one go on.
    private static func wait(_ master: Int32, _ exit: Int32, _ nanoseconds: Int64) async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                _ = system_wait(master, exit, 0, max(0, nanoseconds))
                continuation.resume()
            }
        }
    }

    /// Takes what has come.
    private func pump() {
        while !isHungUp {
            let count = read(master, &chunk, chunk.count)
            guard count > 0 else { break }
            reads += 1
            output.append(contentsOf: chunk[..<count])
            screen.feed(chunk[..<count])
            answer()
        }
        if waitStatus == nil {
            var status: Int32 = 0
            if waitpid(processID, &status, WNOHANG) == processID {
                waitStatus = status
                pump()
            }
        }
    }

    /// Sends what the emulator answers to the program's questions, and what its keys encode to.
    private func answer() {
        var reply = screen.takeReply()
        guard !reply.isEmpty else { return }
        if answersSynchronized {
            // libvterm shows every byte at once and says that it knows no synchronized output.
            let text = String(decoding: reply, as: UTF8.self)
            reply = Array(
                text.replacingOccurrences(of: "[?2026;0$y", with: "[?2026;2$y").utf8)
        }
        send(bytes: reply)
    }

    // MARK: Doing

    /// Sends text as a keyboard would.
    package func send(_ text: String) {
        send(bytes: Array(text.utf8))
    }

    /// Sends bytes, however many, reading what comes back meanwhile.
    package func send(bytes: [UInt8]) {
        var start = 0
        let end = system_now() + Int64(20e9)
        while start < bytes.count, waitStatus == nil, !isHungUp, system_now() < end {
            let count = bytes.withUnsafeBytes {
                write(master, $0.baseAddress.map { $0 + start }, $0.count - start)
            }
            if count > 0 {
                start += count
            } else {
                _ = system_wait(master, exitDescriptor, 1, 100_000_000)
                pump()
            }
        }
    }

    /// Presses a key, encoded by the modes that the program has set.
    package func press(_ key: EmulatedScreen.Special) {
        screen.press(key)
        answer()
    }

    /// Pastes text: bracketed, as terminals do when the program asked for it.
    package func paste(_ text: String) {
        send("\u{1b}[200~\(text)\u{1b}[201~")
    }

    /// Clicks the left button.
    package func click(row: Int, column: Int) {
        screen.click(button: 1, row: row, column: column)
        answer()
    }

    /// Turns the wheel a notch, up (true) or down.
    package func turnWheel(up: Bool, row: Int, column: Int) {
        screen.click(button: up ? 4 : 5, row: row, column: column)
        answer()
    }

    /// Gives the window another size.
    package func resize(rows: Int, columns: Int) {
        screen.resize(rows: rows, columns: columns)
        _ = system_set_window_size(master, Int32(rows), Int32(columns))
    }

    /// Sends the program a signal.
    package func signal(_ number: Int32) {
        kill(processID, number)
    }

    /// Closes the terminal, as a window does.
    package func hangUp() {
        guard !isHungUp else { return }
        isHungUp = true
        close(programSide)
        close(master)
    }

    // MARK: Seeing

    /// The rows of the screen, spaces at their ends cut.
    package var lines: [String] { screen.lines }

    /// The whole screen, for failure messages.
    package var picture: String { lines.joined(separator: "\n") }

    /// One row of the screen.
    package func line(_ row: Int) -> String { screen.line(row) }

    /// How a cell looks.
    package subscript(row: Int, column: Int) -> EmulatedScreen.Look { screen[row, column] }

    /// Where the cursor is.
    package var cursor: (row: Int, column: Int) { screen.cursor }

    /// What the program has told the terminal.
    package var modes: EmulatedScreen.Modes { screen.modes }

    /// Whether the last frame that began has come to its end, so that the screen is one the
    /// program meant.
    package var isBetweenFrames: Bool {
        let mark = Array("\u{1b}[?2026".utf8)
        var place = output.count - mark.count - 1
        while place >= 0 {
            if output[place] == mark[0], output[place..<(place + mark.count)].elementsEqual(mark) {
                return output[place + mark.count] != UInt8(ascii: "h")
            }
            place -= 1
        }
        return true
    }

    /// The output as text.
    package var outputText: String { String(decoding: output, as: UTF8.self) }

    /// Whether line settings are as before the program began.
    package var hasSettingsBack: Bool {
        let now = Self.settings(programSide)
        return now.c_iflag == settingsBefore.c_iflag && now.c_oflag == settingsBefore.c_oflag
            && now.c_lflag == settingsBefore.c_lflag && now.c_cflag == settingsBefore.c_cflag
    }

    private static func settings(_ descriptor: Int32) -> termios {
        var settings = termios()
        tcgetattr(descriptor, &settings)
        return settings
    }
}
