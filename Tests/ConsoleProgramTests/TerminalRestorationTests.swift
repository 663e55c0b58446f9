import Glibc
import TestSupport
import Testing

extension ConsoleProgramTests {
    @Suite("The terminal is as before") struct TerminalRestorationTests {
        @Test(
            "after leaving by keys",
            arguments: [["\u{3}", "\u{3}"], ["\u{4}", "\u{4}"], ["\u{18}", "\u{3}"]])
        func leaving(keys: [String]) async throws {
            let sitting = try await Sitting.open()
            sitting.terminal.send(keys[0])
            if keys[0] == keys[1] { await sitting.sees("again leaves the program") }
            #expect(sitting.terminal.waitStatus == nil)
            sitting.terminal.send(keys[1])
            #expect(await sitting.terminal.waitForEnd() == 0)
            sitting.expectRestored()
        }

        @Test(
            "after a signal, of which the program then dies", arguments: [SIGTERM, SIGHUP, SIGINT])
        func signal(number: Int32) async throws {
            let sitting = try await Sitting.open()
            sitting.terminal.signal(number)
            #expect(await sitting.terminal.waitForEnd() == -number)
            sitting.expectRestored()
        }

        @Test(
            "after a signal while an answer comes, and its text is kept",
            arguments: [SIGTERM, SIGHUP])
        func signalInRun(number: Int32) async throws {
            let count = Counter()
            let chat = try ScriptedChat { _ in
                count.next() == 1
                    ? .stream(.delta("Once upon"), .silence) : .chat("There was a king.")
            }
            let home = try ProgramHome()
            let sitting = try await Sitting.open(home, chat: chat)
            await sitting.say("A story")
            await sitting.sees("Once upon")
            sitting.terminal.signal(number)
            #expect(await sitting.terminal.waitForEnd() == -number)
            sitting.expectRestored()
            let second = try await Sitting.open(home, chat: chat)
            await second.sees("Once upon")
            await second.sees("interrupted")
            await second.sees("  There was a king.")
            #expect(!second.shows("failed"), "\(second.terminal.picture)")
            await second.sees("that nothing runs") { !$0.isRunning }
            await second.leave()
        }

        @Test("after a crash", arguments: [SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGTRAP, SIGFPE])
        func crash(number: Int32) async throws {
            let sitting = try await Sitting.open()
            sitting.terminal.signal(number)
            #expect(await sitting.terminal.waitForEnd() == -number)
            sitting.expectRestored()
        }

        @Test("and the program ends when the terminal is closed, with text kept")
        func hangUp() async throws {
            let chat = try ScriptedChat { _ in .stream(.delta("Once upon"), .silence) }
            let home = try ProgramHome()
            let sitting = try await Sitting.open(home, chat: chat)
            await sitting.say("A story")
            await sitting.sees("Once upon")
            sitting.terminal.hangUp()
            let ending = await sitting.terminal.waitForEnd()
            #expect(ending == -SIGHUP || ending == 0, "\(ending as Any)")
            let second = try await Sitting.open(home, chat: chat)
            await second.sees("Once upon")
            await second.leave()
        }

        @Test("while the program is stopped by ^Z; fg brings it back, a signal ends it there")
        func suspension() async throws {
            let home = try ProgramHome()
            let terminal = try PseudoTerminal(
                "/bin/bash", ["--norc", "-i"],
                environment: home.environment.merging(["PS1": "prompt> "]) { $1 })
            #expect(await terminal.wait(for: "prompt>"))
            terminal.send(ProgramHome.program + "\r")
            #expect(await terminal.wait(seconds: 60) { $0.lines.last?.contains("help") == true })
            terminal.send("my draft")
            #expect(await terminal.wait(for: "› my draft"))
            // The shell's own line editor has bracketed paste on.
            for time in 1...2 {
                terminal.send("\u{1A}")
                #expect(
                    await terminal.wait {
                        $0.outputText.occurrences(of: "Stopped") == time
                            && $0.line($0.cursor.row) == "prompt>"
                    }, "\(terminal.picture)")
                #expect(terminal.openModes.allSatisfy { $0 == "?2004" })
                terminal.send("stty -a | tr ' ' '\\n' | grep icanon\r")
                #expect(await terminal.wait { $0.lines.contains("icanon") })
                terminal.send("clear; fg\r")
                #expect(
                    await terminal.wait {
                        $0.modes.hasAlternateScreen
                            && $0.lines.contains { $0.hasSuffix("› my draft") }
                    }, "\(terminal.picture)")
            }
            terminal.send("\u{1A}")
            #expect(await terminal.wait { $0.line($0.cursor.row) == "prompt>" })
            terminal.send("kill %1; wait %1; echo status $?\r")
            #expect(await terminal.wait(for: "status 143"), "\(terminal.picture)")
            #expect(terminal.openModes.allSatisfy { $0 == "?2004" })
            terminal.send("exit\r")
            #expect(await terminal.waitForEnd() != nil)
        }
    }
}

extension Sitting {
    /// Expects every mode and setting of the terminal as it was before the program.
    func expectRestored(_ location: SourceLocation = #_sourceLocation) {
        #expect(terminal.hasSettingsBack, sourceLocation: location)
        #expect(terminal.openModes == [], sourceLocation: location)
        #expect(!terminal.modes.hasAlternateScreen, sourceLocation: location)
        #expect(terminal.modes.mouse == 0, sourceLocation: location)
        #expect(terminal.modes.isCursorVisible, sourceLocation: location)
        #expect(terminal.outputText.occurrences(of: "\u{1B}[?1049l") == 1, sourceLocation: location)
    }
}

extension PseudoTerminal {
    /// Private modes that the program set and did not take back, and what else it left behind.
    var openModes: [String] {
        let text = outputText
        var open: Set<String> = []
        for match in text.matches(of: #/\x1B\[\?([0-9;]+)([hl])/#) {
            for mode in match.1.split(separator: ";") {
                // Wrapping and the cursor are on before any program.
                let isUsual = (match.2 == "h") == ["7", "25"].contains(mode)
                if isUsual { open.remove("?\(mode)") } else { open.insert("?\(mode)") }
            }
        }
        let pushes = text.matches(of: #/\x1B\[>\d+u/#).count
        if pushes > text.matches(of: #/\x1B\[<\d*u/#).count { open.insert("kitty keys") }
        let others = text.matches(of: #/\x1B\[>4(?:;(\d))?m/#).last
        if let level = others?.1, level != "0" { open.insert("other keys") }
        let keypad = text.matches(of: #/\x1B[=>]/#).last.map { String($0.0) }
        if keypad == "\u{1B}=" { open.insert("keypad") }
        return open.sorted()
    }
}

extension String {
    /// How often a text occurs in this one.
    func occurrences(of text: String) -> Int { ranges(of: text).count }
}
