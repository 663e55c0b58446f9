import Assistants
import AssistantsEngine
import Foundation
import TestSupport
import Testing
import Wire

@Suite("A request sent twice", .timeLimit(.minutes(5)))
struct RepeatedRequestTests {
    private static let retry = "X-Stainless-Retry-Count: 1"

    @Test("is carried out once, where it says that it is a retry")
    func retries() async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        let bodies = try await onThread {
            let ask = { (body: String, headers: [String]) in
                try RawClient.ask(port: port, "POST /v1/threads", headers: headers, body: body)
                    .json?["id"]?.stringValue ?? ""
            }
            let first = try ask("{}", ["X-Stainless-Retry-Count: 0"])
            let second = try ask("{}", [])
            let retries = [try ask("{}", [Self.retry]), try ask("{}", [Self.retry])]
            let other = try ask("{\"metadata\":{}}", [Self.retry])
            let failed = try RawClient.ask(
                port: port, "POST /v1/threads", key: "team-a", headers: [Self.retry], body: "{}")
            return (first, second, retries, other, failed.json?["id"]?.stringValue ?? "")
        }
        #expect(bodies.0 != bodies.1)
        #expect(Set(bodies.2) == [bodies.0, bodies.1])
        #expect(![bodies.0, bodies.1].contains(bodies.3))
        #expect(![bodies.0, bodies.1].contains(bodies.4))
        let threads = try await served.engine.threads(PageRequest(), for: .trusted)
        #expect(threads.data.count == 4)
        await served.close()
    }

    /// The request for a run whose answer waits after its first word.
    private func waitingRun(_ served: ServedEngine) async throws -> String {
        served.model.add([.say(.text("One ")), .wait] + ScriptedModel.text("two."))
        let assistant = try await served.engine.createAssistant(
            AssistantRequest(model: "scripted"), for: .trusted)
        return "{\"assistant_id\":\"\(assistant.id)\",\"stream\":true,"
            + "\"thread\":{\"messages\":[{\"role\":\"user\",\"content\":\"Q\"}]}}"
    }

    @Test("gets the one stream of its run, from the beginning")
    func streams() async throws {
        let served = try await ServedEngine()
        let body = try await waitingRun(served)
        let (port, model) = (served.server.port, served.model)
        let text = try await onThread {
            var first = try RawClient(port: port)
            first.ask("POST /v1/threads/runs", body: body)
            _ = first.read(until: "One ")
            var second = try RawClient(port: port)
            second.ask(
                "POST /v1/threads/runs", headers: [Self.retry, "Connection: close"], body: body)
            _ = second.read(until: "\r\n\r\n")
            let push = goOn(model)
            defer { push.cancel() }
            return unchunked(second.readToEnd())
        }
        #expect(text.hasPrefix("event: thread.created\n"))
        #expect(text.contains("One "))
        #expect(text.contains("two."))
        #expect(text.hasSuffix("event: done\ndata: [DONE]\n\n"))
        #expect(model.requests.count == 1)
        await served.close()
    }

    @Test("has one answer for its idempotency key")
    func keys() async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        let answers = try await onThread {
            try [("a", "{}"), ("a", "{}"), ("b", "{}"), ("a", "{\"metadata\":{}}")].map {
                key, body in
                try RawClient.ask(
                    port: port, "POST /v1/threads", headers: ["Idempotency-Key: \(key)"],
                    body: body)
            }
        }
        #expect(answers.map(\.status) == [200, 200, 200, 400])
        #expect(answers[0].body == answers[1].body)
        #expect(answers[0].body != answers[2].body)
        #expect(answers[0].header("idempotent-replayed") == nil)
        #expect(answers[1].header("idempotent-replayed") == "true")
        #expect(answers[3].json?["error"]?["type"] == "idempotency_error")
        await served.close()
    }

    @Test("is refused where an earlier start of the server may have carried it out")
    func earlierStart() async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        let answers = try await onThread {
            try [("a", "0.7", 1), ("a", "0.7", 0), ("b", "1", 1)].map {
                key, cursor, count in
                try RawClient.ask(
                    port: port, "POST /v1/threads",
                    headers: [
                        "Idempotency-Key: \(key)", "X-Switchboard-Cursor: \(cursor)",
                        "X-Stainless-Retry-Count: \(count)",
                    ], body: "{}")
            }
        }
        // What is no repetition, or does not say of which start, is carried out.
        #expect(answers.map(\.status) == [410, 200, 200])
        #expect(answers[0].json?["error"]?["code"] == "stream_lost")
        let threads = try await served.engine.threads(PageRequest(), for: .trusted)
        #expect(threads.data.count == 2)
        await served.close()
    }

    @Test("is refused while its key's first request is being answered, and then gets that answer")
    func runningKeys() async throws {
        let served = try await ServedEngine()
        let body = try await waitingRun(served)
        let (port, model) = (served.server.port, served.model)
        let key = ["Idempotency-Key: k"]
        let (status, first) = try await onThread {
            var first = try RawClient(port: port)
            first.ask("POST /v1/threads/runs", headers: key + ["Connection: close"], body: body)
            _ = first.read(until: "\r\n\r\n")
            let second = try RawClient.ask(
                port: port, "POST /v1/threads/runs", headers: key, body: body)
            let push = goOn(model)
            defer { push.cancel() }
            return (second.status, unchunked(first.readToEnd()))
        }
        #expect(status == 409)
        #expect(first.hasSuffix("[DONE]\n\n"))
        // The answer is kept a moment after the stream's end.
        var last = status
        var replayed: [UInt8] = []
        while last == 409 {
            let answer = try await onThread {
                try RawClient.ask(port: port, "POST /v1/threads/runs", headers: key, body: body)
            }
            (last, replayed) = (answer.status, answer.body)
        }
        #expect(last == 200)
        #expect(String(decoding: replayed, as: UTF8.self) == first)
        await served.close()
    }
}

/// Lets a model go on wherever it waits, until the task is cancelled.
func goOn(_ model: ScriptedModel) -> Task<Void, Never> {
    Task {
        while !Task.isCancelled {
            model.goOn()
            await Task.yield()
        }
    }
}
