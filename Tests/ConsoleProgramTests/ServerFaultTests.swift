import TestSupport
import Testing

extension ConsoleProgramTests {
    @Suite("A model server's fault") struct ServerFaultTests {
        /// What a server does to the first question.
        enum Fault: String, CaseIterable {
            case html, refusal, cut, error, reset, garbage

            var steps: [LoopbackServer.Step] {
                switch self {
                case .html: .answer(200, type: "text/html", "<html><body>Log in</body></html>")
                case .refusal:
                    .answer(429, #"{"error":{"message":"Too many questions","code":"busy"}}"#)
                case .cut: .stream(.delta("Once upon"))
                case .error:
                    .stream(
                        .delta("Once upon"),
                        .chunk("data: {\"error\":{\"message\":\"out of memory\"}}\n\n"))
                case .reset: .stream(.delta("Once upon"), .pause, [.reset])
                case .garbage: .stream(.delta("Once upon"), .chunk("data: {nonsense\n\n"))
                }
            }

            var hasText: Bool { ![.html, .refusal].contains(self) }
        }

        @Test(
            "is one readable line, which stays; the text is kept and the next message works",
            arguments: Fault.allCases)
        func fault(fault: Fault) async throws {
            let chat = try ScriptedChat { question in
                question.last == "user: again" ? .chat("It works.") : fault.steps
            }
            let home = try ProgramHome()
            let sitting = try await Sitting.open(home, chat: chat, size: .wide)
            await sitting.say("A story")
            if fault == .reset {
                await sitting.sees("Once upon")
                chat.step()
            }
            await sitting.sees("failed: ")
            await sitting.sees("the end of the run") { !$0.isRunning }
            #expect(sitting.chatRows.filter { $0.hasPrefix("  failed: ") }.count == 1)
            #expect(sitting.shows("Once upon") == fault.hasText)
            for unreadable in ["Error(", "NSPOSIX", "Optional(", "0x", "<html"] {
                #expect(!sitting.shows(unreadable), "\(sitting.terminal.picture)")
            }
            await sitting.ask("again", sees: "  It works.")
            #expect(sitting.shows("Once upon") == fault.hasText)
            #expect(sitting.placesOfFailure.isAscending, "\(sitting.terminal.picture)")
            await sitting.leave()
            let second = try await Sitting.open(home, chat: chat, size: .wide)
            await second.sees("  It works.")
            #expect(second.placesOfFailure.isAscending, "\(second.terminal.picture)")
            await second.leave()
        }

        @Test("is named when nothing listens there", arguments: ScreenSize.allCases)
        func absence(size: ScreenSize) async throws {
            let server = try LoopbackServer()
            server.stop()
            let sitting = try await Sitting.open(
                nil, ["--model-url", server.url + "/v1", "--model", "gone"], size: size)
            await sitting.say("Anyone?")
            await sitting.sees("failed: ")
            await sitting.sees("the end of the run") { !$0.isRunning }
            await sitting.sees("127.0.0.1:\(server.port)")
            await sitting.say("Still?")
            await sitting.sees("both messages") { $0.shows("  Still?") && !$0.isRunning }
            await sitting.leave()
        }

        @Test("that is silence leaves the keys alive, and Esc stops")
        func silence() async throws {
            let chat = try ScriptedChat { _ in .stream(.silence) }
            let sitting = try await Sitting.open(chat: chat)
            await sitting.say("Anyone?")
            await sitting.sees("that a run is under way") { _ in chat.questions.count == 1 }
            await sitting.sees("running")
            sitting.terminal.send("typed meanwhile")
            await sitting.sees("› typed meanwhile")
            sitting.terminal.press(.escape)
            await sitting.sees("stopped before an answer came")
            #expect(sitting.shows("› typed meanwhile"))
            await sitting.leave()
        }
    }
}

extension Sitting {
    /// The rows of a question, of its failure and of what was asked next; -1 for what is not there.
    fileprivate var placesOfFailure: [Int] {
        ["  A story", "  failed: ", "  again"].map { text in
            chatRows.firstIndex { $0.hasPrefix(text) } ?? -1
        }
    }
}

extension [Int] {
    /// Whether each is there and behind the one before.
    fileprivate var isAscending: Bool { !contains(-1) && self == sorted() }
}
