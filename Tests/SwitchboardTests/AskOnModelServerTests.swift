import Assistants
import AssistantsEngine
import FoundationEssentials
import TestSupport
import Testing
import Transport
import Wire

@Suite("ask on llama.cpp", .enabled(if: Peers.isPresent, "run Tests/Peers/prepare"))
struct AskOnModelServerTests {
    private static let hello = "Hello! I am a tiny scripted model.\nAsk me about the weather."

    @Test("prints exactly the answer and a line feed") func text() async throws {
        let (home, server) = try await (ProgramHome(), ModelServer.start())
        let result = try await home.run("ask", "--model-url", server.baseURL, "hi")
        #expect(result.output == Self.hello + "\n")
        #expect(result.errors == "")
        #expect(result.status == 0)
    }

    @Test("prints every event as JSON, in the contract's order") func json() async throws {
        let (home, server) = try await (ProgramHome(), ModelServer.start())
        let result = try await home.run("ask", "--json", "--model-url", server.baseURL, "hi")
        let lines = try EventLines(result.lines)
        #expect(lines.order == EventLines.text)
        let health = try #require(lines.health)
        #expect(health.isComplete && health.retries == 0 && health.resumptions == 0)
        #expect(health.eventCount == lines.events.count - 1)
        #expect(health.timeToFirstText ?? .zero >= health.timeToFirstEvent ?? .seconds(9))
        let transcript = try lines.transcript()
        #expect(transcript.messages.map(\.text) == [Self.hello])
        #expect(transcript.messages.map(\.status) == [.completed])
        #expect(result.errors == "")
        #expect(result.status == 0)
    }

    @Test("keeps what the model thought out of the answer") func reasoning() async throws {
        let (home, server) = try await (ProgramHome(), ModelServer.start())
        let trace = home.path + "/trace"
        let result = try await home.run(
            "ask", "--model-url", server.baseURL, "--trace", trace, "a plan")
        #expect(result.output == "Here is the plan.\n")
        let thoughts = try jsonLines(of: trace).compactMap { $0["reasoning"]?.stringValue }.joined()
        #expect(thoughts.contains("The user wants a plan, so plan it."))
    }

    @Test("asks by the other API where the configuration says so") func responses() async throws {
        let (home, server) = try await (ProgramHome(), ModelServer.start())
        try home.configure("model:\n  url: \(server.baseURL)\n  api: responses\n")
        #expect(try await home.run("ask", "hi").succeeded().output == Self.hello + "\n")
        let trace = home.path + "/trace"
        let plan = try await home.run("ask", "--trace", trace, "a plan").succeeded()
        #expect(plan.output == "Here is the plan.\n")
        let thoughts = try jsonLines(of: trace).compactMap { $0["reasoning"]?.stringValue }.joined()
        #expect(thoughts.contains("The user wants a plan, so plan it."))
        let id = try await weatherAssistant(home)
        let weather = try await home.run("ask", "--assistant", id, "--json", "weather")
        let calls = try EventLines(weather.lines).transcript().steps.compactMap { step in
            if case .toolCalls(let calls) = step.details { calls.first } else { nil }
        }
        guard case .function(_, let arguments, _)? = calls.first?.kind else {
            Issue.record("\(weather)")
            return
        }
        #expect(try JSONValue(parsing: arguments)["city"] == "Paris")
    }

    private func jsonLines(of path: String) throws -> [JSONValue] {
        let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        return try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    @Test(
        "names the functions that the assistant calls, and another host can answer them",
        arguments: [
            ("weather", [#"{"city":"Paris","unit":"c"}"#]),
            ("two", [#"{"city":"Rome","unit":"c"}"#, #"{"city":"Oslo","unit":"f"}"#]),
        ])
    func toolCalls(question: String, arguments: [String]) async throws {
        let (home, server) = try await (ProgramHome(), ModelServer.start())
        let id = try await weatherAssistant(home)
        let result = try await home.run(
            "ask", "--json", "--assistant", "weather woman", "--model-url", server.baseURL, question
        )
        #expect(result.status == 1)
        #expect(result.errors.contains("get_weather"))
        let lines = try EventLines(result.lines)
        #expect(lines.order == EventLines.functionCall)
        let run = try #require(try lines.transcript().runs.last)
        #expect(run.assistantID == id)
        #expect(run.status == .requiresAction)
        #expect(run.requiredAction.map(\.name) == arguments.map { _ in "get_weather" })
        let given = try run.requiredAction.map { call in
            guard case .function(_, let arguments, _) = call.kind else { return "" }
            return try JSONValue(parsing: arguments).text
        }
        #expect(given == arguments)

        let events = try await answer(run, in: home.data, server)
        #expect(events.last == .done)
        let texts = events.compactMap { event in
            if case .message(.completed, let message) = event { message.text } else { nil }
        }
        #expect(texts == ["The tool said so, and that is the final answer."])
        let shown = try await home.run("threads", "show", run.threadID)
        #expect(shown.output.contains("that is the final answer."))
    }

    private func weatherAssistant(_ home: ProgramHome) async throws -> String {
        let tools = try home.write(
            """
            [{"type": "function", "function": {"name": "get_weather", "parameters":
                {"type": "object", "properties": {"city": {"type": "string"},
                "unit": {"type": "string"}}, "required": ["city"]}}}]
            """, to: "tools.json")
        let created = try await home.run(
            "assistants", "create", "--name", "Weather woman", "--tools", tools)
        #expect(created.status == 0, "\(created)")
        return try #require(created.lines.first)
    }

    private func answer(
        _ run: Run, in directory: String, _ server: ModelServer
    ) async throws -> [AssistantEvent] {
        var sources = ModelSources()
        sources.url = server.baseURL
        sources.discovers = false
        let engine = try await Engine.open(
            directory: directory,
            models: ModelDirectory(sources: sources, transport: AsyncHTTPTransport.shared))
        let outputs = run.requiredAction.map { ToolOutput(toolCallID: $0.id, output: "sunny") }
        var events: [AssistantEvent] = []
        let stream = try await engine.streamToolOutputs(
            outputs, to: run.id, on: run.threadID, for: .trusted)
        for try await event in stream { events.append(event) }
        await engine.close()
        return events
    }

    @Test("says in one line that a question is too long for the model") func overflow() async throws
    {
        let home = try ProgramHome()
        let server = try await ModelServer.start(context: 256, parallel: 1)
        let question = Array(repeating: "word1 word2 word3", count: 400).joined(separator: " ")
        let result = try await home.run(
            "ask", "--model-url", server.baseURL, "-", input: question)
        #expect(result.status == 1)
        #expect(result.output == "")
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(result.errors.contains("too long"))
        #expect(result.errors.contains("256"))
    }

    @Test("says that an answer was cut by the end of the context") func length() async throws {
        let home = try ProgramHome()
        let server = try await ModelServer.start(context: 256, parallel: 1)
        let filling = Array(repeating: "word1 word2", count: 8).joined(separator: " ")
        let result = try await home.run(
            "ask", "--json", "--model-url", server.baseURL, "something long", filling)
        #expect(result.status == 1)
        #expect(result.errors.contains("incomplete"))
        let lines = try EventLines(result.lines)
        #expect(
            lines.order.suffix(4) == [
                "thread.message.incomplete", "thread.run.step.completed", "thread.run.incomplete",
                "done",
            ])
        #expect(try lines.transcript().messages.first?.text.hasPrefix("word1 word2") == true)
    }

    @Test("goes on in a thread, with what was said before") func thread() async throws {
        let (home, server) = try await (ProgramHome(), ModelServer.start())
        let first = try await home.run("ask", "--model-url", server.baseURL, "hi")
        #expect(first.status == 0)
        let id = try #require(try await home.run("threads", "list").lines.first).prefix {
            $0 != "\t"
        }
        let second = try await home.run(
            "ask", "--thread", String(id), "--model-url", server.baseURL, "hi", "again")
        #expect(second.status == 0, "\(second)")
        let threads = try await home.run("threads", "list")
        #expect(threads.lines.count == 1)
        let shown = try await home.run("threads", "show", String(id))
        #expect(
            shown.output == "user:\nhi\n\nassistant:\n\(Self.hello)\n\n"
                + "user:\nhi again\n\nassistant:\n\(Self.hello)\n\n")
    }
}
