internal import CLinux
internal import Glibc

// Taking the terminal, giving it back, and what else it can be told.
extension TerminalSession {
    /// How long late reports of the terminal are waited for on leaving, in nanoseconds.
    private static let farewell: Int64 = 300_000_000
    /// How long the terminal may take to answer what it can, in nanoseconds.
    private static let questionTime: Int64 = 2_000_000_000

    /// How long a signal may come after the continuation it came with, in nanoseconds.
    private static let lateSignal: Int64 = 500_000_000

    func enter(isFirst: Bool = false) {
        isOurs = true
        system_output_divert(log)
        system_terminal_raw()
        parser.eraseByte = system_terminal_erase_byte()
        output.append(modes.enter.utf8)
        if let title, modes.isModern { output.append(TerminalCommand.title(title)) }
        if isFirst && modes.isModern {
            output.append(Modes.questions.utf8)
            questionsEnd = system_now() + Self.questionTime
        }
        screen.driver.encoder.forget()
        if !isFirst { resize() }
        redraw()
    }

    /// Modes off, what is still coming read, then line settings back: late reports must not be
    /// echoed.
    func leave() {
        guard isOurs else { return }
        isOurs = false
        output.flush()
        output.discard()
        system_terminal_restore_modes()
        if modes.isModern && capabilities.isKnown && ending != .closed { readFarewell() }
        system_terminal_restore()
        system_output_return()
    }

    /// Reads until the terminal answers a last question: it has seen that its modes are off.
    private func readFarewell() {
        output.append(Modes.lastQuestion.utf8)
        output.flush()
        if output.isBusy { return output.discard() }
        var reader = InputParser()
        let end = system_now() + Self.farewell
        var signs = signsDue + 1
        signsDue = 0
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let patience = end - system_now()
            guard patience > 0 else { return }
            let events = system_wait(descriptor, -1, 0, patience)
            guard events & Int32(SYSTEM_READABLE) != 0 else {
                if events == 0 { continue }
                return
            }
            let count = read(descriptor, &bytes, bytes.count)
            guard count > 0 else { return }
            for case .reply(.deviceAttributes) in reader.feed(Array(bytes[..<count]), at: 0) {
                signs -= 1
                if signs == 0 { return }
            }
        }
    }

    /// Stops the program as Ctrl+Z does, and comes back when it continues.
    package func suspend() {
        leave()
        system_stop_self()
        comeBack()
    }

    /// Gives the terminal to something else, such as an editor, while `body` runs on this thread.
    package func lend<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        leave()
        system_signals_yield(1)
        defer {
            system_signals_yield(0)
            comeBack()
        }
        return try body()
    }

    private func comeBack() {
        // Continued in the background, which `kill` does to a stopped job: its signal may come a
        // moment later.
        let end = system_now() + Self.lateSignal
        while system_terminal_is_foreground(descriptor) == 0, system_signals_is_terminated() == 0,
            system_now() < end
        {
            // Not woken by what else there is to do meanwhile.
            _ = system_wait(-1, -1, 0, Self.lateSignal / 100)
        }
        // Killed while stopped: the terminal is the shell's now and stays so.
        if system_signals_take() & Int32(SYSTEM_TERMINATED) != 0 {
            ending = .signal(system_signals_last())
            return
        }
        enter()
        client.cameBack(on: self)
    }

    // MARK: - Answers

    func note(_ reply: TerminalReply) {
        switch reply {
        case .mode(2026, let state): capabilities.isSynchronized = state == 1 || state == 2
        case .mode(69, let state): capabilities.hasMargins = state == 1 || state == 2
        case .mode, .darkColours, .other: break
        case .keyboard:
            guard !modes.usesKeyboardProtocol else { break }
            capabilities.tellsKeysApart = true
            modes.usesKeyboardProtocol = true
            output.append(Modes.keyboardOn.utf8)
        case .background(let red, let green, let blue):
            capabilities.background = .rgb(red, green, blue)
        case .version(let version): capabilities.version = version
        case .deviceAttributes:
            capabilities.isKnown = true
            signsDue = max(0, signsDue - 1)
            endQuestions()
        }
    }

    func endQuestions() {
        guard questionsEnd != nil else { return }
        questionsEnd = nil
        // Who knows synchronized updates says so.
        if capabilities.isKnown {
            screen.driver.encoder.isSynchronized = capabilities.isSynchronized ?? false
        }
    }

    // MARK: - Commands

    /// Names the window: control characters left out, at most 80 cells.
    package func setTitle(_ text: String) {
        guard text != title else { return }
        title = text
        if modes.isModern { output.append(TerminalCommand.title(text)) }
    }

    /// Puts text on the clipboard through the terminal (OSC 52); false when it is too long or the
    /// terminal cannot. Whether it really did is not known: many terminals ask for permission or
    /// refuse.
    @discardableResult
    package func copy(_ text: String) -> Bool {
        guard modes.isModern, let bytes = TerminalCommand.copy(text) else { return false }
        output.append(bytes)
        return true
    }

    /// Rings.
    package func ring() {
        output.append([0x07])
    }

    /// Turns mouse reports on or off, so that the terminal's own selection works.
    package func setMouse(_ on: Bool) {
        guard modes.isModern, on != modes.usesMouse else { return }
        modes.usesMouse = on
        output.append(Modes.mouse(on).utf8)
    }

    /// Asks the terminal for a sign, which comes as `.reply(.deviceAttributes)` once it has shown
    /// what it got before: what was typed until then comes first. False where it gives none.
    package func askForSign() -> Bool {
        guard modes.isModern, capabilities.isKnown else { return false }
        signsDue += 1
        output.append(Modes.lastQuestion.utf8)
        return true
    }

    /// Whether the mouse is reported.
    package var usesMouse: Bool { modes.usesMouse }
}
