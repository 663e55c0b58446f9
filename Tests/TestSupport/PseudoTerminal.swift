#if canImport(Terminal)
    import CLinux
    import CVterm
    import Foundation

    /// A real program on a pseudo-terminal whose screen a terminal emulator (libvterm) keeps.
    ///
    /// Nothing happens behind the test's back: bytes are read and queries answered while the test waits.
    /// It waits on output or on the program's end, never for a fixed time.
    package final class PseudoTerminal {
        /// What a cell looks like.
        package struct Look: Hashable {
            package var text: String
            package var columns: Int
            package var isBold: Bool
            package var isUnderlined: Bool
            package var isItalic: Bool
            package var isReversed: Bool
            package var isStruck: Bool
            /// Red, green, blue; or the palette's index; nil for the terminal's own.
            package var foreground: [UInt8]?
            package var background: [UInt8]?
        }

        /// What the program has told the terminal besides text.
        package struct Modes: Hashable {
            package var title = ""
            package var hasAlternateScreen = false
            /// 0 none, 1 clicks, 2 drags, 3 moves.
            package var mouse = 0
            package var isCursorVisible = true
        }

        /// Keys that are more than a character.
        package enum Special {
            case enter, tab, backspace, escape, up, down, left, right, insert, delete, home, end
            case pageUp, pageDown, function(Int)
        }

        /// The process that runs.
        package let processID: Int32
        /// Rows of the terminal.
        package private(set) var rows: Int
        /// Columns of the terminal.
        package private(set) var columns: Int
        /// Every byte the program has sent.
        package private(set) var output: [UInt8] = []
        /// How many reads they came in; with one frame waiting, one read is one write of the program.
        package private(set) var reads = 0
        /// How the program ended, as `waitpid` says; nil while it runs.
        package private(set) var waitStatus: Int32?
        private let settingsBefore: termios
        private let master: Int32
        private let slave: Int32
        private let exitDescriptor: Int32
        private let emulator: OpaquePointer
        private let screen: OpaquePointer
        private let callbacks: UnsafeMutablePointer<VTermScreenCallbacks>
        private let modesPointer: UnsafeMutablePointer<Modes>
        private let answersSynchronized: Bool
        private var chunk = [UInt8](repeating: 0, count: 1 << 16)

        /// Why a program could not be started.
        package struct StartError: Error {}

        /// Starts a program. `environment` is laid over a small fixed one (`TERM=xterm-256color`, UTF-8).
        package init(
            _ path: String, _ arguments: [String] = [], rows: Int = 40, columns: Int = 120,
            environment: [String: String] = [:], directory: String? = nil,
            answersSynchronized: Bool = true
        ) throws {
            self.rows = rows
            self.columns = columns
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
            slave = system_open_program_side(master)
            var settings = termios()
            tcgetattr(slave, &settings)
            settingsBefore = settings
            _ = fcntl(master, F_SETFL, O_NONBLOCK)
            exitDescriptor = system_process_descriptor(processID)
            emulator = vterm_new(Int32(rows), Int32(columns))
            vterm_set_utf8(emulator, 1)
            screen = vterm_obtain_screen(emulator)
            vterm_screen_enable_altscreen(screen, 1)
            modesPointer = .allocate(capacity: 1)
            modesPointer.initialize(to: Modes())
            callbacks = .allocate(capacity: 1)
            callbacks.initialize(to: VTermScreenCallbacks())
            callbacks.pointee.settermprop = { property, value, modes in
                guard let value, let modes = modes?.assumingMemoryBound(to: Modes.self) else {
                    return 0
                }
                modes.pointee.note(property, value)
                return 1
            }
            vterm_screen_set_callbacks(screen, callbacks, modesPointer)
            vterm_screen_reset(screen, 1)
        }

        deinit {
            if waitStatus == nil {
                kill(processID, SIGKILL)
                waitpid(processID, nil, 0)
            }
            hangUp()
            close(exitDescriptor)
            vterm_free(emulator)
            callbacks.deallocate()
            modesPointer.deinitialize(count: 1)
            modesPointer.deallocate()
        }

        // MARK: Waiting

        /// Waits until the terminal is as the test wants; false when the program ended or time ran out before.
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

        /// Waits for the program's end: its exit status, or minus the signal it died of; nil when it still runs.
        package func waitForEnd(seconds: Double = 20) async -> Int32? {
            await wait(seconds: seconds) { $0.waitStatus != nil }
            pump()
            return waitStatus.map { $0 & 0x7f == 0 ? $0 >> 8 & 0xff : -($0 & 0x7f) }
        }

        /// Waits until nothing has come for a while, which must be counted, not assumed: the bytes that came.
        package func quiet(seconds: Double) async -> Int {
            pump()
            let before = output.count
            var end = system_now() + Int64(seconds * 1e9)
            let limit = system_now() + Int64(20e9)
            var seen = before
            while system_now() < min(end, limit), waitStatus == nil {
                await Self.wait(master, exitDescriptor, max(1, end - system_now()))
                pump()
                if output.count != seen {
                    seen = output.count
                    end = system_now() + Int64(seconds * 1e9)
                }
            }
            return output.count - before
        }

        /// Waits on a thread of its own, so that tests beside this one go on.
        private static func wait(_ master: Int32, _ exit: Int32, _ nanoseconds: Int64) async {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    _ = system_wait(master, exit, 0, nanoseconds)
                    continuation.resume()
                }
            }
        }

        /// Takes what has come.
        private func pump() {
            while true {
                let count = read(master, &chunk, chunk.count)
                guard count > 0 else { break }
                reads += 1
                output.append(contentsOf: chunk[..<count])
                chunk.withUnsafeBytes {
                    _ = vterm_input_write(
                        emulator, $0.bindMemory(to: CChar.self).baseAddress, count)
                }
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
            var reply = [CChar](repeating: 0, count: 1 << 14)
            let count = vterm_output_read(emulator, &reply, reply.count)
            guard count > 0 else { return }
            var bytes = reply[..<count].map { UInt8(bitPattern: $0) }
            if answersSynchronized {
                // libvterm shows every byte at once and says that it knows no synchronized output.
                let text = String(decoding: bytes, as: UTF8.self)
                bytes = Array(
                    text.replacingOccurrences(of: "[?2026;0$y", with: "[?2026;2$y").utf8)
            }
            send(bytes: bytes)
        }

        // MARK: Doing

        /// Sends bytes as a keyboard would.
        package func send(_ text: String) {
            send(bytes: Array(text.utf8))
        }

        /// Sends bytes, however many, reading what comes back meanwhile.
        package func send(bytes: [UInt8]) {
            var start = 0
            let end = system_now() + Int64(20e9)
            while start < bytes.count, waitStatus == nil, system_now() < end {
                let count = bytes.withUnsafeBytes {
                    write(master, $0.baseAddress! + start, $0.count - start)
                }
                if count > 0 {
                    start += count
                } else {
                    _ = system_wait(master, exitDescriptor, 1, 100_000_000)
                    if start > 0 { pump() }
                }
            }
        }

        /// Presses a key, encoded by the modes that the program has set.
        package func press(_ key: Special) {
            vterm_keyboard_key(emulator, key.code, VTERM_MOD_NONE)
            answer()
        }

        /// Pastes text: bracketed, as terminals do when the program asked for it.
        package func paste(_ text: String) {
            send("\u{1b}[200~\(text)\u{1b}[201~")
        }

        /// Clicks the left button.
        package func click(row: Int, column: Int) {
            vterm_mouse_move(emulator, Int32(row), Int32(column), VTERM_MOD_NONE)
            vterm_mouse_button(emulator, 1, true, VTERM_MOD_NONE)
            vterm_mouse_button(emulator, 1, false, VTERM_MOD_NONE)
            answer()
        }

        /// Turns the wheel a notch, up (true) or down.
        package func turnWheel(up: Bool, row: Int, column: Int) {
            vterm_mouse_move(emulator, Int32(row), Int32(column), VTERM_MOD_NONE)
            vterm_mouse_button(emulator, up ? 4 : 5, true, VTERM_MOD_NONE)
            answer()
        }

        /// Gives the window another size.
        package func resize(rows: Int, columns: Int) {
            self.rows = rows
            self.columns = columns
            vterm_set_size(emulator, Int32(rows), Int32(columns))
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
            close(slave)
            close(master)
        }
        private var isHungUp = false

        // MARK: Seeing

        /// The rows of the screen, spaces at their ends cut.
        package var lines: [String] { (0..<rows).map { line($0) } }

        /// The whole screen, for failure messages.
        package var picture: String { lines.joined(separator: "\n") }

        /// One row of the screen.
        package func line(_ row: Int) -> String {
            var text = ""
            var column = 0
            while column < columns {
                let cell = rawCell(row, column)
                text += Self.text(cell)
                column += max(1, Int(cell.width))
            }
            while text.hasSuffix(" ") { text.removeLast() }
            return text
        }

        /// How a cell looks.
        package subscript(row: Int, column: Int) -> Look {
            let cell = rawCell(row, column)
            return Look(
                text: Self.text(cell), columns: Int(cell.width), isBold: cell.attrs.bold != 0,
                isUnderlined: cell.attrs.underline != 0, isItalic: cell.attrs.italic != 0,
                isReversed: cell.attrs.reverse != 0, isStruck: cell.attrs.strike != 0,
                foreground: Self.color(cell.fg, defaultFlag: VTERM_COLOR_DEFAULT_FG),
                background: Self.color(cell.bg, defaultFlag: VTERM_COLOR_DEFAULT_BG))
        }

        /// Where the cursor is.
        package var cursor: (row: Int, column: Int) {
            var position = VTermPos()
            vterm_state_get_cursorpos(vterm_obtain_state(emulator), &position)
            return (Int(position.row), Int(position.col))
        }

        /// What the program has told the terminal.
        package var modes: Modes { modesPointer.pointee }

        /// The output as text.
        package var outputText: String { String(decoding: output, as: UTF8.self) }

        private var settings: termios {
            var settings = termios()
            tcgetattr(slave, &settings)
            return settings
        }

        /// Whether line settings are as before the program began.
        package var hasSettingsBack: Bool {
            let now = settings
            return now.c_iflag == settingsBefore.c_iflag && now.c_oflag == settingsBefore.c_oflag
                && now.c_lflag == settingsBefore.c_lflag && now.c_cflag == settingsBefore.c_cflag
        }

        private func rawCell(_ row: Int, _ column: Int) -> VTermScreenCell {
            var cell = VTermScreenCell()
            vterm_screen_get_cell(screen, VTermPos(row: Int32(row), col: Int32(column)), &cell)
            return cell
        }

        private static func text(_ cell: VTermScreenCell) -> String {
            var text = String.UnicodeScalarView()
            withUnsafeBytes(of: cell.chars) { bytes in
                for value in bytes.bindMemory(to: UInt32.self) {
                    guard value != 0, let scalar = Unicode.Scalar(value) else { break }
                    text.append(scalar)
                }
            }
            return text.isEmpty ? " " : String(text)
        }

        private static func color(_ color: VTermColor, defaultFlag: VTermColorType) -> [UInt8]? {
            if color.type & UInt8(defaultFlag.rawValue) != 0 { return nil }
            if color.type & UInt8(VTERM_COLOR_TYPE_MASK.rawValue)
                == UInt8(VTERM_COLOR_INDEXED.rawValue)
            {
                return [color.indexed.idx]
            }
            return [color.rgb.red, color.rgb.green, color.rgb.blue]
        }
    }

    extension PseudoTerminal.Modes {
        mutating func note(_ property: VTermProp, _ value: UnsafeMutablePointer<VTermValue>) {
            switch property {
            case VTERM_PROP_ALTSCREEN: hasAlternateScreen = value.pointee.boolean != 0
            case VTERM_PROP_MOUSE: mouse = Int(value.pointee.number)
            case VTERM_PROP_CURSORVISIBLE: isCursorVisible = value.pointee.boolean != 0
            case VTERM_PROP_TITLE:
                var bytes = [CChar](repeating: 0, count: 1024)
                let count = vterm_title(value, &bytes, bytes.count)
                title = String(
                    decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            default: break
            }
        }
    }

    extension PseudoTerminal.Special {
        var code: VTermKey {
            switch self {
            case .enter: VTERM_KEY_ENTER
            case .tab: VTERM_KEY_TAB
            case .backspace: VTERM_KEY_BACKSPACE
            case .escape: VTERM_KEY_ESCAPE
            case .up: VTERM_KEY_UP
            case .down: VTERM_KEY_DOWN
            case .left: VTERM_KEY_LEFT
            case .right: VTERM_KEY_RIGHT
            case .insert: VTERM_KEY_INS
            case .delete: VTERM_KEY_DEL
            case .home: VTERM_KEY_HOME
            case .end: VTERM_KEY_END
            case .pageUp: VTERM_KEY_PAGEUP
            case .pageDown: VTERM_KEY_PAGEDOWN
            case .function(let number):
                VTermKey(VTERM_KEY_FUNCTION_0.rawValue + UInt32(number))
            }
        }
    }
#endif
