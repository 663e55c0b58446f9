import TestSupport
import Testing

extension ConsoleProgramTests {
    @Suite(
        "A console on a server of others",
        .enabled(if: Peers.isPresent, "run Tests/Peers/prepare"))
    struct ForeignServerTests {
        /// `Tests/Peers/foreign_server.py`, and where it listens.
        private func server(_ home: ProgramHome) async throws -> (Program, url: String) {
            let folder = try #require(Peers.folder, "run Tests/Peers/prepare")
            let program = try Program(
                [folder + "/venv/bin/python", folder + "/foreign_server.py"], input: nil,
                environment: home.environment, countsWrites: false)
            #expect(await program.wait(for: "\n"))
            let address = program.sofar.lines.first?.split(separator: " ").last ?? ""
            return (program, String(address))
        }

        private let key = ["SWITCHBOARD_SERVER_KEY": "sk-foreign"]

        @Test("streams answers, remembers the threads, and asks for nothing of ours")
        func talking() async throws {
            let home = try ProgramHome()
            let (server, url) = try await server(home)
            let first = try await Sitting.open(home, ["--server", url], environment: key)
            await first.ask("Good morning", sees: "A foreign answer.")
            await first.leave()
            let second = try await Sitting.open(home, ["--server", url], environment: key)
            second.terminal.press(.function(2))
            await second.sees("the thread of before") { $0.shows("Threads") }
            await second.sees("Good morning")
            second.terminal.press(.enter)
            await second.sees("A foreign answer.")
            await second.ask("And again", sees: "And again")
            await second.leave()
            let asked = Set(server.sofar.lines)
            #expect(asked.contains("POST /v1/threads"))
            #expect(!asked.contains("GET /v1/threads"))
            #expect(
                asked.allSatisfy {
                    !["/v1/events", "/window", "/retell", "/switchboard"].contains(
                        where: $0.contains)
                }, "\(asked)")
            server.end()
        }

        @Test("stops runs, and says what went wrong")
        func troubles() async throws {
            let home = try ProgramHome()
            let (server, url) = try await server(home)
            let sitting = try await Sitting.open(home, ["--server", url], environment: key)
            await sitting.say("wait for me")
            await sitting.sees("Half an answer")
            sitting.terminal.send("\u{1B}")
            await sitting.sees("the stop") { !$0.isRunning }
            #expect(server.sofar.output.contains("CANCELLED run_"))
            await sitting.ask("fail", sees: "The foreign model broke.")
            await sitting.say("refuse")
            await sitting.sees("The foreign server refuses to answer that.")
            await sitting.leave()
            let refused = try await home.run(
                "--server", url, environment: ["SWITCHBOARD_SERVER_KEY": "sk-wrong"])
            #expect(refused.status == 1)
            #expect(refused.errors.contains("Incorrect API key"), "\(refused)")
            #expect(refused.errors.contains("SWITCHBOARD_SERVER_KEY"), "\(refused)")
            server.end()
        }
    }
}
