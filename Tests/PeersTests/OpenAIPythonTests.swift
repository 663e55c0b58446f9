import TestSupport
import Testing
import Wire

@Suite("openai-python", .enabled(if: Peers.isPresent, "run Tests/Peers/prepare"))
struct OpenAIPythonTests {
    /// The version that is always there, or all.
    private static let versions: [SDKVersion?] =
        LongForms.areAsked ? SDKVersion.allCases : [nil]

    @Test(
        "works as it is, and gets what the API's OpenAPI file says",
        arguments: versions)
    func checks(sdk: SDKVersion?) async throws {
        let server = try await ServedProgram(
            home: ProgramHome(), model: .start(parallel: 4))
        let exchanges = RecordedExchanges(server: server)
        let result = try await exchanges.python("openai_checks.py", sdk: sdk)
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
        // The file is the authors': without it the answers are not judged.
        guard Fixture.isPresent else { return }
        let report = try await exchanges.report()
        #expect(report["wrong"] == [])
        #expect(report["unneeded"] == [], "Nothing answers that way: do not allow it.")
        #expect((report["checked"]?["answers"]?.integerValue ?? 0) > 100, "\(report)")
        #expect((report["checked"]?["events"]?.integerValue ?? 0) > 100, "\(report)")
    }

    @Test("is judged by a check that sees what is wrong", .enabled(if: Fixture.isPresent))
    func judge() async throws {
        let server = try await ServedProgram(home: ProgramHome(), model: nil)
        let exchanges = RecordedExchanges(server: server)
        let thread = #"{"id":"thread_1","object":"thread","created_at":1,"metadata":{}"#
        try exchanges.add(
            "GET", "/v1/threads/thread_1", type: "application/json",
            body: thread + #","tool_resources":{}}"#)
        try exchanges.add(
            "GET", "/v1/threads/thread_1", type: "application/json", body: thread + "}")
        try exchanges.add("PUT", "/v1/threads/thread_1", type: "application/json", body: "{}")
        try exchanges.add(
            "POST", "/v1/threads/runs", type: "text/event-stream",
            body: "event: thread.created\ndata: " + thread + "}\n\n"
                + "event: thread.nonsense\ndata: {}\n\n: ping\n\n"
                + "event: done\ndata: [DONE]\n\n")
        let report = try await exchanges.report()
        let wrong = report["wrong"]?.arrayValue?.compactMap(\.stringValue) ?? []
        #expect(
            wrong == [
                #"GET /threads/{thread_id} 200: /: "tool_resources" is a required property"#,
                "POST /threads/runs 200, thread.created: "
                    + #"/data: "tool_resources" is a required property"#,
                "POST /threads/runs 200: an unknown event thread.nonsense",
                "PUT /threads/thread_1: no such operation",
            ])
        #expect(report["checked"] == ["answers": 3, "events": 3])
        #expect(report["unneeded"]?.arrayValue?.count == 6)
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
