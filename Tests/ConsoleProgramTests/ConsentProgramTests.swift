import Foundation
import Glibc
import TestSupport
import Testing
import Wire

extension ConsoleProgramTests {
    @Suite("A function's command") struct ConsentProgramTests {
        /// Answers a question with a call and a call's output with a sentence.
        private static func chat() throws -> ScriptedChat {
            try ScriptedChat { question in
                question.last.hasPrefix("tool: ")
                    ? .chat("Take a coat.")
                    : .stream(
                        .call("weather", #"{"day":"Fri\u202eday"}"#), .chatEnd("tool_calls"))
            }
        }

        /// A home whose function is answered by a command line.
        private static func home(
            _ command: [String], consent: String = "ask"
        ) async throws -> ProgramHome {
            let home = try ProgramHome()
            let words = JSONValue.array(command.map { .string($0) }).text
            try home.configure(
                """
                model:
                  discovery: false
                functions:
                  weather:
                    command: \(words)
                    consent: \(consent)
                """)
            try await home.createAssistant("Forecaster", tools: ["weather"])
            return home
        }

        private static func file(_ path: String) -> [UInt8]? {
            (try? Data(contentsOf: URL(filePath: path))).map { [UInt8]($0) }
        }

        @Test("is shown whole, runs as it was shown, and answers the call") func once() async throws
        {
            let folder = try ProgramHome()
            let script = #"printf '%s\0' "$@" > "$0/arguments"; cat > "$0/input"; echo sunny"#
            let words = ["a  b ", "", "it's", "\u{430}\u{202e}x", "<U+0041>", "$(id)\n\"q\""]
            let home = try await Self.home(["sh", "-c", script, folder.path] + words)
            let chat = try Self.chat()
            let sitting = try await Sitting.open(home, ["--assistant", "Forecaster"], chat: chat)
            await sitting.say("Rain?")
            await sitting.sees("May this run?")
            await sitting.sees(#""a  b ""#)
            // Neither Enter nor a paste nor what comes too early.
            sitting.terminal.send("y\r\ry")
            sitting.terminal.paste("y")
            await sitting.sees("Too early")
            await sitting.sees(#""<U+0430><U+202E>x""#)
            await sitting.sees("\"$(id)<U+000A>")
            await sitting.readQuestion()
            #expect(Self.file(folder.path + "/input") == nil)
            await sitting.pressUntilTaken("y")
            await sitting.sees("Take a coat.")
            let arguments = words.flatMap { word -> [UInt8] in Array(word.utf8) + [0] }
            #expect(Self.file(folder.path + "/arguments") == arguments)
            #expect(Self.file(folder.path + "/input") == Array(#"{"day":"Fri\u202eday"}"#.utf8))
            #expect(chat.questions.last?.last.contains("sunny") == true)
            await sitting.leave()
            let list = try await home.run("tools")
            #expect(list.lines.count == 3, "\(list.lines)")
        }

        @Test("that was always allowed is not begun again after the program died at its work")
        func killed() async throws {
            let folder = try ProgramHome()
            let script = #"echo begun >> "$0/begun"; echo $$ > "$0/pid"; exec sleep 600"#
            let home = try await Self.home(["sh", "-c", script, folder.path])
            let chat = try Self.chat()
            let first = try await Sitting.open(home, ["--assistant", "Forecaster"], chat: chat)
            await first.say("Rain?")
            await first.sees("May this run?")
            await first.readQuestion()
            await first.pressUntilTaken("a")
            await first.sees("the command at work") { _ in
                Self.file(folder.path + "/pid")?.isEmpty == false
            }
            kill(first.terminal.processID, SIGKILL)
            #expect(await first.terminal.waitForEnd() == -SIGKILL)
            defer { Self.end(folder.path + "/pid") }
            let second = try Sitting(home, ["--assistant", "Forecaster"], chat: chat)
            await second.sees("It was begun before, ")
            let list = try await home.run("tools")
            #expect(list.lines.contains { $0.hasPrefix("1\talways\tweather\t") }, "\(list.lines)")
            #expect(list.lines.contains { $0.hasPrefix("2\tunknown\tweather\t") }, "\(list.lines)")
            await second.readQuestion()
            await second.pressUntilTaken("n")
            await second.sees("Take a coat.")
            #expect(chat.questions.last?.last.contains("did not allow") == true)
            #expect(Self.file(folder.path + "/begun") == Array("begun\n".utf8))
            await second.leave()
            // The run is over: nothing is open any more, and the answer is taken back.
            let rest = try await home.run("tools")
            #expect(!rest.lines.contains { $0.contains("unknown") }, "\(rest.lines)")
            _ = try await home.run("tools", "forget", "1")
            #expect(try await home.run("tools").lines.count == 3)
        }

        private static func end(_ path: String) {
            let text = String(decoding: file(path) ?? [], as: UTF8.self)
            if let process = Int32(text.filter(\.isNumber)), process > 1 { kill(process, SIGKILL) }
        }

        @Test("is killed when its run is stopped, and when the program is left")
        func stopped() async throws {
            for leaves in [false, true] {
                let folder = try ProgramHome()
                let script = #"echo $$ > "$0/pid"; sleep 600 & wait"#
                let home = try await Self.home(["sh", "-c", script, folder.path])
                let sitting = try await Sitting.open(
                    home, ["--assistant", "Forecaster"], chat: Self.chat())
                await sitting.say("Rain?")
                await sitting.sees("May this run?")
                await sitting.readQuestion()
                await sitting.pressUntilTaken("y")
                await sitting.sees("the command at work") { _ in
                    Self.file(folder.path + "/pid")?.isEmpty == false
                }
                let text = String(decoding: Self.file(folder.path + "/pid") ?? [], as: UTF8.self)
                let process = try #require(Int32(text.filter(\.isNumber)))
                if !leaves {
                    sitting.terminal.send("\u{1B}")
                    await sitting.sees("the stop") { !$0.isRunning }
                }
                await sitting.leave()
                #expect(kill(process, 0) == -1 && errno == ESRCH)
            }
        }

        @Test("is not run where nobody can be asked, and it is said where to go on")
        func asked() async throws {
            let folder = try ProgramHome()
            let touched = folder.path + "/touched"
            for consent in ["ask", "never"] {
                let home = try await Self.home(["touch", touched], consent: consent)
                let chat = try Self.chat()
                let result = try await home.run(
                    "ask", "--assistant", "Forecaster", "--model-url", chat.url, "Rain?")
                #expect(result.status == 1)
                #expect(result.errors.contains("switchboard --thread thread_"), "\(result)")
                #expect(result.errors.contains("somebody must agree") == (consent == "ask"))
            }
            #expect(Self.file(touched) == nil)
        }
    }
}

extension Sitting {
    /// Pages through the question to its end.
    func readQuestion(_ location: SourceLocation = #_sourceLocation) async {
        for _ in 1...50 where shows("read on: ") {
            let before = terminal.lines
            terminal.press(.pageDown)
            await sees("another page", location) { $0.terminal.lines != before }
        }
        #expect(!shows("read on: "), "\(terminal.picture)", sourceLocation: location)
    }

    /// Presses a letter until the question takes it: half a second without a key comes first.
    func pressUntilTaken(
        _ letter: String, sees question: String = "May this run?",
        _ location: SourceLocation = #_sourceLocation
    ) async {
        for _ in 1...20 {
            _ = await terminal.wait(seconds: 0.6) { _ in false }
            terminal.send(letter)
            if await terminal.wait(seconds: 1, until: { _ in !self.shows(question) }) {
                return
            }
        }
        Issue.record("\(letter) was not taken:\n\(terminal.picture)", sourceLocation: location)
    }
}
