import TestSupport
import Testing

extension ConsoleProgramTests {
    @Suite("Speaking", .timeLimit(.minutes(5))) struct SpeakingProgramTests {
        private static let key = ["ELEVENLABS_API_KEY": "k"]

        private static func home(_ voice: ScriptedVoice, _ more: String = "") throws -> ProgramHome
        {
            let home = try ProgramHome()
            let script = try home.write("cat >> \"$1\"\n", to: "player")
            try home.configure(
                "model:\n  discovery: false\nspeech:\n  url: \(voice.url)\n"
                    + "  player: sh \(script) \(home.path)/heard\n" + more)
            return home
        }

        @Test(
            "begins while the answer is still being written, and goes on with it",
            arguments: ScreenSize.allCases)
        func whileWritten(size: ScreenSize) async throws {
            let voice = try ScriptedVoice()
            let home = try Self.home(voice)
            let chat = try ScriptedChat { _ in
                .stream(
                    .delta("This is the **first** sentence. Th"), .pause,
                    .delta("e second one is the last of it."), .chatEnd("stop"))
            }
            let sitting = try await Sitting.open(
                home, chat: chat, rows: size.rows, columns: size.columns, environment: Self.key)
            sitting.terminal.send("\u{18}S")
            await sitting.sees("New answers are spoken")
            await sitting.say("Speak")
            await sitting.sees("speaking")
            // The sound of the first sentence is asked for before the last delta is written.
            await voice.waitForRequests()
            #expect(voice.texts == ["This is the first sentence."])
            #expect(sitting.isRunning && !sitting.shows("second one"))
            chat.step()
            await sitting.sees("the end of speaking") { !$0.statusLine.contains("speaking") }
            await sitting.sees("the end of the run") { !$0.isRunning }
            let texts = ["This is the first sentence.", "The second one is the last of it."]
            #expect(voice.texts == texts)
            #expect(try home.files()["heard"] == texts.flatMap(ScriptedVoice.sound))
            await sitting.leave()
        }

        @Test("speaks the last answer by key, and is silent by another")
        func byKey() async throws {
            let voice = try ScriptedVoice()
            let home = try Self.home(voice, "  voice: endless\n")
            let chat = try ScriptedChat { _ in .chat("It goes on for ever.") }
            let sitting = try await Sitting.open(home, chat: chat, environment: Self.key)
            await sitting.ask("Speak", sees: "It goes on for ever.")
            sitting.terminal.send("\u{18}s")
            await sitting.sees("F8 silence")
            await voice.waitForRequests()
            sitting.terminal.press(.function(8))
            for await event in voice.server.events where event == .closedByClient { break }
            await sitting.sees("silence") { !$0.statusLine.contains("speaking") }
            sitting.terminal.send("\u{18}s")
            await sitting.sees("F8 silence")
            // Leaving ends the player and the connection too.
            await sitting.leave()
            for await event in voice.server.events where event == .closedByClient { break }
        }

        @Test(
            "says in the status line why it does not speak",
            arguments: [
                ([:], "", "export ELEVENLABS_API_KEY"),
                (["ELEVENLABS_API_KEY": "bad"], "", "does not know the key"),
                (["ELEVENLABS_API_KEY": "poor"], "", "characters are used up"),
                (key, "  voice: nobody\n", "There is no such voice"),
                (key, "  voice: busy\n", "Too many texts"),
            ] as [([String: String], String, String)])
        func failures(environment: [String: String], more: String, says: String) async throws {
            let voice = try ScriptedVoice()
            let home = try Self.home(voice, more)
            let chat = try ScriptedChat { _ in .chat("An answer to be spoken.") }
            let sitting = try await Sitting.open(home, chat: chat, environment: environment)
            await sitting.ask("Speak", sees: "An answer to be spoken.")
            sitting.terminal.send("\u{18}s")
            await sitting.sees(says)
            #expect(!sitting.statusLine.contains("speaking"))
            await sitting.leave()
        }
    }
}
