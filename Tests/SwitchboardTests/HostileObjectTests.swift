import Assistants
import AssistantsEngine
import TestSupport
import Testing
import Wire

@Suite("Hostile text in the store", .enabled(if: Fixture.isPresent, "needs ../shared"))
struct HostileObjectTests {
    @Test("is harmless wherever a command prints it, and unchanged in JSON") func objects()
        async throws
    {
        let home = try ProgramHome()
        let texts = try HostileCase.all().map(\.text)
        let thread = try await store(texts, in: home)
        for arguments in [
            ["threads", "list", "--limit", "1000"], ["threads", "show", thread],
            ["threads", "export", thread], ["assistants", "list"], ["assistants", "export"],
            ["assistants", "show", "asst_0"],
        ] {
            let piped = try await home.start(arguments).result().succeeded()
            #expect(piped.outputBytes.forbidden() == nil, "\(arguments)")
            #expect(piped.errors == "")
            let terminal = try PseudoTerminal(
                ProgramHome.program, arguments, environment: home.environment)
            #expect(await terminal.waitForEnd(seconds: 60) == 0)
            #expect(terminal.output.forbidden(onTerminal: true) == nil, "\(arguments)")
        }
        let list = try await home.run("threads", "list", "--limit", "1000")
        // One row a thread, whatever its title tries.
        #expect(list.lines.count == texts.count + 1)
        #expect(list.lines.allSatisfy { $0.split(separator: "\t").count <= 4 })
        let exported = try await home.run("threads", "export", thread).lines.dropFirst()
        let messages = try exported.map { try Message(json: JSONValue(parsing: $0)).text }
        #expect(messages == texts)
    }

    /// Stores the texts as titles, openings, messages, names, instructions and models.
    private func store(_ texts: [String], in home: ProgramHome) async throws -> Thread.ID {
        let engine = try await Engine.open(directory: home.data, models: NoModels())
        try await engine.addBuiltInAssistants()
        for (number, text) in texts.enumerated() {
            let short = String(String.UnicodeScalarView(text.unicodeScalars.prefix(200)))
            _ = try await engine.createThread(
                ThreadRequest(metadata: [Thread.titleKey: short]), for: .trusted)
            var request = AssistantRequest(
                model: short, name: short, instructions: text.isEmpty ? nil : text)
            request.description = short
            _ = try await engine.createAssistant(request, id: "asst_\(number)", for: .trusted)
        }
        let thread = try await engine.createThread(ThreadRequest(), for: .trusted).id
        for text in texts {
            _ = try await engine.createMessage(MessageRequest(text), in: thread, for: .trusted)
        }
        await engine.close()
        return thread
    }

    @Test(
        "is harmless in the words of a command line",
        arguments: [
            "\u{1B}[31m", "\u{1B}]52;c;QQ==\u{7}", "\u{9B}2J", "a\rb", "a\u{202E}b", "\u{7F}\u{8}",
        ])
    func arguments(text: String) async throws {
        let home = try ProgramHome()
        for arguments in [
            ["threads", "show", text], ["ask", "--assistant", text, "hi"],
            ["ask", "--thread", text, "hi"], ["ask", "--config", "/" + text, "hi"],
            ["ask", "--data", "/dev/null/" + text, "hi"], ["--" + text], [text],
            ["ask", "--record", "/no/" + text, "hello"], ["threads", "list", "--limit", text],
            ["ask", "--model-url", text, "hi"], ["assistants", "show", text],
        ] {
            let result = try await home.start(arguments).result()
            #expect(result.status != 0)
            #expect(result.outputBytes.forbidden() == nil, "\(arguments)")
            #expect(result.errorBytes.forbidden() == nil, "\(arguments)")
        }
    }
}
