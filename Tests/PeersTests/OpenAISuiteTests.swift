import TestSupport
import Testing
import Wire

/// The tests that openai-python brings in its source package, of every resource that is served:
/// they check each answer strictly against the SDK's types.
@Suite(
    "openai-python's own tests",
    .enabled(if: LongForms.areAsked && Peers.isPresent, "asked for by script/test --full"),
    .timeLimit(.minutes(20)))
struct OpenAISuiteTests {
    /// The model that a version's tests ask for by its name.
    private static func model(_ sdk: SDKVersion) -> String {
        switch sdk {
        case .beta, .second: "gpt-4o-mini"
        case .newest: "gpt-6-astra"
        }
    }

    @Test("pass, but for those that ask for what is not", arguments: SDKVersion.allCases)
    func tests(sdk: SDKVersion) async throws {
        let home = try ProgramHome()
        let seeds = home.path + "/seeds"
        let written = try await Peers.python(
            "openai_suite.py", ["seeds", seeds], sdk: sdk, environment: home.environment)
        #expect(written.status == 0, "\(written)")
        let imported = try await home.run("import", seeds)
        #expect(imported.status == 0 && !imported.output.contains("Not carried"), "\(imported)")
        let server = try await ServedProgram(
            home: home, model: .start(alias: Self.model(sdk), parallel: 4, embeds: true))

        let suite = try #require(Peers.folder) + "/" + sdk.folder + "/suite"
        let result = try await server.python(
            "openai_suite.py", "run", suite, sdk: sdk, seconds: 1000)
        #expect(result.status == 0, "\(result.errors.suffix(2000))")
        var passed: Set<String> = []
        for line in result.lines {
            let test = try JSONValue(parsing: line)
            let name = try #require(test["test"]?.stringValue)
            let failure = test["failure"]?.stringValue
            let reason = OpenAISuiteExceptions.reason(for: name, of: sdk)
            #expect((failure == nil) == (reason == nil), "\(name): \(failure ?? "it passes")")
            if failure == nil { passed.insert(name) }
        }
        #expect(passed.count > 700)
    }
}
