import TestSupport
import Testing

extension ConsoleProgramTests {
    @Suite(
        "A conversation in which code runs",
        .enabled(if: Peers.isPresent, "run Tests/Peers/prepare"),
        .enabled(if: SandboxPresence.isPresent, "bubblewrap and python3 are needed"))
    struct CodeConversationTests {
        private static let closing = "that is the final answer."

        /// Asks a question on a new thread, in a console of its own, and waits for the run's end.
        private func asked(
            _ question: String, sees answer: String, size: ScreenSize = .usual
        ) async throws -> Sitting {
            let server = try await ModelServer.start()
            let home = try ProgramHome()
            try await home.createAssistant("Coder", kinds: ["code_interpreter"])
            let sitting = try await Sitting.open(
                home, ["--model-url", server.baseURL, "--assistant", "Coder"], size: size)
            await sitting.ask(question, sees: answer)
            server.stop()
            return sitting
        }

        /// The one file that code made and the program kept: its name and its bytes.
        private func file(_ sitting: Sitting) async throws -> (name: String, bytes: [UInt8]) {
            await sitting.leave()
            let listed = try await sitting.home.run("files", "--purpose", "assistants_output")
            let fields = try #require(listed.lines.first).split(separator: "\t").map(String.init)
            #expect(listed.lines.count == 1)
            let got = try await sitting.home.run("files", "get", fields[0], "--out", "-")
            return (fields.last ?? "", got.outputBytes)
        }

        @Test(
            "shows the code and what it printed",
            arguments: ScreenSize.allCases.filter(\.hasBand))
        func compute(size: ScreenSize) async throws {
            let sitting = try await asked("compute", sees: Self.closing, size: size)
            #expect(sitting.shows("print(sum(range(10)))"), "\(sitting.terminal.picture)")
            #expect(
                sitting.terminal.lines.contains {
                    $0.prefix { $0 != "│" }.allSatisfy { " 45".contains($0) } && $0.contains("45")
                }, "\(sitting.terminal.picture)")
            await sitting.leave()
        }

        @Test(
            "shows what code prints while it runs, tick by tick",
            arguments: ScreenSize.allCases.filter(\.hasBand))
        func count(size: ScreenSize) async throws {
            let sitting = try await asked("count", sees: Self.closing, size: size)
            let frames = sitting.terminal.frames(rows: size.rows, columns: size.columns)
            let ticks = frames.map { lines in
                (0..<5).filter { tick in lines.contains { $0.contains("tick \(tick)") } }
            }
            // A busy machine may take two into one frame, but never all.
            let running = ticks.prefix { $0.last != 4 }.compactMap(\.last)
            #expect(!running.isEmpty && running == running.sorted(), "\(ticks)")
            #expect(ticks.contains { $0.last == 4 }, "\(ticks)")
            await sitting.leave()
        }

        @Test("hands over a file of the code, byte for byte") func chart() async throws {
            let sitting = try await asked("chart", sees: "Your chart is ready: Download")
            let file = try await file(sitting)
            #expect(file.name == "chart.csv")
            #expect(file.bytes == Array("North,9.2\nSouth,21.4\n".utf8))
        }

        @Test("keeps a picture of the code, which its answer shows") func plot() async throws {
            let sitting = try await asked("plot", sees: Self.closing)
            let file = try await file(sitting)
            #expect(file.name.hasSuffix(".png") && file.bytes.starts(with: [0x89, 0x50, 0x4E]))
        }
    }
}

extension PseudoTerminal {
    /// What the program drew, frame by frame: the rows of the screen at the end of each.
    fileprivate func frames(rows: Int, columns: Int) -> [[String]] {
        let end = Array("\u{1B}[?2026l".utf8)
        let screen = EmulatedScreen(rows: rows, columns: columns)
        var frames: [[String]] = []
        var start = 0
        for place in output.indices.dropLast(end.count - 1)
        where output[place] == end[0] && output[place..<(place + end.count)].elementsEqual(end) {
            screen.feed(output[start..<place])
            _ = screen.takeReply()
            frames.append(screen.lines)
            start = place
        }
        return frames
    }
}
