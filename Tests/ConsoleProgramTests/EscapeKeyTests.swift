import TestSupport
import Testing

extension ConsoleProgramTests {
    @Suite("Esc") struct EscapeKeyTests {
        private func endless() throws -> ScriptedChat {
            try ScriptedChat { _ in .stream(.delta("Once upon"), .silence) }
        }

        @Test("is not what an arrow key is whose bytes come 100 ms apart")
        func slowArrow() async throws {
            // A machine that is held up for longer than the pause proves nothing: then again.
            var proofs = 0
            for _ in 1...20 where proofs < 3 {
                let chat = try endless()
                let sitting = try await Sitting.open(chat: chat)
                await sitting.say("A story")
                await sitting.sees("Once upon")
                var longest = Duration.zero
                for byte in ["\u{1B}", "[", "A"] {
                    let start = ContinuousClock.now
                    sitting.terminal.send(byte)
                    if byte != "A" { await sitting.terminal.wait(seconds: 0.1) { _ in false } }
                    longest = max(longest, ContinuousClock.now - start)
                }
                // The arrow brings back the message that was sent before.
                await sitting.sees("› A story")
                if longest > .milliseconds(140) { continue }
                proofs += 1
                sitting.terminal.send("\u{1B}[B")
                await sitting.sees("the empty input line") { !$0.shows("› A story") }
                #expect(sitting.isRunning)
                #expect(!sitting.shows("stopped"))
                #expect(chat.questions.count == 1)
                sitting.terminal.press(.escape)
                await sitting.sees("stopped · ^X . continues")
            }
            #expect(proofs > 0)
        }

        @Test("closes the innermost open thing first, and stops the run last")
        func innermost() async throws {
            let sitting = try await Sitting.open(chat: endless())
            await sitting.say("A story")
            await sitting.sees("Once upon")
            sitting.terminal.send("\t")
            await sitting.sees("a pane's hints") { $0.statusLine.contains("back") }
            sitting.terminal.send("z")
            await sitting.sees("the pane alone") { !$0.shows("Run steps") }
            sitting.terminal.press(.function(2))
            await sitting.sees("the list") { $0.statusLine.contains("rename") }
            sitting.terminal.press(.function(1))
            await sitting.sees("Keys ")

            sitting.terminal.press(.escape)
            await sitting.sees("the list") { !$0.shows("Keys ") && $0.shows("rename") }
            sitting.terminal.press(.escape)
            await sitting.sees("the list closed") { !$0.statusLine.contains("rename") }
            #expect(!sitting.shows("Run steps"))
            sitting.terminal.press(.escape)
            await sitting.sees("Run steps")
            #expect(sitting.statusLine.contains("back"))
            sitting.terminal.press(.escape)
            await sitting.sees("the input line") { $0.statusLine.contains("Esc stop") }
            #expect(sitting.isRunning)
            sitting.terminal.press(.escape)
            await sitting.sees("stopped · ^X . continues")
            await sitting.leave()
        }

        @Test(
            "twice leaves a pane and stops the run, as two keys or as one",
            arguments: [["\u{1B}", "\u{1B}"], ["\u{1B}\u{1B}"]])
        func twiceInPane(keys: [String]) async throws {
            let sitting = try await Sitting.open(chat: endless())
            await sitting.say("A story")
            await sitting.sees("Once upon")
            sitting.terminal.send("\t")
            await sitting.sees("a pane's hints") { $0.statusLine.contains("back") }
            for (number, key) in keys.enumerated() {
                if number > 0 {
                    await sitting.sees("the input line") { !$0.statusLine.contains("back") }
                }
                sitting.terminal.send(key)
            }
            await sitting.sees("stopped · ^X . continues")
            #expect(sitting.shows("Once upon"))
            await sitting.leave()
        }

        @Test(
            "twice leaves a pane and nothing else where nothing runs",
            arguments: [["\u{1B}", "\u{1B}"], ["\u{1B}\u{1B}"]])
        func twiceAtRest(keys: [String]) async throws {
            let sitting = try await Sitting.open()
            sitting.terminal.send("kept\t")
            await sitting.sees("a pane's hints") { $0.statusLine.contains("back") }
            keys.forEach(sitting.terminal.send)
            await sitting.sees("the input line") { !$0.statusLine.contains("back") }
            sitting.terminal.send("!")
            await sitting.sees("› kept!")
            await sitting.leave()
        }
    }
}
