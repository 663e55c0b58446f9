import TestSupport
import Testing
import Wire

@Suite("openai-python", .enabled(if: Peers.isPresent, "run Tests/Peers/prepare"))
struct OpenAIPythonTests {
    /// The version that is always there, or all.
    private static let versions: [SDKVersion?] =
        LongForms.areAsked ? SDKVersion.allCases : [nil]

    @Test(
        "works as it is: polls, streams, handlers, objects, files and vector stores",
        arguments: versions)
    func checks(sdk: SDKVersion?) async throws {
        let server = try await ServedProgram(
            home: ProgramHome(), model: .start(parallel: 4))
        let result = try await server.python("openai_checks.py", sdk: sdk)
        var count = 0
        for line in result.lines {
            let check = try JSONValue(parsing: line)
            let name = try #require(check["check"]?.stringValue)
            let failure = check["failure"]?.stringValue
            #expect(failure == nil, "\(name): \(failure ?? "")")
            count += 1
        }
        #expect(result.status == 0, "\(result)")
        #expect(count >= 14)
        let version = try await server.python("openai_checks.py", "version", sdk: sdk)
        #expect(version.lines == [(sdk ?? .newest).rawValue])
    }

    @Test("loses and doubles nothing through a proxy that loses, delays and doubles answers")
    func retries() async throws {
        let server = try await ServedProgram(home: ProgramHome(), model: nil)
        let result = try await server.python("openai_retries.py", seconds: 240)
        let report = try JSONValue(parsing: result.output)
        #expect(report["created"] == 1000, "\(result)")
        #expect(report["lost"] == 0, "\(result)")
        #expect(report["doubled"] == 0, "\(result)")
        #expect((report["faults"]?["answer lost"]?.integerValue ?? 0) > 50, "\(result)")
    }
}
