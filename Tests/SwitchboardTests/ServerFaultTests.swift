import Assistants
import TestSupport
import Testing
import Wire

@Suite("A model server that fails") struct ServerFaultTests {
    /// A way to fail: what the server does, and what the person is told.
    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var steps: [LoopbackServer.Step]
        /// What the line on standard error holds.
        var says: String
        /// The text that came before, which is kept.
        var text = ""
    }

    private static let page = "<html><head><title>Gate</title></head><body>Log in</body></html>"

    static let faults = [
        Fault(
            testDescription: "401",
            steps: .answer(401, #"{"error":{"message":"Wrong key.","code":"invalid_api_key"}}"#),
            says: "check the key"),
        Fault(
            testDescription: "404",
            steps: .answer(
                404, #"{"error":{"message":"no model","code":"model_not_found","param":"model"}}"#),
            says: "no such model"),
        Fault(
            testDescription: "500, and not again",
            steps: .answer(
                500, headers: ["x-should-retry: false"], #"{"error":{"message":"It broke."}}"#),
            says: "It broke"),
        Fault(
            testDescription: "HTML",
            steps: .answer(200, type: "text/html", page), says: "not one of a model server"),
        Fault(
            testDescription: "cut in the middle",
            steps: .streamHead + .delta("Half an ") + .delta("answer") + [.reset],
            says: "The run failed", text: "Half an answer"),
        Fault(
            testDescription: "ended in the middle",
            steps: .streamHead + .delta("Half an ") + .delta("answer") + .streamEnd,
            says: "before the answer was complete", text: "Half an answer"),
        Fault(
            testDescription: "error chunk",
            steps: .streamHead + .delta("Half an ") + .delta("answer")
                + .chunk(#"data: {"error":{"message":"The GPU is on fire.","code":500}}"# + "\n\n")
                + .streamEnd,
            says: "The GPU is on fire", text: "Half an answer"),
    ]

    @Test(
        "and repeats the key is not repeated: not to the client, the person, the log or the disk",
        arguments: [
            .answer(401, #"{"error":{"message":"No: Bearer canary-4711"}}"#),
            .streamHead + .delta("Half")
                + .chunk(#"data: {"error":{"message":"No: Bearer canary-4711"}}"# + "\n\n")
                + .streamEnd,
        ] as [[LoopbackServer.Step]])
    func keys(steps: [LoopbackServer.Step]) async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat { _ in steps }
        let result = try await home.start(
            ["ask", "--json", "--model-url", chat.url, "hi"],
            environment: ["SWITCHBOARD_MODEL_KEY": "canary-4711"]
        ).result()
        #expect(result.status == 1)
        #expect(result.output.contains("No: Bearer …"), "\(result)")
        #expect(result.errors.contains("No: Bearer …"), "\(result)")
        #expect(!result.description.contains("canary"))
        #expect(chat.questions.first?.authorization == "Bearer canary-4711")
        for (name, bytes) in try home.files() {
            #expect(bytes.firstRange(of: Array("canary".utf8)) == nil, "\(name)")
        }
    }

    @Test("fails the run in one line, and keeps the text and the thread", arguments: faults)
    func failure(fault: Fault) async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat { question in
            question.messages.last == "user: again" ? .chat(["fine"]) : fault.steps
        }
        let result = try await home.run("ask", "--json", "--model-url", chat.url, "hi")
        #expect(result.status == 1)
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        #expect(result.errors.contains(fault.says), "\(result.errors)")
        let lines = try EventLines(result.lines)
        let run = try #require(try lines.transcript().runs.last)
        #expect(run.status == .failed)
        #expect(run.lastError != nil)
        #expect(lines.order.suffix(2) == ["thread.run.failed", "done"])
        try await expectKept(fault.text, in: run.threadID, home, chat)
    }

    private func expectKept(
        _ text: String, in thread: String, _ home: ProgramHome, _ chat: ScriptedChat
    ) async throws {
        let shown = try await home.run("threads", "show", thread).succeeded().output
        #expect(shown == "user:\nhi\n\n" + (text.isEmpty ? "" : "assistant:\n\(text)\n\n"))
        let next = try await home.run(
            "ask", "--model-url", chat.url, "--thread", thread, "again")
        #expect(next.output == "fine\n", "\(next)")
    }

    @Test("prints the text that came before a cut, and ends its line") func text() async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat { _ in .streamHead + .delta("Half an answer") + .streamEnd }
        let result = try await home.run("ask", "--model-url", chat.url, "hi")
        #expect(result.output == "Half an answer\n")
        #expect(result.status == 1)
    }

    @Test("is told by its address when nobody listens there") func absence() async throws {
        let home = try ProgramHome()
        let result = try await home.run("ask", "--model-url", "http://127.0.0.1:9/v1", "hi")
        #expect(result.status == 1)
        #expect(result.output == "")
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(result.errors.contains("127.0.0.1:9"))
    }

    @Test("is asked again when it says that it is busy") func repetition() async throws {
        let home = try ProgramHome()
        let counter = Counter()
        let chat = try ScriptedChat { _ in
            counter.next() == 1
                ? .answer(
                    429, headers: ["retry-after-ms: 1"], #"{"error":{"message":"Too many."}}"#)
                : .chat(["fine"])
        }
        let result = try await home.run("ask", "--model-url", chat.url, "hi")
        #expect(result.output == "fine\n")
        #expect(chat.questions.count == 2)
    }

    @Test("of one answer that is no stream is read all the same") func plainAnswer() async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat { _ in
            .answer(
                200,
                #"{"choices":[{"message":{"content":"All at once."},"finish_reason":"stop"}]}"#)
        }
        let result = try await home.run("ask", "--model-url", chat.url, "hi")
        #expect(result.output == "All at once.\n")
        #expect(result.status == 0)
    }

    @Test("is given up at the run's deadline, when it says nothing") func silence() async throws {
        let home = try ProgramHome()
        try home.configure("model: { discovery: false }\nrun: { deadline: 1s }")
        let chat = try ScriptedChat { _ in .streamHead + .delta("Hm") + [.waitForClose] }
        let result = try await home.run("ask", "--model-url", chat.url, "hi")
        #expect(result.status == 1)
        #expect(result.errors.contains("deadline"), "\(result)")
    }
}
