import AssistantsClient
import FoundationEssentials
import TestSupport
import Testing

/// A package as strangers make it, of which `script/consumer` knows how it is made.
@Suite(
    "A package that depends on the libraries",
    .enabled(if: LongForms.areAsked && Peers.isPresent, "asked for by script/test --full"),
    .timeLimit(LongForms.timeLimit))
struct ConsumerTests {
    @Test("builds without a warning, and its program does what the example does")
    func program() async throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let script = try Program(
            ["/bin/bash", root + "/script/consumer"], input: [],
            environment: ProcessInfo.processInfo.environment, countsWrites: false)
        let build = await script.result(seconds: 1800)
        try #require(build.status == 0, "\(build.errors)")

        let home = try ProgramHome()
        let file = try home.write(SampleProgramTests.saved, to: "saved/objects.json")
        #expect(try await home.run("import", file).status == 0)
        let server = try await ServedProgram(home: home, model: .start())
        let folder = URL(filePath: ProgramHome.program).deletingLastPathComponent().path
        let example = try await run(folder + "/example-handler", server)
        let consumer = try await run(#require(build.lines.last), server)
        #expect(consumer.output == example.output, "\(consumer)")
        #expect(consumer.status == 0 && !consumer.output.isEmpty)
    }

    /// Asks a question that is not answered yet, then runs a program on its thread.
    private func run(_ path: String, _ server: ServedProgram) async throws -> Program.Result {
        let client = AssistantsClient(baseURL: server.baseURL, key: server.key)
        _ = try await client.threads.messages.create(in: "thread_id", "hi")
        let program = try Program(
            [path, "thread_id", "assistant_id"], input: [],
            environment: server.home.environment.merging(server.variables) { $1 },
            countsWrites: false)
        return await program.result(seconds: 60)
    }
}
