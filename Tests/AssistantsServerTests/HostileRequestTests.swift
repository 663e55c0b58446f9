import Foundation
import TestSupport
import Testing
import Wire

@Suite(
    "A server among strangers", .enabled(if: Fixture.isPresent),
    .timeLimit(LongForms.timeLimit))
struct HostileRequestTests {
    struct Case: Sendable {
        var name: String
        var bytes: [UInt8]
        var statuses: [Int]
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

    @Test("answers each request as it must, and the next one too, and does not grow")
    func answers() async throws {
        let server = try await ServedProgram(home: ProgramHome(), model: nil)
        let process = server.program.processID
        let before = try Memory(of: process)
        for _ in 0..<(LongForms.areAsked ? 50 : 3) { try await send(to: server) }
        let after = try Memory(of: process)
        // The most that it ever had, its own start included.
        #expect(after.most - before.resident < 32 << 20, "\(before), then \(after)")
        let log = server.program.sofar.errorBytes
        #expect(log.forbidden() == nil)
        #expect(!String(decoding: log, as: UTF8.self).contains(server.key))
    }

    /// Sends every case on a connection of its own.
    private func send(to server: ServedProgram) async throws {
        let (port, key) = (server.port, server.key)
        for entry in Self.cases {
            let (answer, next) = try await onThread {
                var client = try RawClient(port: port)
                client.send(entry.bytes.replacing("Bearer test".utf8, with: "Bearer \(key)".utf8))
                let answer = client.answer()
                return (answer, try RawClient.ask(port: port, "GET /v1/models", key: key))
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
    }
}

/// What a process has of the machine's memory, in bytes.
private struct Memory {
    /// Now.
    var resident: Int
    /// At most, since it was started.
    var most: Int

    init(of process: Int32) throws {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        func bytes(_ name: String) throws -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
            let number = line?.split { $0 == " " || $0 == "\t" }.dropFirst().first
            return try #require(number.flatMap { Int($0) }) << 10
        }
        resident = try bytes("VmRSS:")
        most = try bytes("VmHWM:")
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
