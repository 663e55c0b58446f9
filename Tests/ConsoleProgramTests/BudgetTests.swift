import Foundation
import TestSupport
import Testing

extension ConsoleProgramTests {
    @Suite("What the console sends") struct BudgetTests {
        @Test("for a key is one write of fewer than 64 bytes", arguments: ScreenSize.allCases)
        func echo(size: ScreenSize) async throws {
            let sitting = try await Sitting.open(size: size)
            sitting.terminal.send("draft")
            await sitting.sees("› draft")
            _ = await sitting.terminal.quiet(seconds: 1)
            for key in ["x", "é", "世"] {
                let (bytes, reads) = (sitting.terminal.output.count, sitting.terminal.reads)
                sitting.terminal.send(key)
                await sitting.sees(key) { $0.inputRows.contains { $0.hasSuffix(key) } }
                #expect(await sitting.terminal.quiet(seconds: 0.2) == 0)
                #expect(sitting.terminal.output.count - bytes < 64)
                #expect(sitting.terminal.reads - reads == 1)
            }
            await sitting.leave()
        }

        @Test("in an idle second is nothing, and nobody wakes", arguments: [true, false])
        func idleness(afterAnswer: Bool) async throws {
            let chat = try ScriptedChat { _ in .chat("done") }
            let sitting = try await Sitting.open(chat: afterAnswer ? chat : nil)
            if afterAnswer { await sitting.ask("hi", sees: "  done") }
            // Until the last timers of the start and of the run have passed.
            var (bytes, before, after) = (-1, 0, -1)
            for _ in 1...20 where bytes != 0 || before != after {
                before = try sitting.wakeUps()
                bytes = await sitting.terminal.quiet(seconds: 1)
                after = try sitting.wakeUps()
            }
            #expect(bytes == 0)
            #expect(before == after)
            await sitting.leave()
        }

        @Test("for an answer over the full width is at most 6 bytes for each visible one")
        func streaming() async throws {
            let words = "the quick brown fox jumps over a lazy dog and then goes home, "
            let sentence = words.split(separator: " ").map { $0 + " " }
            let pieces = (1...200).flatMap { _ in sentence }
            let chat = try ScriptedChat { _ in
                .stream(
                    .delta("Now: "), .pause,
                    pieces.flatMap { [LoopbackServer.Step].delta(String($0)) }, .delta("finis"),
                    .pause, .chatEnd("stop"))
            }
            let sitting = try await Sitting.open(chat: chat, size: .wide)
            await sitting.say("Tell me.")
            await sitting.sees("Now:")
            let before = sitting.terminal.output.count
            chat.step()
            await sitting.sees("finis")
            let sent = sitting.terminal.output.count - before
            let visible = pieces.reduce(0) { $0 + $1.utf8.count }
            #expect(sent <= 6 * visible, "\(sent) bytes for \(visible)")
            chat.step()
            await sitting.sees("the end of the run") { !$0.isRunning }
            await sitting.leave()
        }

        @Test("never erases the screen but in the first frame, at ^L and after ^Z")
        func erasing() async throws {
            let chat = try ScriptedChat { _ in
                .stream(.lines(1...60), .chatEnd("stop"))
            }
            let sitting = try await Sitting.open(chat: chat)
            let before = sitting.terminal.erasures
            await sitting.ask("Count", sees: "line 60")
            for key in ["\u{1B}[5~", "\t", "z", "z", "\u{1B}", "\u{10}", "\u{1B}"] {
                sitting.terminal.send(key)
                _ = await sitting.terminal.quiet(seconds: 0.1)
            }
            #expect(sitting.terminal.erasures == before)
            sitting.terminal.send("\u{C}")
            await sitting.sees("that all was drawn again") { $0.terminal.erasures == before + 1 }
            await sitting.leave()
        }

        @Test("scrolls the pane under the mouse wheel", arguments: ScreenSize.allCases)
        func wheel(size: ScreenSize) async throws {
            let chat = try ScriptedChat { _ in
                .stream(.lines(1...60), .chatEnd("stop"))
            }
            let sitting = try await Sitting.open(chat: chat, size: size)
            await sitting.ask("Count", sees: "line 60")
            let rows = sitting.chatRows
            sitting.terminal.send("kept")
            await sitting.sees("› kept")
            for _ in 1...4 { sitting.terminal.turnWheel(up: true, row: 5, column: 10) }
            await sitting.sees("the rows before") { !$0.shows("line 60") }
            #expect(sitting.shows("› kept"))
            for _ in 1...6 { sitting.terminal.turnWheel(up: false, row: 5, column: 10) }
            await sitting.sees("the end again") { $0.chatRows == rows }
            await sitting.leave()
        }
    }

    @Suite("A large paste") struct PasteTests {
        /// Text of so many bytes at least, with what shells and terminals make something of.
        private func text(bytes: Int) -> String {
            let line = "0123456789 abcdefghijklmnopqrstuvwxyz $' \\ \u{20AC}\n"
            return String(repeating: line, count: bytes / line.utf8.count + 1)
        }

        @Test(
            "of 10 MB is one chip and sends nothing; one that is too long is kept, and said to be"
        )
        func large() async throws {
            let chat = try ScriptedChat { _ in .chat("received") }
            let sitting = try await Sitting.open(chat: chat)
            let before = sitting.terminal.output.count
            sitting.terminal.paste(text(bytes: 10_000_000).replacing("\n", with: "\r"))
            await sitting.sees("the chip") { $0.inputRows.contains { $0.contains("10 MB") } }
            #expect(await sitting.terminal.quiet(seconds: 0.3) == 0)
            #expect(sitting.terminal.output.count - before < 4_000)
            #expect(chat.questions.isEmpty && !sitting.isRunning)
            sitting.terminal.send("\r")
            await sitting.sees("not sent")
            await sitting.sees("the chip") { $0.inputRows.contains { $0.contains("10 MB") } }
            #expect(chat.questions.isEmpty)
            sitting.terminal.send("\u{7F}")
            await sitting.ask("hi", sees: "  received")
            await sitting.leave()
        }

        @Test("of 200 kB is sent byte for byte") func whole() async throws {
            let chat = try ScriptedChat { _ in .chat("received") }
            let sitting = try await Sitting.open(chat: chat)
            let text = text(bytes: 200_000)
            sitting.terminal.paste(text.replacing("\n", with: "\r"))
            await sitting.sees("the chip") { $0.inputRows.contains { $0.contains("200 kB") } }
            sitting.terminal.send("\r")
            await sitting.sees("  received")
            #expect(chat.questions.map { $0.last == "user: " + text } == [true])
            await sitting.leave()
        }
    }
}

extension Sitting {
    /// How often the program's threads have gone to sleep so far.
    fileprivate func wakeUps() throws -> Int {
        let folder = "/proc/\(terminal.processID)/task"
        return try FileManager.default.contentsOfDirectory(atPath: folder).reduce(0) { sum, task in
            // A thread may end while we look.
            let status = try? String(contentsOfFile: "\(folder)/\(task)/status", encoding: .utf8)
            let lines = status?.split(separator: "\n") ?? []
            // Dispatch looks after its own threads once a second; that thread runs nothing of ours.
            if lines.first?.hasSuffix("-qos.overcommit") == true { return sum }
            let line = lines.first { $0.hasPrefix("voluntary_ctxt") }
            return sum + (line?.split(separator: "\t").last.flatMap { Int($0) } ?? 0)
        }
    }
}

extension PseudoTerminal {
    /// How often the whole screen was erased.
    fileprivate var erasures: Int {
        outputText.matches(of: #/\x1B\[[23]J|\x1B\[(?:H|1;1H)\x1B\[0?J|\x1Bc/#).count
    }
}
