import Assistants
import TestSupport
import Testing
import Wire

@Suite("The console with --record and --trace") struct ConsoleRecordingTests {
    @Test("writes every run that it shows") func recording() async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat(saying: ["fine", " indeed"])
        let (record, trace) = (home.path + "/record", home.path + "/trace")
        let terminal = try PseudoTerminal(
            ProgramHome.program,
            ["--model-url", chat.url, "--record", record, "--trace", trace], rows: 24, columns: 80,
            environment: home.environment)
        #expect(await terminal.wait(for: "answers, with", seconds: 60))
        terminal.send("hello")
        #expect(await terminal.wait(for: "hello", seconds: 60))
        terminal.send("\r")
        #expect(await terminal.wait(for: "fine indeed", seconds: 30), "\(terminal.picture)")
        #expect(
            await terminal.wait(seconds: 30) { _ in
                (try? Self.transcript(home))??.runs.first?.status == .completed
            })
        terminal.signal(15)
        #expect(await terminal.waitForEnd(seconds: 60) != nil)
        #expect(try Self.transcript(home)?.messages.map(\.text) == ["fine indeed"])
        let lines = String(decoding: try #require(try home.files()["trace"]), as: UTF8.self)
            .split(separator: "\n")
        #expect(try lines.contains { try JSONValue(parsing: String($0))["event"] == "done" })
    }

    /// What the recording comes to; nil while there is none.
    private static func transcript(_ home: ProgramHome) throws -> Transcript? {
        guard let bytes = try home.files()["record"] else { return nil }
        var parser = EventParser(dialect: .openAI)
        var transcript = Transcript()
        for event in try parser.feed(bytes) {
            transcript.apply(try AssistantEvent(name: event.name, data: event.data))
        }
        return transcript
    }
}
