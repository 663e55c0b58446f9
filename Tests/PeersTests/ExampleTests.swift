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

    /// Asks a question that is not answered yet, then runs an example on its thread.
    private func run(_ example: String, _ server: ServedProgram) async throws -> Program.Result {
        let client = AssistantsClient(baseURL: server.baseURL, key: server.key)
        _ = try await client.threads.messages.create(in: "thread_id", "hi")
        let folder = URL(filePath: ProgramHome.program).deletingLastPathComponent().path
        let program = try Program(
            ["\(folder)/example-\(example)", "thread_id", "assistant_id"], input: [],
            environment: server.home.environment.merging(server.variables) { $1 },
            countsWrites: false)
        return await program.result(seconds: 60)
    }
}
