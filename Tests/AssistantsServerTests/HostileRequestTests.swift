import Assistants
import Foundation
import TestSupport
import Testing
import Wire

@Suite("A server among strangers", .enabled(if: Fixture.isPresent), .timeLimit(.minutes(5)))
struct HostileRequestTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        var statuses: [Int]
        var testDescription: String { name }
    }

    static let cases: [Case] = {
        guard let bytes = try? Fixture.shared("suites/malicious/http/raw-requests.json"),
            let json = try? JSONValue(parsing: bytes)
        else { return [] }
        return (json["cases"]?.arrayValue ?? []).map { entry in
            let data = entry["raw_base64"]?.stringValue.flatMap { Data(base64Encoded: $0) }
            return Case(
                name: entry["name"]?.stringValue ?? "", bytes: [UInt8](data ?? Data()),
                statuses: entry["expect_status"]?.arrayValue?.compactMap(\.integerValue) ?? [])
        }
    }()

    @Test("has requests to be tried with")
    func present() { #expect(Self.cases.count == 41) }

    @Test("answers each request as it must, and the next one too")
    func answers() async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        for entry in Self.cases {
            let (answer, next) = try await onThread {
                var client = try RawClient(port: port)
                client.send(entry.bytes)
                let answer = client.answer()
                return (answer, try RawClient.ask(port: port, "GET /v1/models"))
            }
            #expect(next.status == 200, "\(entry.name)")
            guard let answer else {
                Issue.record("\(entry.name): closed without an answer")
                continue
            }
            #expect(entry.statuses.contains(answer.status), "\(entry.name): \(answer.status)")
            if answer.status == 200 { continue }
            let error = answer.json?["error"]
            #expect(error?["message"]?.stringValue != nil, "\(entry.name)")
            #expect(error?["type"]?.stringValue == "invalid_request_error", "\(entry.name)")
        }
        await served.close()
    }
}

/// Runs what blocks on a thread of its own.
func onThread<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Foundation.Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
    }
}
