import Assistants
import FoundationEssentials
import TestSupport
import Testing
import Wire

@Suite("ask") struct AskTests {
    @Test("sends instructions and question to the model, and nothing else") func request()
        async throws
    {
        let home = try ProgramHome()
        let chat = try ScriptedChat(saying: ["Oui."])
        let result = try await home.run(
            "ask", "--model-url", chat.url, "--instructions", "Answer in French.", "Really?")
        #expect(result.output == "Oui.\n")
        #expect(chat.questions.map(\.messages) == [["system: Answer in French.", "user: Really?"]])
        #expect(chat.questions.map(\.model) == ["scripted"])
        #expect(chat.authorizations == [])
    }

    @Test("puts a run's instructions in the place of the assistant's") func instructions()
        async throws
    {
        let home = try ProgramHome()
        let chat = try ScriptedChat(saying: ["Yes."])
        try await home.run(
            "assistants", "create", "--name", "Analyst", "--instructions", "Be brief."
        ).succeeded()
        for extra in [[], ["--instructions", "Be long."]] {
            try await home.start(
                ["ask", "--model-url", chat.url, "--assistant", "ANALYST"] + extra + ["Why?"]
            ).result().succeeded()
        }
        #expect(
            chat.questions.map(\.messages) == [
                ["system: Be brief.", "user: Why?"], ["system: Be long.", "user: Why?"],
            ])
    }

    @Test("tells as JSON how often the model had to be asked") func modelHealth() async throws {
        let home = try ProgramHome()
        let calls = Counter()
        let chat = try ScriptedChat { _ in
            calls.next() == 1
                ? .answer(503, headers: ["Retry-After-Ms: 1"], #"{"error":{"message":"busy"}}"#)
                : .chat("Yes.")
        }
        let result = try await home.run("ask", "--json", "--model-url", chat.url, "Really?")
        let health = try #require(try EventLines(result.lines).health)
        #expect(health.retries == 1)
        #expect(health.isComplete && !health.isWell)
        #expect(chat.questions.count == 2)
    }

    @Test("reads the question from standard input") func standardInput() async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat(saying: ["42"])
        let question = "first line\nsecond line\n"
        let result = try await home.run("ask", "--model-url", chat.url, "-", input: question)
        #expect(result.output == "42\n")
        #expect(chat.questions.map(\.messages) == [["user: " + question]])
    }

    @Test("goes on in a thread: the model gets what was said before") func thread() async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat(saying: ["Noted", "."])
        let thread = try await home.run("threads", "create").succeeded().lines[0]
        for question in ["I am Ada.", "Who am I?"] {
            try await home.run("ask", "--model-url", chat.url, "--thread", thread, question)
                .succeeded()
        }
        #expect(
            chat.questions.last?.messages == [
                "user: I am Ada.", "assistant: Noted.", "user: Who am I?",
            ])
        #expect(try await home.run("threads", "list").lines.count == 1)
    }

    @Test("prints exactly the answer's bytes, and one line feed at the end") func bytes()
        async throws
    {
        let home = try ProgramHome()
        let pieces = ["Grüße, ", "世界 ", "👩‍👩‍👧", "\n\n\ttab ", "e", "\u{301} — مرحبا\n\nend"]
        let chat = try ScriptedChat(saying: pieces)
        let result = try await home.run("ask", "--model-url", chat.url, "hello")
        #expect(result.outputBytes == Array((pieces.joined() + "\n").utf8))
        #expect(result.errorBytes == [])
    }

    @Test("writes an answer at most once a piece, and only what is in it") func writes()
        async throws
    {
        let home = try ProgramHome()
        let pieces = (1...500).map { "word\($0) " }
        let chat = try ScriptedChat(saying: pieces)
        let program = try home.start(
            ["ask", "--model-url", chat.url, "hello"], countsWrites: true)
        let result = await program.result()
        #expect(result.output == pieces.joined() + "\n")
        #expect(result.outputPieces <= pieces.count + 1)
    }

    @Test("prints a piece as soon as it came") func promptness() async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat { _ in
            .streamHead + .delta("first ") + [.hold] + .delta("second") + .chatEnd("stop")
        }
        let program = try home.start(["ask", "--model-url", chat.url, "hello"])
        #expect(await program.wait(for: "first "))
        #expect(program.sofar.output == "first ")
        chat.step()
        #expect(await program.result().output == "first second\n")
    }

    @Test("ends quietly when nobody reads on, and stops the run", arguments: ["", "--json"])
    func head(option: String) async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat { _ in
            .streamHead + (1...2000).flatMap { [LoopbackServer.Step].delta("line \($0)\n") }
                + [.waitForClose]
        }
        let result = try await home.shell(
            "{ $switchboard ask \(option) --model-url \(chat.url) hello; echo status $? >&2; }"
                + " | head -1")
        #expect(result.lines.count == 1)
        #expect(result.errors == "status 0\n")
        let thread = try await home.run("threads", "list").succeeded().lines[0].prefix {
            $0 != "\t"
        }
        try await expectUsable(String(thread), home)
        #expect(chat.questions.count <= 1, "the run was not begun again")
    }

    private func expectUsable(_ thread: String, _ home: ProgramHome) async throws {
        let chat = try ScriptedChat(saying: ["fine"])
        let result = try await home.run("ask", "--model-url", chat.url, "--thread", thread, "now?")
        #expect(result.output == "fine\n", "\(result)")
    }

    @Test("says that standard output is full") func fullOutput() async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat(saying: ["text"])
        let result = try await home.shell(
            "$switchboard ask --model-url \(chat.url) hello > /dev/full")
        #expect(result.status == 1)
        #expect(result.errors.contains("No space left"))
    }

    @Test("records the run as an event stream, and what passes the bus as JSON lines")
    func recording() async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat(saying: ["a", "b", "c"])
        let (record, trace) = (home.path + "/record", home.path + "/trace")
        let result = try await home.run(
            "ask", "--json", "--model-url", chat.url, "--record", record, "--trace", trace, "hello"
        ).succeeded()

        var parser = EventParser(dialect: .openAI)
        var transcript = Transcript()
        let recorded = try parser.feed(Data(contentsOf: URL(filePath: record)))
        for event in try recorded + parser.finish() {
            transcript.apply(try AssistantEvent(name: event.name, data: event.data))
        }
        #expect(transcript.messages.map(\.text) == ["abc"])
        #expect(try transcript == EventLines(result.lines).transcript())

        let lines = String(decoding: try Data(contentsOf: URL(filePath: trace)), as: UTF8.self)
            .split(separator: "\n").map(String.init)
        let traced = try lines.map { try JSONValue(parsing: $0) }
        #expect(traced.last?["event"] == "done")
        #expect(traced.compactMap { $0["message_added"] }.count == 1)
        let numbers = traced.compactMap { $0["sequence"]?.integerValue }
        #expect(numbers == Array(numbers[0]..<(numbers[0] + traced.count)))
    }

    @Test("sends files along, or says why not before anything is asked") func files() async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat { _ in .chat("Seen.") }
        let tools = try home.write(#"[{"type":"file_search"}]"#, to: "tools.json")
        try await home.run("assistants", "create", "--name", "Reader", "--tools", tools)
            .succeeded()
        let notes = try home.write("The sky is green.", to: "notes.txt")
        let ask = ["ask", "--model-url", chat.url, "--attach", notes]
        let result = try await home.start(
            ask + ["--assistant", "Reader", "--json", "What colour?"]
        ).result().succeeded()
        let message = try #require(EventLines(result.lines).transcript().messages.last)
        #expect(message.text == "Seen.")
        let list = try await home.run("files", "list")
        #expect(list.output.contains("notes.txt") && list.output.contains("assistants"))
        let question = try await home.start(
            ask + ["--assistant", "Assistant", "What colour?"]
        ).result()
        #expect(question.status == 1)
        #expect(question.errors.contains("neither runs code nor searches files"), "\(question)")
        for (name, reason) in [("none.txt", "is not there."), ("share", "folder")] {
            let path = home.path + "/" + name
            if name == "share" { try home.write("x", to: "share/x") }
            let refused = try await home.run(
                "ask", "--model-url", chat.url, "--attach", path, "Why?")
            #expect(refused.status == 1 && refused.errors.contains(reason), "\(refused)")
        }
        #expect(chat.questions.count == 1)
    }

    @Test("lets Guide answer where there is no model") func guide() async throws {
        let home = try ProgramHome()
        let greeting = try await home.run("ask", "hello").succeeded()
        #expect(greeting.output.contains("Guide"))
        let result = try await home.run("ask", "--json", "How do I rename a thread?")
        #expect(result.status == 0, "\(result)")
        let transcript = try EventLines(result.lines).transcript()
        #expect(transcript.messages.last?.text.contains("threads.md") == true)
        #expect(
            transcript.steps.contains { step in
                guard case .toolCalls(let calls) = step.details else { return false }
                return calls.contains { $0.name == "file_search" }
            })
    }
}

extension Program.Result {
    /// The result of a command that must not fail.
    @discardableResult
    func succeeded(_ location: SourceLocation = #_sourceLocation) -> Self {
        #expect(status == 0, "\(self)", sourceLocation: location)
        return self
    }
}
