import TestSupport
import Testing
import Wire

extension ConsoleProgramTests {
    @Suite(
        "A conversation with llama.cpp",
        .enabled(if: Peers.isPresent, "run Tests/Peers/prepare"))
    struct ModelServerConversationTests {
        /// What the scripted model says to anything.
        private static let hello = "Hello! I am a tiny scripted model."

        @Test(
            "goes through text, tool calls, thoughts and a long answer",
            arguments: ScreenSize.allCases)
        func conversation(size: ScreenSize) async throws {
            let server = try await ModelServer.start()
            let home = try ProgramHome()
            try await home.createAssistant("Forecaster", tools: ["get_weather", "get_time"])
            let sitting = try await Sitting.open(
                home, ["--model-url", server.baseURL, "--assistant", "Forecaster"], size: size)
            await sitting.ask("hi", sees: Self.hello)

            await sitting.say("the weather please")
            await sitting.sees("waits for you")
            await sitting.answerCall(with: "sunny")
            await sitting.sees("that is the final answer.")
            await sitting.sees("the end of the run") { !$0.isRunning }

            await sitting.say("two of them")
            await sitting.sees("waits for you")
            sitting.terminal.press(.function(4))
            await sitting.sees("1 of 2")
            sitting.terminal.send("one")
            await sitting.sees("› one")
            sitting.terminal.send("\t")
            await sitting.sees("2 of 2")
            await answerRest(sitting)

            await sitting.say("plan it")
            await sitting.sees("thought · ")
            await sitting.sees("the end of the run") { !$0.isRunning }
            await sitting.say("something long")
            await sitting.sees("word20")
            await sitting.sees("the end of the run") { !$0.isRunning }
            #expect(!sitting.shows("failed"), "\(sitting.terminal.picture)")
            sitting.terminal.send("\u{1B}[1;5H")  // ^Home
            await sitting.sees("  hi")
            await sitting.leave()
            server.stop()
        }

        @Test("has commands answer its calls, both at once, after each was asked about")
        func commands() async throws {
            let server = try await ModelServer.start()
            let home = try ProgramHome()
            // Each says what it is, and waits for the other: one alone would never end.
            let script =
                #"input=$(cat); case "$input" in *Rome*) set -- rome oslo;; *) set -- oslo rome;; "#
                + #"esac; touch "$0/$1"; while [ ! -e "$0/$2" ]; do sleep 0.02; done; echo $1"#
            let words = JSONValue.array(["sh", "-c", .string(script), .string(home.path)]).text
            try home.configure(
                "model:\n  discovery: false\nfunctions:\n  get_weather:\n    command: \(words)")
            try await home.createAssistant("Forecaster", tools: ["get_weather"])
            let sitting = try await Sitting.open(
                home, ["--model-url", server.baseURL, "--assistant", "Forecaster"])
            await sitting.say("two of them")
            for number in 1...2 {
                await sitting.sees("\(number) of 2 ─")
                await sitting.readQuestion()
                await sitting.pressUntilTaken("y", sees: "\(number) of 2 ─")
            }
            await sitting.sees("that is the final answer.")
            await sitting.leave()
            server.stop()
        }

        /// Types the second output; Enter counts from half a second after the card opened.
        private func answerRest(_ sitting: Sitting) async {
            sitting.terminal.send("two")
            await sitting.sees("› two")
            for _ in 1...100 {
                sitting.terminal.send("\r")
                if await sitting.terminal.wait(
                    seconds: 0.1, until: { _ in !sitting.shows("2 of 2") })
                {
                    break
                }
            }
            await sitting.sees("the end of the run") {
                !$0.isRunning && $0.shows("that is the final answer.")
            }
        }

        @Test(
            "says in one line that a question is too long, and goes on",
            arguments: ScreenSize.allCases)
        func overflow(size: ScreenSize) async throws {
            let server = try await ModelServer.start(context: 256, parallel: 1)
            let sitting = try await Sitting.open(
                nil, ["--model-url", server.baseURL], size: size)
            sitting.terminal.paste(String(repeating: "word1 word2 word3 ", count: 300))
            await sitting.sees("the paste") { $0.inputRows.contains { $0.contains("kB") } }
            sitting.terminal.send("\r")
            await sitting.sees("failed: ")
            await sitting.sees("256")
            sitting.terminal.send("\u{18}c")
            await sitting.sees("new thread")
            await sitting.ask("hi", sees: Self.hello)
            await sitting.leave()
            server.stop()
        }
    }
}
