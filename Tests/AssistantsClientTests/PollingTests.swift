import Assistants
import AssistantsClient
import Synchronization
import TestSupport
import Testing
import Transport
import Wire

@Suite("Waiting by asking again", .timeLimit(.minutes(5))) struct PollingTests {
    /// A server on which everything is in progress for three questions.
    private static func server(
        hint: String? = nil, last: String = "completed"
    ) -> ScriptedTransport {
        let asked = Mutex(0)
        return ScriptedTransport { request, _ in
            let headers = hint.map { [("openai-poll-after-ms", $0)] } ?? []
            if request.url.hasSuffix("/files") && request.method == "POST"
                && !request.url.contains("vector_stores")
            {
                return .init(200, text: #"{"id":"file-1"}"#)
            }
            let count = asked.withLock { asked in
                if request.method == "GET" { asked += 1 }
                return asked
            }
            let status = count > 3 ? last : "in_progress"
            let counts = #"{"in_progress":\#(count > 3 ? 0 : 1),"completed":1}"#
            return .init(
                200, headers: headers,
                text: #"{"id":"x_1","thread_id":"t","vector_store_id":"v","status":"\#(status)","#
                    + #""file_counts":\#(counts)}"#)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var requests: [String]
        var call: @Sendable (AssistantsClient, Polling) async throws -> String

        init(
            _ name: String, _ requests: [String],
            _ call: @escaping @Sendable (AssistantsClient, Polling) async throws -> String
        ) {
            testDescription = name
            self.requests = requests
            self.call = call
        }
    }

    private static let upload = FileUpload(path: #filePath, filename: "f", purpose: "assistants")

    static let helpers = [
        Case("create a run", ["POST /threads/t/runs", "GET /threads/t/runs/x_1"]) {
            try await $0.threads.runs.createAndPoll(
                on: "t", RunRequest(assistantID: "a"), polling: $1
            ).status.wireName
        },
        Case("create a thread and run", ["POST /threads/runs", "GET /threads/t/runs/x_1"]) {
            try await $0.threads.createAndRunPoll(
                ThreadRequest(), RunRequest(assistantID: "a"), polling: $1
            ).status.wireName
        },
        Case(
            "submit outputs",
            ["POST /threads/t/runs/r/submit_tool_outputs", "GET /threads/t/runs/x_1"]
        ) {
            try await $0.threads.runs.submitToolOutputsAndPoll(
                [ToolOutput(toolCallID: "c", output: "")], to: "r", on: "t", polling: $1
            ).status.wireName
        },
        Case(
            "create a store's file",
            ["POST /vector_stores/v/files", "GET /vector_stores/v/files/x_1"]
        ) {
            try await $0.vectorStores.files.createAndPoll(
                in: "v", VectorStoreFileRequest(fileID: "f"), polling: $1
            ).status.wireName
        },
        Case(
            "upload a store's file",
            ["POST /files", "POST /vector_stores/v/files", "GET /vector_stores/v/files/x_1"]
        ) {
            try await $0.vectorStores.files.uploadAndPoll(in: "v", upload, polling: $1)
                .status.wireName
        },
        Case(
            "create a batch",
            ["POST /vector_stores/v/file_batches", "GET /vector_stores/v/file_batches/x_1"]
        ) {
            try await $0.vectorStores.fileBatches.createAndPoll(
                in: "v", [VectorStoreFileRequest(fileID: "f")], polling: $1
            ).status.wireName
        },
        Case(
            "upload a batch",
            [
                "POST /files", "POST /files", "POST /vector_stores/v/file_batches",
                "GET /vector_stores/v/file_batches/x_1",
            ]
        ) {
            try await $0.vectorStores.fileBatches.uploadAndPoll(
                in: "v", [upload, upload], polling: $1
            ).status.wireName
        },
    ]

    @Test("ends when the thing is done, after a second each time", arguments: helpers)
    func helper(helper: Case) async throws {
        let (transport, clock) = (Self.server(), SkippingClock())
        let client = Scripted.client(transport, clock: clock.clock)
        #expect(try await helper.call(client, Polling()) == "completed")
        let requests = transport.requests.map { "\($0.method) \($0.url.dropFirst(16))" }
        let question = helper.requests.last ?? ""
        #expect(requests == helper.requests + Array(repeating: question, count: 3))
        #expect(clock.sleeps == [.seconds(1), .seconds(1), .seconds(1)])
    }

    @Test("waits as long as the server advises", arguments: helpers)
    func hint(helper: Case) async throws {
        let clock = SkippingClock()
        let client = Scripted.client(Self.server(hint: "120"), clock: clock.clock)
        #expect(try await helper.call(client, Polling()) == "completed")
        #expect(clock.sleeps == Array(repeating: .milliseconds(120), count: 3))
    }

    @Test("waits as long as the caller wants, whatever the server advises", arguments: helpers)
    func interval(helper: Case) async throws {
        let clock = SkippingClock()
        let client = Scripted.client(Self.server(hint: "120"), clock: clock.clock)
        let polling = Polling(interval: .milliseconds(7))
        #expect(try await helper.call(client, polling) == "completed")
        #expect(clock.sleeps == Array(repeating: .milliseconds(7), count: 3))
    }

    @Test("ends at its deadline, and not later", arguments: helpers)
    func deadline(helper: Case) async throws {
        let clock = SkippingClock()
        let client = Scripted.client(Self.server(), clock: clock.clock)
        let error = await #expect(throws: APIError.self) {
            _ = try await helper.call(client, Polling(deadline: .milliseconds(1500)))
        }
        #expect(error?.isTimeout == true)
        #expect(clock.now == .milliseconds(1500))
    }

    @Test("ends with its task", arguments: helpers) func cancellation(helper: Case) async throws {
        let client = Scripted.client(Self.server())
        let task = Task { _ = try await helper.call(client, Polling(interval: .seconds(3600))) }
        task.cancel()
        let error = await #expect(throws: APIError.self) { try await task.value }
        #expect(error?.isCancellation == true)
    }

    @Test(
        "ends at every state in which a run rests",
        arguments: [
            "requires_action", "cancelled", "completed", "failed", "expired", "incomplete",
        ])
    func states(status: String) async throws {
        let client = Scripted.client(Self.server(last: status), clock: SkippingClock().clock)
        let run = try await client.threads.runs.poll("x_1", on: "t")
        #expect(run.status.wireName == status)
    }

    @Test("uploads so many files at once and no more, and keeps their order", arguments: [1, 3, 5])
    func parallel(limit: Int) async throws {
        let transport = ParallelUploads(fails: nil)
        let uploads = (0..<12).map {
            FileUpload(path: #filePath, filename: "f\($0)", purpose: "assistants")
        }
        let batch = try await Scripted.client(transport).vectorStores.fileBatches.uploadAndPoll(
            in: "v", uploads, and: ["file-known"], parallel: limit)
        #expect(batch.status == .completed)
        #expect(transport.most <= limit)
        #expect(
            transport.added == ["file-known"] + (0..<12).map { JSONValue.string("file-f\($0)") })
    }

    @Test("adds nothing where an upload fails, and begins no further one") func failure()
        async throws
    {
        let transport = ParallelUploads(fails: "f1")
        let uploads = (0..<12).map {
            FileUpload(path: #filePath, filename: "f\($0)", purpose: "assistants")
        }
        let error = await #expect(throws: APIError.self) {
            try await Scripted.client(transport).vectorStores.fileBatches.uploadAndPoll(
                in: "v", uploads, parallel: 2)
        }
        #expect(error?.message == "too big")
        #expect(transport.added == nil)
        #expect(transport.uploadCount < 12)
    }
}

/// A server that takes uploads, several at once, and counts them.
private final class ParallelUploads: HTTPTransport {
    private struct State {
        var open = 0
        var most = 0
        var count = 0
        var added: [JSONValue]?
    }

    private let state = Mutex(State())
    private let fails: String?

    init(fails: String?) { self.fails = fails }

    var most: Int { state.withLock { $0.most } }
    var uploadCount: Int { state.withLock { $0.count } }
    var added: [JSONValue]? { state.withLock { $0.added } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        if request.url.contains("vector_stores") {
            let body = try? JSONValue(parsing: request.body)
            state.withLock { $0.added = body?["file_ids"]?.arrayValue ?? $0.added }
            return Self.answer(200, #"{"id":"b","status":"completed","file_counts":{}}"#)
        }
        state.withLock {
            $0.open += 1
            $0.count += 1
            $0.most = max($0.most, $0.open)
        }
        for _ in 0..<20 { await Task.yield() }
        state.withLock { $0.open -= 1 }
        let text = String(decoding: request.body, as: UTF8.self)
        let name = text.split(separator: "filename=\"").last?.prefix { $0 != "\"" } ?? ""
        if String(name) == fails {
            return Self.answer(400, #"{"error":{"message":"too big"}}"#)
        }
        return Self.answer(200, #"{"id":"file-\#(name)"}"#)
    }

    private static func answer(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(status: status, body: HTTPBody(Array(text.utf8)))
    }
}
