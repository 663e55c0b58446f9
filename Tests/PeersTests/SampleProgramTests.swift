import FoundationEssentials
import TestSupport
import Testing
import Wire

@Suite(
    "The documents' own programs",
    .enabled(if: Fixture.isPresent && Peers.isPresent, "run Tests/Peers/prepare"))
struct SampleProgramTests {
    private static let answer = "Hello! I am a tiny scripted model.\nAsk me about the weather."

    /// What a person saved before the switch-off: the threads and assistants that the documents
    /// name.
    static let saved = """
        [{"id": "assistant_id", "object": "assistant", "created_at": 1, "model": "tiny-scripted",
        "temperature": 0},
        {"id": "asst_xyz789", "object": "assistant", "created_at": 1, "model": "tiny-scripted",
        "temperature": 0},
        {"id": "thread_id", "object": "thread", "created_at": 1},
        {"id": "thread_abc123", "object": "thread", "created_at": 1}]
        """

    /// The version of the SDK that is always there, or all.
    private static let versions: [SDKVersion?] =
        LongForms.areAsked ? SDKVersion.allCases : [nil]

    @Test("run as they are printed", arguments: versions)
    func programs(sdk: SDKVersion?) async throws {
        let home = try ProgramHome()
        let file = try home.write(Self.saved, to: "saved/objects.json")
        let imported = try await home.run("import", file)
        #expect(imported.status == 0, "\(imported)")
        let server = RecordedExchanges(
            server: try await ServedProgram(home: home, model: .start()))
        let spoken = "\nassistant > " + Self.answer
        for (name, output) in [
            ("handler, create_and_stream", spoken), ("handler, stream", spoken),
            ("helpers, handler", spoken), ("events", Self.answer + "\nRun completed!\n"),
            // Its `on_run_completed` is no callback of the SDK, and is never called.
            ("text deltas by handler", Self.answer), ("chat, fixed", Self.answer + "\n"),
            // The document's text of the failure is older than the SDK.
            ("chat, broken", "AttributeError: 'tuple' object has no attribute 'choices'\n"),
        ] {
            let result = try await run(name, server, sdk)
            #expect(result.output == output, "\(name): \(result)")
            #expect(result.status == 0)
        }
        let pieces = try await run("helpers, text", server, sdk)
        #expect(pieces.output.filter { $0 != "\n" } == Self.answer.filter { $0 != "\n" })
        let events = try await run("helpers, events", server, sdk)
        #expect(events.output.contains("value='Hello"), "\(events)")
        let report = try await server.report()
        #expect(report["wrong"] == [])
        #expect((report["checked"]?["events"]?.integerValue ?? 0) > 100, "\(report)")
    }

    @Test("watch code being written and run") func code() async throws {
        let home = try ProgramHome()
        let assistant = """
            {"id": "assistant_code", "object": "assistant", "created_at": 1,
            "model": "tiny-scripted", "temperature": 0, "tools": [{"type": "code_interpreter"}]},
            """
        let objects = "[" + assistant + Self.saved.dropFirst()
        let file = try home.write(objects, to: "saved/objects.json")
        #expect(try await home.run("import", file).status == 0)
        let server = try await ServedProgram(home: home, model: .start())
        let result = try await Peers.python(
            "openai_samples.py",
            [#require(Fixture.root) + "/seeds", "handler, create_and_stream"],
            environment: home.environment.merging(server.variables) { $1 }
                .merging(["QUESTION": "compute", "ASSISTANT": "assistant_code"]) { $1 })
        #expect(
            result.output
                == "\nassistant > code_interpreter\n\nprint(sum(range(10)))\n\noutput >\n\n45\n\n"
                + "\nassistant > The tool said so, and that is the final answer.", "\(result)")
    }

    private func run(
        _ name: String, _ server: RecordedExchanges, _ sdk: SDKVersion?
    ) async throws -> Program.Result {
        let seeds = try #require(Fixture.root) + "/seeds"
        return try await server.python("openai_samples.py", seeds, name, sdk: sdk)
    }
}
