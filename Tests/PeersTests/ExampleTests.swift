import AssistantsClient
import FoundationEssentials
import TestSupport
import Testing

/// The programs of `docs/examples` beside the samples that they mirror, on one server.
@Suite("An example", .enabled(if: Fixture.isPresent && Peers.isPresent, "run Tests/Peers/prepare"))
struct ExampleTests {
    @Test("prints what the sample prints that it mirrors") func samples() async throws {
        let home = try ProgramHome()
        let file = try home.write(SampleProgramTests.saved, to: "saved/objects.json")
        #expect(try await home.run("import", file).status == 0)
        let server = try await ServedProgram(home: home, model: .start())
        for (example, sample) in [
            ("handler", "handler, create_and_stream"), ("handler", "helpers, handler"),
            ("events", "events"), ("text-deltas", "helpers, text"),
            ("listeners", "handler, stream"), ("chat", "chat, fixed"),
        ] {
            let theirs = try await server.python(
                "openai_samples.py", #require(Fixture.root) + "/seeds", sample)
            let ours = try await run(example, server)
            #expect(ours.output == theirs.output, "\(example): \(ours)")
            #expect(ours.status == 0 && !ours.output.isEmpty)
        }
        // The sample's callback for the run's end does not exist; ours does.
        let theirs = try await server.python(
            "openai_samples.py", #require(Fixture.root) + "/seeds", "text deltas by handler")
        let ours = try await run("until-done", server)
        #expect(ours.output == theirs.output + "\nDone!\n", "\(ours)")
    }

    @Test(
        "prints the code that is written and what it printed, as the sample does",
        arguments: ["codeinterp-logs-v1", "codeinterp-v2-01", "codeinterp-image-file-v1"])
    func code(name: String) async throws {
        let stream = try Fixture.shared("streams/assistants/\(name).sse")
        let server = try LoopbackServer { request in
            request.path.hasSuffix("/runs")
                ? .streamHead + .chunk(String(decoding: stream, as: UTF8.self)) + .streamEnd
                : .answer(200, #"{"id":"msg_1","object":"thread.message","role":"user"}"#)
        }
        defer { server.stop() }
        let environment = try ProgramHome().environment.merging([
            "OPENAI_BASE_URL": server.url + "/v1", "OPENAI_API_KEY": "k",
        ]) { $1 }
        let theirs = try await Peers.python(
            "openai_samples.py",
            [#require(Fixture.root) + "/seeds", "handler, create_and_stream"],
            environment: environment)
        let ours = try await run("handler", environment)
        // The SDK does not tell that the call of a second step began; ours does.
        let heading = "\nassistant > code_interpreter\n\n"
        let parts = ours.output.split(separator: heading, omittingEmptySubsequences: false)
        #expect(parts.count == (name == "codeinterp-image-file-v1" ? 3 : 2))
        #expect(
            parts[0] + heading + parts.dropFirst().joined() == theirs.output, "\(ours)")
        #expect(ours.status == 0)
        #expect(ours.output.contains("\n\noutput >\n") == (name != "codeinterp-v2-01"))
    }

    /// Asks a question that is not answered yet, then runs an example on its thread.
    private func run(_ example: String, _ server: ServedProgram) async throws -> Program.Result {
        let client = AssistantsClient(baseURL: server.baseURL, key: server.key)
        _ = try await client.threads.messages.create(in: "thread_id", "hi")
        return try await run(
            example, server.home.environment.merging(server.variables) { $1 })
    }

    private func run(
        _ example: String, _ environment: [String: String]
    ) async throws -> Program.Result {
        let folder = URL(filePath: ProgramHome.program).deletingLastPathComponent().path
        let program = try Program(
            ["\(folder)/example-\(example)", "thread_id", "assistant_id"], input: [],
            environment: environment, countsWrites: false)
        return await program.result(seconds: 60)
    }
}
