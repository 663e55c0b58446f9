import Assistants
import AssistantsServer
import TestSupport
import Testing
import Wire

@Suite("A server with slow clients", .timeLimit(.minutes(5)))
struct PatienceTests {
    @Test("closes what says nothing, or too little")
    func patience() async throws {
        let served = try await ServedEngine { settings in
            settings.limits.headPatience = .milliseconds(100)
        }
        // The head may take its time here: only what follows may not.
        let other = try await ServedEngine { settings in
            settings.limits.bodyPatience = .milliseconds(100)
            settings.limits.idlePatience = .milliseconds(100)
        }
        let (port, otherPort) = (served.server.port, other.server.port)
        let rests = try await onThread {
            var silent = try RawClient(port: port)
            var slowHead = try RawClient(port: port)
            slowHead.send("GET /v1/models HTT")
            var slowBody = try RawClient(port: otherPort)
            slowBody.ask(
                "POST /v1/threads",
                headers: ["Content-Type: application/json", "Content-Length: 1000000"])
            slowBody.send("{")
            var idle = try RawClient(port: otherPort)
            idle.ask("GET /v1/models")
            let status = idle.answer()?.status
            return (
                silent.readToEnd(), slowHead.readToEnd(), slowBody.readToEnd(), idle.readToEnd(),
                status
            )
        }
        #expect(rests.0.isEmpty && rests.1.isEmpty && rests.2.isEmpty && rests.3.isEmpty)
        #expect(rests.4 == 200)
        await served.close()
        await other.close()
    }

    @Test("answers many requests in one piece, in their order")
    func pipelining() async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        let statuses = try await onThread {
            var client = try RawClient(port: port)
            let requests = (0..<1_000).map { number in
                "GET /v1/\(number % 2 == 0 ? "models" : "nothing") HTTP/1.1\r\nHost: localhost\r\n"
                    + "Authorization: Bearer test\r\n\r\n"
            }
            client.send(requests.joined())
            return (0..<1_000).map { _ in client.answer()?.status }
        }
        #expect(statuses == (0..<1_000).map { $0 % 2 == 0 ? 200 : 404 })
        await served.close()
    }

    @Test("answers whoever has said all and closed that side")
    func halfClose() async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        let status = try await onThread {
            var client = try RawClient(port: port)
            client.ask("GET /v1/models")
            client.endSending()
            return client.answer()?.status
        }
        #expect(status == 200)
        await served.close()
    }

    @Test("answers others while a flood of connections says nothing")
    func flood() async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        let statuses = try await onThread {
            let silent = try Connections(count: 300, port: port)
            defer { silent.close() }
            return try (0..<50).map { _ in
                try RawClient.ask(port: port, "GET /v1/models").status
            }
        }
        #expect(statuses.allSatisfy { $0 == 200 })
        await served.close()
    }

    @Test("says that its last words were its last, after a request that it does not read")
    func unread() async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        let (answer, rest) = try await onThread {
            var client = try RawClient(port: port)
            client.ask(
                "POST /v1/threads", key: nil, headers: ["Content-Length: 10000000"])
            client.send([UInt8](repeating: 0x20, count: 1 << 20))
            return (client.answer(), client.readToEnd())
        }
        #expect(answer?.status == 401)
        #expect(answer?.header("connection") == "close")
        #expect(rest.isEmpty)
        await served.close()
    }
}
