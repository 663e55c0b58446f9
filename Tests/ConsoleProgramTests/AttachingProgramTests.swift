import FoundationEssentials
import TestSupport
import Testing

extension ConsoleProgramTests {
    @Suite("Attaching a file") struct AttachingProgramTests {
        /// Whether code can be run here, or must be.
        private static let runsCode =
            FileManager.default.fileExists(atPath: "/usr/bin/bwrap")
            || ProcessInfo.processInfo.environment["CI"] != nil

        private func home() async throws -> ProgramHome {
            let home = try ProgramHome()
            try home.write("day,sold\nMon,41\nTue,1\n", to: "sales.csv")
            try home.write("x", to: "sale notes.txt")
            let tools = try home.write(#"[{"type":"code_interpreter"}]"#, to: "tools.json")
            let made = try await home.run(
                "assistants", "create", "--name", "Coder", "--tools", tools)
            #expect(made.status == 0, "\(made)")
            return home
        }

        private func chat() throws -> ScriptedChat {
            try ScriptedChat { question in
                question.messages.last?.hasPrefix("user: ") == true
                    ? .stream(
                        .call(
                            "code_interpreter",
                            #"{"code":"print(open('/mnt/data/sales.csv').read().upper())"}"#),
                        .chatEnd("tool_calls"))
                    : .chat("42 in all.")
            }
        }

        @Test(
            "completes its name, uploads it with the message, and has code read it",
            .enabled(if: runsCode, "bubblewrap is needed"), arguments: [ScreenSize.usual, .small])
        func whole(size: ScreenSize) async throws {
            let (home, chat) = (try await home(), try chat())
            let sitting = try await Sitting.open(
                home, ["--assistant", "Coder"], chat: chat, size: size)
            sitting.terminal.send("add up @~/sal")
            await sitting.sees("sale notes.txt")
            #expect(sitting.shows("─ Attach · ~/ ─"))
            sitting.terminal.send("e\u{9}")
            await sitting.sees("› add up sale notes.txt")
            await sitting.sees("[sale notes.txt 1 byte · for code]")
            // Backspace before the text takes it away again.
            sitting.terminal.send("\u{1}\u{7F}")
            await sitting.sees("no chip") { !$0.shows("[sale notes.txt") }
            sitting.terminal.send("\u{5}\u{15}add up @~/sales\u{9}")
            await sitting.sees("[sales.csv 22 bytes · for code]")
            sitting.terminal.send("\r")
            await sitting.sees("42 in all.")
            await sitting.sees("the end of the run") { !$0.isRunning }
            await sitting.sees("+ sales.csv 22 bytes · for code")
            let questions = chat.questions
            #expect(questions.first?.messages.last == "user: add up sales.csv ")
            #expect(questions.last?.messages.contains { $0.contains("MON,41") } == true)
            await sitting.leave()
            let files = try await home.run("files", "list")
            #expect(files.output.contains("sales.csv") && !files.output.contains("notes"))
        }

        @Test("keeps text and file where it is gone by the time it is sent")
        func gone() async throws {
            let (home, chat) = (try await home(), try chat())
            let sitting = try await Sitting.open(home, ["--assistant", "Coder"], chat: chat)
            sitting.terminal.send("add up @~/sales\u{9}")
            await sitting.sees("[sales.csv 22 bytes · for code]")
            try FileManager.default.removeItem(atPath: home.path + "/sales.csv")
            sitting.terminal.send("now\r")
            await sitting.sees("The message was not sent: sales.csv is not there.")
            await sitting.sees("[sales.csv 22 bytes · for code]")
            await sitting.sees("› add up sales.csv now")
            #expect(chat.questions.isEmpty)
            await sitting.leave()
        }

        @Test("works over the socket of whoever runs the engine, too")
        func guest() async throws {
            let (home, chat) = (try await home(), try ScriptedChat(saying: ["Seen."]))
            let host = try await Sitting.open(home, chat: chat)
            let guest = try await Sitting.open(home, ["--assistant", "Coder"])
            guest.terminal.send("add up @~/sales\u{9}")
            await guest.sees("[sales.csv 22 bytes · for code]")
            guest.terminal.send("\r")
            await guest.sees("Seen.")
            await guest.sees("+ sales.csv 22 bytes · for code")
            await guest.leave()
            await host.leave()
        }
    }
}
