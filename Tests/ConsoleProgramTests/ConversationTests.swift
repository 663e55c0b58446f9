import TestSupport
import Testing

extension ConsoleProgramTests {
    @Suite("A conversation") struct ConversationTests {
        @Test(
            "streams piece by piece, and moves nothing the reader has scrolled to",
            arguments: ScreenSize.allCases)
        func streaming(size: ScreenSize) async throws {
            let chat = try ScriptedChat { _ in
                .stream(
                    .delta("Alpha "), .pause, .delta("beta.\n\n"), .pause, .lines(1...60), .pause,
                    .lines(61...99), .delta("the end"), .chatEnd("stop"))
            }
            let sitting = try await Sitting.open(chat: chat, size: size)
            await sitting.say("Tell me.")
            await sitting.sees("Alpha")
            #expect(sitting.shows("  Tell me.") && !sitting.shows("beta"))
            #expect(sitting.isRunning)
            chat.step()
            await sitting.sees("Alpha beta.")
            chat.step()
            await sitting.sees("line 60")

            sitting.terminal.press(.pageUp)
            await sitting.sees("the page before") { !$0.shows("line 60") }
            let rows = sitting.chatRows
            chat.step()
            var moves: [[String]] = []
            await sitting.sees("the end of the run") {
                if $0.chatRows != rows { moves.append($0.chatRows) }
                return !$0.isRunning
            }
            #expect(moves.isEmpty, "from \(rows)")
            sitting.terminal.send("\u{1B}[1;5F")  // ^End
            await sitting.sees("  the end")
            await sitting.leave()
        }

        @Test(
            "stops with Esc, keeps the text, and is continued by key",
            arguments: [(ScreenSize.wide, "\u{18}."), (.usual, "\t."), (.small, "\u{18}.")])
        func stopping(size: ScreenSize, continuing: String) async throws {
            let chat = try ScriptedChat { question in
                question.last.hasPrefix("assistant: ")
                    ? .chat("a time.") : .stream(.delta("Once upon"), .silence)
            }
            let sitting = try await Sitting.open(chat: chat, size: size)
            await sitting.say("A story")
            await sitting.sees("Once upon")
            sitting.terminal.press(.escape)
            await sitting.sees("stopped · ^X . continues")
            await sitting.sees("that nothing runs") { !$0.isRunning }
            #expect(sitting.shows("Once upon"))
            sitting.terminal.send(continuing)
            await sitting.sees("a time.")
            await sitting.sees("that nothing runs") { !$0.isRunning }
            #expect(sitting.shows("Once upon"))
            let question = try #require(chat.questions.last).messages
            #expect(question.contains { $0.contains("Continue exactly where") })
            #expect(question.contains("assistant: Once upon"))
            await sitting.leave()
        }

        @Test(
            "queues what is sent while an answer comes, in view, and sends it then",
            arguments: ScreenSize.allCases)
        func queue(size: ScreenSize) async throws {
            let chat = try ScriptedChat { question in
                question.last == "user: first"
                    ? .stream(.delta("one"), .pause, .chatEnd("stop")) : .chat("two")
            }
            let sitting = try await Sitting.open(chat: chat, size: size)
            await sitting.say("first")
            await sitting.sees("  one")
            await sitting.say("second")
            await sitting.sees("› second  (sent when this run ends)")
            await sitting.sees("1 queued")
            #expect(chat.questions.count == 1)
            sitting.terminal.send("\u{1B}[1;3A")  // M-↑ takes it back, Enter queues it again.
            await sitting.sees("the message in the input line") {
                $0.inputRows.last?.hasSuffix("› second") == true && !$0.shows("queued")
            }
            sitting.terminal.send("\r")
            await sitting.sees("1 queued")
            chat.step()
            await sitting.sees("  two")
            await sitting.sees("that nothing is queued") { !$0.shows("queued") && !$0.isRunning }
            #expect(chat.questions.map(\.last) == ["user: first", "user: second"])
            await sitting.leave()
        }

        @Test(
            "shows a tool call, and takes what the person says it gave back",
            arguments: ScreenSize.allCases)
        func toolCall(size: ScreenSize) async throws {
            let chat = try ScriptedChat { question in
                question.last == "tool: sunny"
                    ? .chat("It is sunny.")
                    : .stream(
                        .call("get_weather", #"{"city":"Oslo"}"#), .chatEnd("tool_calls"))
            }
            let home = try ProgramHome()
            try await home.createAssistant("Forecaster", tools: ["get_weather"])
            let sitting = try await Sitting.open(
                home, ["--assistant", "Forecaster"], chat: chat, size: size)
            await sitting.say("Rain?")
            if size.hasBand {
                await sitting.sees("get_weather  “Oslo”")
                await sitting.sees("F4 answers")
            }
            await sitting.sees("waits for you")
            await sitting.answerCall(with: "sunny")
            await sitting.sees("  It is sunny.")
            await sitting.sees("the end of the run") { !$0.isRunning }
            #expect(chat.questions.count == 2)
            sitting.terminal.send("\u{1B}2")
            await sitting.sees("✓ get_weather  “Oslo”")
            #expect(sitting.shows("sunny"))
            await sitting.leave()
        }

        @Test(
            "has the names of all waiting calls in view, and a card without a notice over its keys")
        func twoCalls() async throws {
            let chat = try ScriptedChat { question in
                question.last.hasPrefix("tool: ")
                    ? .chat("Take both coats.")
                    : .stream(
                        .call("weather_in_oslo", #"{"day":"Friday","hours":"all"}"#),
                        .call(
                            "weather_in_rome", #"{"day":"Sunday","hours":"all"}"#, id: "call_2",
                            index: 1),
                        .chatEnd("tool_calls"))
            }
            let home = try ProgramHome()
            try await home.createAssistant(
                "Forecaster", tools: ["weather_in_oslo", "weather_in_rome"])
            let sitting = try await Sitting.open(
                home, ["--assistant", "Forecaster"], chat: chat, size: .usual)
            await sitting.say("Rain?")
            await sitting.sees("weather_in_oslo waits for an answer")
            await sitting.sees("both names") {
                $0.shows(" ⏸ weather_in_oslo") && $0.shows(" ⏸ weather_in_rome")
            }
            sitting.terminal.press(.function(4))
            await sitting.sees("the keys of the card") {
                $0.statusLine.hasPrefix(" Enter next")
            }
            await sitting.leave()
        }

        @Test("is answered by whom F3 chooses, from then on", arguments: ScreenSize.allCases)
        func assistants(size: ScreenSize) async throws {
            let chat = try ScriptedChat { question in
                .chat(question.messages.first == "system: Be Bob." ? "I am Bob." : "I am Ada.")
            }
            let home = try ProgramHome()
            try await home.createAssistant("Ada", instructions: "Be Ada.")
            try await home.createAssistant("Bob", instructions: "Be Bob.")
            let sitting = try await Sitting.open(
                home, ["--assistant", "Ada"], chat: chat, size: size)
            await sitting.ask("Who?", sees: "  I am Ada.")
            #expect(sitting.titleLine.hasPrefix(" Ada"))
            sitting.terminal.press(.function(3))
            await sitting.sees("Assistants")
            sitting.terminal.send("/Bob\r")
            await sitting.sees("Bob in the title line") { $0.titleLine.hasPrefix(" Bob") }
            await sitting.sees("that the list is closed") { !$0.shows("use") }
            await sitting.ask("And now?", sees: "  I am Bob.")
            await sitting.leave()
        }

        @Test("is one of several, changed by key", arguments: ScreenSize.allCases)
        func threads(size: ScreenSize) async throws {
            let chat = try ScriptedChat { .chat("Re: " + $0.last) }
            let sitting = try await Sitting.open(chat: chat, size: size)
            await sitting.ask("apples", sees: "Re: user: apples")
            sitting.terminal.send("\u{18}c")
            await sitting.sees("new thread")
            #expect(!sitting.shows("apples"))
            await sitting.ask("pears", sees: "Re: user: pears")
            #expect(chat.questions.map(\.messages) == [["user: apples"], ["user: pears"]])
            sitting.terminal.press(.function(2))
            await sitting.sees("both threads") {
                $0.terminal.lines.contains { $0.contains("Threads ─") && $0.contains(" 2 ─") }
            }
            sitting.terminal.press(.down)
            sitting.terminal.press(.enter)
            await sitting.sees("Re: user: apples")
            #expect(sitting.titleLine.contains("apples"))
            #expect(!sitting.shows("Re: user: pears"))
            sitting.terminal.press(.function(5))
            await sitting.sees("Re: user: pears")
            await sitting.leave()
        }

        @Test(
            "is opened again where it was left: thread, reading place, draft",
            arguments: ScreenSize.allCases)
        func reopening(size: ScreenSize) async throws {
            let chat = try ScriptedChat { _ in
                .stream(.lines(1...80), .chatEnd("stop"))
            }
            let home = try ProgramHome()
            let first = try await Sitting.open(home, chat: chat, size: size)
            await first.ask("Count", sees: "line 80")
            for row in [60, 40] {
                first.terminal.press(.pageUp)
                await first.sees("an earlier page") { !$0.shows("line \(row + 20)") }
            }
            first.terminal.send("an unfinished thought")
            await first.sees("› an unfinished thought")
            let (rows, title) = (first.chatRows, first.titleLine)
            await first.leave()

            let second = try await Sitting.open(home, chat: chat, size: size)
            await second.sees("› an unfinished thought")
            await second.sees("the same rows") { $0.chatRows == rows }
            await second.sees("the same title line") { $0.titleLine == title }
            second.terminal.send("\r")
            await second.sees("the thread going on") { _ in chat.questions.count == 2 }
            #expect(chat.questions.last?.last == "user: an unfinished thought")
            await second.leave()
        }
    }
}
