import Assistants
import AssistantsClient
import Synchronization
import TestSupport
import Testing
import Transport
import Wire

/// What is done where an answer got lost, and with it the knowledge whether its request was carried
/// out, at a server that knows no repeated request.
@Suite("A request whose answer got lost") struct DoubtTests {
    private static func list(_ objects: [JSONValue]) -> ScriptedTransport.Answer {
        let json: JSONValue = ["object": "list", "data": .array(objects)]
        return ScriptedTransport.Answer(200, text: json.text)
    }

    private static func posts(_ transport: ScriptedTransport) -> Int {
        transport.requests.filter { $0.method == "POST" }.count
    }

    private static func client(_ transport: ScriptedTransport) -> AssistantsClient {
        Scripted.client(transport, clock: SkippingClock().clock)
    }

    /// The objects that were posted, with ids.
    private static func posted(
        _ requests: [HTTPRequest], _ id: String, _ more: JSONObject
    ) -> [JSONValue] {
        requests.enumerated().compactMap { place, request in
            guard request.method == "POST",
                let body = try? JSONValue(parsing: request.body).objectValue
            else { return nil }
            var object = more
            object["id"] = .string("\(id)_\(place)")
            object["metadata"] = body["metadata"] ?? [:]
            return .object(object)
        }
    }

    @Test(
        "for a message finds the message, and posts once",
        arguments: [ScriptedTransport.Answer.failure(.cut), .init(500, text: "{}")])
    func message(first: ScriptedTransport.Answer) async throws {
        let requests = Mutex<[HTTPRequest]>([])
        let transport = ScriptedTransport { request, number in
            requests.withLock { $0.append(request) }
            if number == 0 { return first }
            let all = requests.withLock { $0 }
            return Self.list(Self.posted(all, "msg", ["role": "user"]))
        }
        let message = try await Self.client(transport).threads.messages.create(in: "t", "Hello")
        #expect(message.id == "msg_0")
        #expect(Self.posts(transport) == 1)
    }

    @Test("for a message that is not there posts it again, under the same name")
    func lostRequest() async throws {
        let transport = ScriptedTransport { request, number in
            switch number {
            case 0: .failure(.cut)
            case 1: Self.list([["id": "msg_other", "role": "user"]])
            default: .init(200, text: #"{"id":"msg_1","role":"user"}"#)
            }
        }
        let message = try await Self.client(transport).threads.messages.create(in: "t", "Hello")
        #expect(message.id == "msg_1")
        let bodies = transport.requests.filter { $0.method == "POST" }.map(\.body)
        #expect(bodies.count == 2)
        #expect(bodies[0] == bodies[1])
        #expect(String(decoding: bodies[0], as: UTF8.self).contains("client_id"))
    }

    @Test("for a run finds the run") func run() async throws {
        let requests = Mutex<[HTTPRequest]>([])
        let transport = ScriptedTransport { request, number in
            requests.withLock { $0.append(request) }
            if number == 0 { return .failure(.timedOut(.firstByte)) }
            let all = requests.withLock { $0 }
            return Self.list(
                [["id": "run_other", "status": "queued"]]
                    + Self.posted(all, "run", ["status": "queued"]))
        }
        let run = try await Self.client(transport).threads.runs.create(on: "t", assistant: "a")
        #expect(run.id == "run_0")
        #expect(Self.posts(transport) == 1)
    }

    @Test("for a thread with a run is not sent again, as nothing could find it")
    func threadAndRun() async throws {
        let transport = ScriptedTransport([.failure(.cut)])
        let error = await #expect(throws: APIError.self) {
            try await Self.client(transport).threads.createAndRun(
                ThreadRequest(), RunRequest(assistantID: "a"))
        }
        #expect(error?.isConnectionFailure == true)
        #expect(transport.requests.count == 1)
    }

    @Test("is not sent again without a name") func unmarked() async throws {
        let transport = ScriptedTransport([.failure(.cut)])
        let client = Scripted.client(transport, clock: SkippingClock().clock) {
            $0.marksCreations = false
        }
        await #expect(throws: APIError.self) {
            try await client.threads.messages.create(in: "t", "Hello")
        }
        let full = Dictionary(uniqueKeysWithValues: (0..<16).map { ("k\($0)", "v") })
        await #expect(throws: APIError.self) {
            try await Self.client(transport).threads.messages.create(
                in: "t", "Hello", metadata: full)
        }
        #expect(transport.requests.count == 2)
    }

    @Test("that never reached the server is sent again without a look") func unsent() async throws {
        let transport = ScriptedTransport([
            .failure(.cannotConnect(.refused)), .init(200, text: #"{"id":"msg_1","role":"user"}"#),
        ])
        _ = try await Self.client(transport).threads.messages.create(in: "t", "Hello")
        #expect(transport.requests.map(\.method) == ["POST", "POST"])
    }

    @Test("for tool outputs asks whether the run still waits for them", arguments: [true, false])
    func outputs(waits: Bool) async throws {
        let waiting =
            #"{"id":"run_1","status":"requires_action","required_action":"#
            + #"{"type":"submit_tool_outputs","submit_tool_outputs":{"tool_calls":["#
            + #"{"id":"call_1","type":"function","function":"#
            + #"{"name":"f","arguments":"{}"}}]}}}"#
        let queued = #"{"id":"run_1","status":"queued"}"#
        let transport = ScriptedTransport { request, number in
            if number == 0 { return .failure(.cut) }
            return .init(200, text: waits && request.method == "GET" ? waiting : queued)
        }
        let run = try await Self.client(transport).threads.runs.submitToolOutputs(
            [ToolOutput(toolCallID: "call_1", output: "1")], to: "run_1", on: "t")
        #expect(run.status == .queued)
        #expect(Self.posts(transport) == (waits ? 2 : 1))
    }

    @Test("for a deletion looks whether the thing is gone") func deletion() async throws {
        let transport = ScriptedTransport { request, _ in
            request.method == "DELETE" ? .failure(.cut) : .init(404, text: "{}")
        }
        try await Self.client(transport).threads.delete("t")
        #expect(transport.requests.map(\.method) == ["DELETE", "GET"])
    }

    @Test("at our own server is sent again as it was, as that server knows it")
    func ours() async throws {
        let transport = ScriptedTransport { _, number in
            switch number {
            case 1: .failure(.cut)
            default:
                .init(
                    200, headers: [("Server", "switchboard")],
                    text: #"{"id":"msg_1","role":"user","object":"thread"}"#)
            }
        }
        let client = Self.client(transport)
        _ = try await client.threads.retrieve("t")
        _ = try await client.threads.messages.create(in: "t", "Hello")
        let posts = transport.requests.dropFirst()
        #expect(posts.map(\.method) == ["POST", "POST"])
        #expect(Set(posts.map(\.body)).count == 1)
        #expect(Set(posts.compactMap { $0.header("idempotency-key") }).count == 1)
        #expect(posts.last?.header("x-stainless-retry-count") == "1")
        #expect(!String(decoding: posts[1].body, as: UTF8.self).contains("client_id"))
    }
}
