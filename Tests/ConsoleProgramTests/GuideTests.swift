import TestSupport
import Testing

extension ConsoleProgramTests {
    @Suite("Guide in the console") struct GuideTests {
        @Test(
            "answers from the manual: a search, an extract with its source, and steps",
            arguments: ScreenSize.allCases)
        func question(size: ScreenSize) async throws {
            let sitting = try await Sitting.open(size: size)
            await sitting.sees("Hello. I am the built-in guide")
            await sitting.sees("a language model.")
            await sitting.say("How do I rename a thread?")
            await sitting.sees("the end of the run") { !$0.isRunning && $0.shows("【1】") }
            await sitting.sees("threads.md")
            sitting.terminal.send("\u{1B}2")
            await sitting.sees("✓ file_search")
            sitting.terminal.send("\u{1B}3")
            await sitting.sees("the steps") {
                $0.terminal.lines.contains {
                    $0.contains("✓ file_search") || $0.contains("✓ search")
                }
                    && $0.terminal.lines.contains { $0.contains("✓ message") }
            }
            await sitting.leave()
        }

        @Test("says what it can when it is greeted") func greeting() async throws {
            let sitting = try await Sitting.open()
            await sitting.ask("hello", sees: "Where are my conversations kept?")
            #expect(sitting.chatRows.filter { $0.contains("•") }.count == 3)
            await sitting.leave()
        }
    }
}
