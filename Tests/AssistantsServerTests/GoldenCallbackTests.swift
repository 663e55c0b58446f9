import Assistants
import TestSupport
import Testing
import Wire

@Suite(
    "openai-python's callbacks",
    .enabled(if: Fixture.isPresent && Peers.isPresent, "run Tests/Peers/prepare"))
struct GoldenCallbackTests {
    /// Not served: our server never sends an error that way, so nothing behind it can.
    private static let absent: Set<String> = ["err_flat"]

    @Test("come in the recorded order, from streams of our server") func recorded() async throws {
        let scenarios = try #require(
            try JSONValue(parsing: Fixture.shared("contract/golden-callbacks.json")).objectValue)
        let service = ScriptedService()
        var names: [String] = []
        for (name, scenario) in scenarios where !Self.absent.contains(name) {
            service.stream(try Self.events(scenario) + [.done], on: name)
            names.append(name)
        }
        #expect(names.count == 21)
        let server = try await TestServer(service)
        let result = try await Peers.python(
            "openai_checks.py", ["callbacks"] + names,
            environment: ["OPENAI_BASE_URL": server.url + "/v1", "OPENAI_API_KEY": "test"])
        await server.stop()
        #expect(result.lines.count == names.count, "\(result)")
        for (name, line) in zip(names, result.lines) {
            let heard = try JSONValue(parsing: line)
            let golden = scenarios[name]?["python_3_52_0"]
            #expect(heard["raised"] == golden?["raised"], "\(name)")
            let expected = golden?["callbacks"]?.arrayValue ?? []
            let callbacks = heard["callbacks"]?.arrayValue ?? []
            for (place, callback) in callbacks.enumerated() where place < expected.count {
                // On our wire a search always has its results; the hand-made recording has none.
                let text = callback.text.replacing(#""results":[]"#, with: "")
                #expect(text == expected[place].text, "\(name), callback \(place)")
            }
            #expect(callbacks.count == expected.count, "\(name)")
        }
    }

    @Test("print code and its output in the documents' program") func program() async throws {
        let scenarios = try JSONValue(parsing: Fixture.shared("contract/golden-callbacks.json"))
        let code = try #require(scenarios["code"])
        let service = ScriptedService()
        for id in ["thread_id", "thread_abc123"] {
            service.add(Assistants.Thread(id: id, createdAt: 1), messages: [])
        }
        service.stream(try Self.events(code) + [.done], on: "thread_id")
        let server = try await TestServer(service)
        let result = try await Peers.python(
            "openai_samples.py",
            [#require(Fixture.root) + "/seeds", "handler, create_and_stream"],
            environment: ["OPENAI_BASE_URL": server.url + "/v1", "OPENAI_API_KEY": "test"])
        await server.stop()
        #expect(
            result.output.hasPrefix("\nassistant > code_interpreter\n\n1+1\n\noutput >\n\n2\n"),
            "\(result)")
        #expect(result.output.contains("\nassistant > "))
        #expect(service.calls.filter { $0 == "createMessage" }.count == 2)
    }

    private static func events(_ scenario: JSONValue) throws -> [AssistantEvent] {
        try (scenario["sse"]?.arrayValue ?? []).map { pair in
            try AssistantEvent(
                name: #require(pair[0]?.stringValue), data: #require(pair[1]).bytes)
        }
    }
}
