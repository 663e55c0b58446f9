import TestSupport
import Testing
import Wire

@Suite(
    "The API's OpenAPI file",
    .enabled(if: Fixture.isPresent && Peers.isPresent, "run Tests/Peers/prepare"))
struct SchemaTests {
    @Test("holds: no generated request gets a 5xx, or an answer that is not of its schema")
    func schemathesis() async throws {
        let cases = LongForms.areAsked ? 10_000 : 300
        let server = try await ServedProgram(home: ProgramHome(), model: nil)
        let specification = try #require(Fixture.root) + "/contract/assistants-v2.openapi.yaml"
        let result = try await server.python(
            "openapi_check.py", specification, "\(cases)", seconds: LongForms.areAsked ? 1200 : 240)
        let report = try JSONValue(parsing: result.output)
        #expect(report["wrong"] == [], "\(report["report"]?.stringValue ?? "")")
        #expect(report["status"] == 0, "\(result)")
        #expect((report["cases"]?.integerValue ?? 0) >= cases, "\(result)")
    }
}
