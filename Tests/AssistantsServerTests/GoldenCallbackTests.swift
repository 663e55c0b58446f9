import Assistants
import TestSupport
import Testing
import Wire

@Suite(
    "openai-python's callbacks",
    .enabled(if: Fixture.isPresent && Peers.isPresent, "run Tests/Peers/prepare"))
struct GoldenCallbackTests {
    @Test("come in the recorded order, from streams of our server") func recorded() async throws {
        let scenarios = try GoldenScenarios()
        #expect(scenarios.names.count == 22)
        let server = try await TestServer(scenarios.service)
        let result = try await Peers.python(
            "openai_checks.py", ["callbacks"] + scenarios.names,
            environment: ["OPENAI_BASE_URL": server.url + "/v1", "OPENAI_API_KEY": "test"])
        await server.stop()
        #expect(result.lines.count == scenarios.names.count, "\(result)")
        for (name, line) in zip(scenarios.names, result.lines) {
            let heard = try JSONValue(parsing: line)
            let golden = try scenarios.golden(name, "python_3_52_0")
            #expect(heard["raised"] == golden["raised"], "\(name)")
            let expected = golden["callbacks"]?.arrayValue ?? []
            let callbacks = heard["callbacks"]?.arrayValue ?? []
            for (place, callback) in callbacks.enumerated() where place < expected.count {
                #expect(
                    callback.asOnOurWire == expected[place].text, "\(name), callback \(place)")
            }
            #expect(callbacks.count == expected.count, "\(name)")
        }
    }

    @Test("print code and its output in the documents' program") func program() async throws {
        let scenarios = try GoldenScenarios()
        let service = ScriptedService()
        for id in ["thread_id", "thread_abc123"] {
            service.add(Assistants.Thread(id: id, createdAt: 1), messages: [])
        }
        service.stream(try scenarios.events(of: "code") + [.done], on: "thread_id")
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
}
