import TestSupport
import Testing

extension ConsoleProgramTests {
    @Suite("A start that cannot be") struct StartFaultTests {
        /// Starts the console where it must refuse, and gives what it says.
        private func refusal(
            _ home: ProgramHome, _ arguments: [String] = [], environment: [String: String] = [:],
            status: Int32 = 1, _ location: SourceLocation = #_sourceLocation
        ) async throws -> String {
            let sitting = try Sitting(home, arguments, columns: 200, environment: environment)
            let ending = await sitting.terminal.waitForEnd(seconds: 60)
            let text = sitting.terminal.outputText
            #expect(ending == status, "\(text)", sourceLocation: location)
            #expect(!text.contains("\u{1B}"), sourceLocation: location)
            return text
        }

        @Test("for a broken configuration names file and line")
        func configuration() async throws {
            let home = try ProgramHome()
            try home.configure("model:\n  discovery: false\ncolour: red\n")
            let text = try await refusal(home)
            #expect(text.contains("config.yaml:3"), "\(text)")
            #expect(text.contains("colour"))
            try home.configure("model: [")
            #expect(try await refusal(home).contains("config.yaml:"))
            try home.configure("keys:\n  bind:\n    thread-new: C-Nothing\n")
            let keys = try await refusal(home)
            #expect(keys.contains("C-Nothing") && keys.contains("config.yaml:3"), "\(keys)")
        }

        @Test("for a theme that is not there, or broken, names it")
        func theme() async throws {
            let home = try ProgramHome()
            #expect(try await refusal(home, ["--theme", "nowhere"]).contains("nowhere"))
            let path = try home.write("name: mine\nroles:\n  chat.user: [pinkish\n", to: "t.yaml")
            let text = try await refusal(home, ["--theme", path])
            #expect(text.contains("t.yaml:"), "\(text)")
        }

        @Test(
            "on a terminal that can do nothing says so",
            arguments: ["dumb", "", "no-such-terminal"])
        func terminal(type: String) async throws {
            let text = try await refusal(ProgramHome(), environment: ["TERM": type])
            #expect(text.contains("TERM") || text.contains("terminal"), "\(text)")
        }

        @Test("in a locale without UTF-8 says which to set", arguments: ["C", "POSIX", "de_DE"])
        func locale(name: String) async throws {
            let text = try await refusal(ProgramHome(), environment: ["LC_ALL": name])
            #expect(text.contains("LC_ALL=C.UTF-8"), "\(text)")
        }

        @Test("on no terminal says so") func pipe() async throws {
            let result = try await ProgramHome().run()
            #expect(result.status == 1)
            #expect(result.output == "")
            #expect(result.errors.contains("terminal"), "\(result)")
        }
    }

    @Suite("The console") struct SurroundingsTests {
        @Test("draws nothing but ASCII where that is set") func ascii() async throws {
            let chat = try ScriptedChat { _ in .chat("- one\n\n> quoted") }
            let home = try ProgramHome()
            try home.configure("model:\n  discovery: false\nascii: true\n")
            let sitting = try await Sitting.open(home, chat: chat)
            sitting.terminal.send("hi\r")
            await sitting.sees("quoted")
            await sitting.sees("the end of the run") { !$0.isRunning }
            for key in ["\t", "\t", "\t", "\t", "\u{1B}OQ", "\u{1B}", "\u{1B}OR", "\u{1B}"] {
                sitting.terminal.send(key)
                _ = await sitting.terminal.quiet(seconds: 0.1)
            }
            #expect(!sitting.terminal.output.contains { $0 >= 0x80 })
            sitting.terminal.send("\u{10}")
            await sitting.sees("All commands")
            #expect(!sitting.terminal.output.contains { $0 >= 0x80 })
            sitting.terminal.send("\u{1B}")
            await sitting.sees("the palette closed") { !$0.shows("All commands") }
            await sitting.leave()
        }

        @Test(
            "works on other terminals",
            arguments: [
                "screen", "tmux-256color", "linux", "vt100", "xterm", "screen-256color",
            ])
        func terminals(type: String) async throws {
            let chat = try ScriptedChat { _ in .chat("**bold** answer") }
            let sitting = try await Sitting.open(chat: chat, environment: ["TERM": type])
            await sitting.ask("hi", sees: "  bold answer")
            await sitting.leave()
            #expect(sitting.terminal.hasSettingsBack)
        }

        @Test("has true colours where there are, and none with NO_COLOR") func colours()
            async throws
        {
            let chat = try ScriptedChat { _ in .chat("# Title\n\n`code`") }
            let colourful = try await Sitting.open(
                chat: chat, environment: ["COLORTERM": "truecolor"])
            await colourful.ask("hi", sees: "code")
            #expect(
                colourful.terminal.outputText.contains("\u{1B}[38;2;")
                    || colourful.terminal.outputText.contains(";38;2;"))
            await colourful.leave()
            let plain = try await Sitting.open(chat: chat, environment: ["NO_COLOR": "1"])
            await plain.ask("hi", sees: "code")
            let colour = plain.terminal.outputText.firstMatch(
                of: #/\x1B\[[0-9;:]*[34][0-8][0-9;:]*m/#)
            #expect(colour == nil, "\(colour.map { String($0.0.dropFirst()) } ?? "")")
            await plain.leave()
        }

        @Test(
            "opens and works at the smallest sizes", arguments: [(5, 20), (3, 10), (1, 1), (6, 30)])
        func smallest(rows: Int, columns: Int) async throws {
            let chat = try ScriptedChat { _ in .chat("fine") }
            let sitting = try Sitting(
                ProgramHome(), chat: chat, rows: rows, columns: columns)
            await sitting.terminal.wait { !$0.output.isEmpty }
            sitting.terminal.send("hi")
            // What is too small to say that all is there takes Enter when it is.
            for _ in 1...100 where chat.questions.isEmpty {
                sitting.terminal.send("\r")
                await sitting.terminal.wait(seconds: 0.1) { _ in !chat.questions.isEmpty }
            }
            sitting.terminal.resize(rows: 24, columns: 80)
            await sitting.sees("  fine")
            await sitting.leave()
        }

        @Test("survives any resizing, after which the screen equals a fresh draw")
        func resizing() async throws {
            let chat = try ScriptedChat { _ in
                .stream(
                    .lines(1...40, words: " \u{4E16}\u{754C} words"), .pause,
                    .lines(41...60, words: " words"), .chatEnd("stop"))
            }
            var random = SeededGenerator(seed: 7)
            let sitting = try await Sitting.open(chat: chat)
            await sitting.say("Count")
            await sitting.sees("line 40")
            for turn in 1...40 {
                if turn == 20 { chat.step() }
                if turn == 10 { sitting.terminal.press(.pageUp) }
                sitting.terminal.resize(
                    rows: Int.random(in: 1...60, using: &random),
                    columns: Int.random(in: 1...180, using: &random))
                if turn.isMultiple(of: 3) { _ = await sitting.terminal.quiet(seconds: 0.05) }
            }
            for size in [(40, 120), (24, 80), (15, 60), (33, 101)] {
                sitting.terminal.resize(rows: size.0, columns: size.1)
                await sitting.sees("the end of the run") { $0.isReady && !$0.isRunning }
                _ = await sitting.terminal.quiet(seconds: 0.5)
                let lines = sitting.terminal.lines
                let start = sitting.terminal.output.count
                sitting.terminal.send("\u{C}")
                await sitting.sees("a fresh draw") { $0.terminal.output.count > start + 500 }
                _ = await sitting.terminal.quiet(seconds: 0.5)
                #expect(sitting.terminal.lines == lines, "at \(size)")
            }
            await sitting.leave()
        }
    }
}
