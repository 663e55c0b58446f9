import Assistants
import TestSupport
import Testing
import Wire

@Suite("What openai-python sends", .enabled(if: Fixture.isPresent), .timeLimit(.minutes(5)))
struct RecordedRequestTests {
    private struct Sent: Sendable {
        var line: String
        var template: String
        var body: String?
        var isLenient: Bool
    }

    /// What the generated tests send and the API never took: both of two parameters of which it
    /// takes one, or neither; and models are not ours to delete.
    private static let exceptions: [(line: String, code: String)] = [
        ("POST /v1/assistants", "mutually_exclusive_parameters"),
        ("POST /v1/threads", "mutually_exclusive_parameters"),
        ("POST /v1/vector_stores/vs_abc123/file_batches", "mutually_exclusive_parameters"),
        ("POST /v1/vector_stores/vs_abc123/file_batches", "missing_required_parameter"),
        ("DELETE /v1/models/", "method_not_supported"),
    ]

    private static func sent() throws -> [Sent] {
        let json = try JSONValue(parsing: Fixture.shared("suites/openai-python/requests.json"))
        return (json["cases"]?.arrayValue ?? []).compactMap { entry in
            guard let method = entry["method"]?.stringValue, let path = entry["path"]?.stringValue
            else { return nil }
            let query = entry["query"]?.stringValue ?? ""
            return Sent(
                line: "\(method) /v1\(path)\(query.isEmpty ? "" : "?" + query)",
                template: entry["template"]?.stringValue ?? "",
                body: entry["json"].flatMap { $0.isNull ? nil : $0.text },
                isLenient: entry["needs"] == "lenient")
        }
    }

    @Test("is understood: what is refused is only that its objects are not there")
    func reading() async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        let sent = try Self.sent()
        #expect(sent.count == 88)
        var understood = 0
        for request in sent {
            if ["/uploads", "/batches"].contains(where: request.template.hasPrefix) { continue }
            // A form; uploads have tests of their own.
            if request.line == "POST /v1/files" { continue }
            let answer = try await onThread {
                var client = try RawClient(port: port)
                client.ask(request.line, headers: ["Connection: close"], body: request.body)
                return client.head()
            }
            #expect(answer.status < 500, "\(request.line)")
            let error = answer.json?["error"]
            let told = "\(request.line) \(request.body ?? ""): \(error?.text ?? "")"
            let isMissing =
                answer.status == 404
                || (answer.status == 400 && error?["param"]?.stringValue?.hasSuffix("_id") == true
                    && error?["code"] == "invalid_value")
            let isException = Self.exceptions.contains { exception in
                request.line.hasPrefix(exception.line)
                    && error?["code"]?.stringValue == exception.code
            }
            #expect(
                answer.status == 200 || isMissing || request.isLenient || isException, "\(told)")
            if answer.status == 200 || isMissing { understood += 1 }
        }
        #expect(understood > 50)
        await served.close()
    }
}
