import TestSupport
import Testing

extension ConsoleProgramTests {
    @Suite("A form for a call's output") struct FormProgramTests {
        @Test("is filled in, and its object goes to the model", arguments: ScreenSize.allCases)
        func fill(size: ScreenSize) async throws {
            let home = try ProgramHome()
            try home.configure(
                """
                model:
                  discovery: false
                functions:
                  measure:
                    output-schema:
                      properties:
                        celsius: {type: number, description: The temperature}
                        sky: {type: string, enum: [clear, rain]}
                        note: {type: string}
                      required: [celsius, sky]
                """)
            let tools = try home.write(
                """
                [{"type":"function","function":{"name":"measure","parameters":{"type":"object",
                "properties":{"room":{"type":"string"}},"required":["room"]}}}]
                """, to: "tools.json")
            let made = try await home.run(
                "assistants", "create", "--name", "Meter", "--tools", tools)
            #expect(made.status == 0, "\(made)")
            let chat = try ScriptedChat { question in
                question.messages.last?.hasPrefix("user: ") == true
                    ? .stream(.call("measure", #"{"room":"attic"}"#), .chatEnd("tool_calls"))
                    : .chat("Noted.")
            }
            let sitting = try await Sitting.open(
                home, ["--assistant", "Meter"], chat: chat, size: size)
            await sitting.say("How warm is it?")
            await sitting.sees("waits for an answer")
            sitting.terminal.press(.function(4))
            await sitting.sees("a number, required")
            #expect(sitting.shows("attic"))
            sitting.terminal.send("warm\u{9}")
            await sitting.sees("This should be a number, such as 3.5.")
            sitting.terminal.send("\u{1B}[Z\u{15}21.5\u{9}r\u{9}")
            await sitting.sees("[rain]")
            // The first half second takes no Enter.
            for _ in 1...100 where sitting.shows("What did it give back?") {
                sitting.terminal.send("\r")
                _ = await sitting.terminal.wait(seconds: 0.1) { _ in
                    !sitting.shows("What did it give back?")
                }
            }
            await sitting.sees("Noted.")
            let output = #"tool: {"celsius":21.5,"sky":"rain"}"#
            #expect(chat.questions.last?.messages.contains(output) == true)
            await sitting.leave()
        }
    }
}
