import Assistants
import AssistantsClient
import AssistantsServer
import TestSupport
import Testing
import Wire

@Suite("A server's answer", .timeLimit(.minutes(5)))
struct AnswerTests {
    /// A request and the error it gets: status, param, code, and how the message begins.
    struct Refusal: Sendable, CustomTestStringConvertible {
        var line: String
        var headers: [String] = []
        var body: String?
        var status: Int
        var param: String?
        var code: String?
        var message: String
        var testDescription: String { line + " " + (body ?? "") }
    }

    static let refusals: [Refusal] = [
        Refusal(
            line: "GET /v1/assistants", headers: ["X: y"], status: 400, code: "invalid_beta",
            message: "You must provide the 'OpenAI-Beta' header to access the Assistants API."),
        Refusal(line: "GET /v1/nothing", status: 404, message: "Invalid URL (GET /v1/nothing)"),
        Refusal(line: "GET /", status: 404, message: "Invalid URL (GET /)"),
        Refusal(
            line: "PUT /v1/assistants", status: 405, code: "method_not_supported",
            message: "Not allowed to PUT on /v1/assistants."),
        Refusal(
            line: "GET /v1/threads/runs", status: 400, param: "thread_id", code: "invalid_value",
            message: "Invalid 'thread_id': 'runs'. Expected an ID that begins with 'thread'."),
        Refusal(
            line: "POST /v1/threads/undefined/messages",
            body: "{\"role\":\"user\",\"content\":\"x\"}",
            status: 400, param: "thread_id", code: "invalid_value",
            message: "Invalid 'thread_id': 'undefined'. Expected an ID that begins with 'thread'."),
        Refusal(
            line: "GET /v1/threads/thread_x", status: 404,
            message: "No thread found with id 'thread_x'."),
        Refusal(line: "POST /v1/uploads", body: "{}", status: 404, message: "Uploads in parts"),
        Refusal(line: "GET /v1/batches", status: 404, message: "Batches are not served here"),
        Refusal(
            line: "POST /v1/threads", body: "{", status: 400,
            message: "We could not parse the JSON body of your request."),
        Refusal(
            line: "POST /v1/threads", headers: ["Content-Type: text/plain"], body: "{}",
            status: 415, message: "Send JSON"),
        Refusal(
            line: "POST /v1/assistants", body: "{}", status: 400, param: "model",
            code: "missing_required_parameter", message: "Missing required parameter: 'model'."),
        Refusal(
            line: "POST /v1/threads",
            body: "{\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"id\":1}]}",
            status: 400, param: "messages[0].id", code: "unknown_parameter",
            message: "Unknown parameter: 'messages[0].id'."),
        Refusal(
            line: "POST /v1/threads", body: "{\"metadata\":{\"modified\":true}}", status: 400,
            param: "metadata.modified", code: "invalid_type",
            message: "Invalid type for 'metadata.modified': expected a string, but got a boolean "
                + "instead."),
        Refusal(
            line: "POST /v1/threads/thread_x/messages",
            body: "{\"role\":\"human\",\"content\":\"x\"}", status: 400, param: "role",
            code: "invalid_value",
            message: "Invalid value: 'human'. Supported values are: 'user' and 'assistant'."),
        Refusal(
            line: "POST /v1/assistants",
            body: "{\"model\":\"m\",\"tools\":[{\"type\":\"function\"}]}",
            status: 400, param: "tools[0].function", code: "missing_required_parameter",
            message: "Missing required parameter: 'tools[0].function'."),
        Refusal(
            line: "POST /v1/assistants", body: "{\"model\":1}", status: 400, param: "model",
            code: "invalid_type",
            message: "Invalid type for 'model': expected a string, but got an integer instead."),
        Refusal(
            line: "POST /v1/threads/runs",
            body: "{\"assistant_id\":\"asst_x\",\"reasoning_effort\":\"low\"}",
            status: 400, param: "reasoning_effort", code: "unknown_parameter",
            message: "Unknown parameter: 'reasoning_effort'."),
        Refusal(
            line: "GET /v1/assistants?limit=101", status: 400, param: "limit",
            code: "integer_above_max_value",
            message: "Invalid 'limit': integer above maximum value. Expected a value <= 100, but "
                + "got 101 instead."),
        Refusal(
            line: "GET /v1/assistants?limit=ten", status: 400, param: "limit",
            code: "invalid_type",
            message: "Invalid type for 'limit': expected an integer, but got a string instead."),
        Refusal(
            line: "GET /v1/assistants?order=up", status: 400, param: "order",
            code: "invalid_value",
            message: "Invalid value: 'up'. Supported values are: 'asc' and 'desc'."),
        Refusal(
            line: "GET /v1/models/none%2Fsuch", status: 404, param: "model",
            code: "model_not_found", message: "The model 'none/such' does not exist"),
    ]

    @Test("is an error in the recorded words, where the request is wrong")
    func refusals() async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        for refusal in Self.refusals {
            let beta = refusal.headers.contains("X: y") ? nil : "OpenAI-Beta: assistants=v2"
            let answer = try await onThread {
                try RawClient.ask(
                    port: port, refusal.line, headers: refusal.headers, body: refusal.body,
                    beta: beta)
            }
            let error = answer.json?["error"]
            #expect(answer.status == refusal.status, "\(refusal)")
            #expect(error?["param"]?.stringValue == refusal.param, "\(refusal)")
            #expect(error?["code"]?.stringValue == refusal.code, "\(refusal)")
            #expect(error?["type"] == "invalid_request_error", "\(refusal)")
            let message = error?["message"]?.stringValue ?? ""
            #expect(message.hasPrefix(refusal.message), "\(refusal): \(message)")
        }
        await served.close()
    }

    @Test("lets in only who holds a key, under the server's own name, from no web page")
    func access() async throws {
        let served = try await ServedEngine { $0.allowedOrigins = ["https://good.example"] }
        let port = served.server.port
        let line = "GET /v1/assistants"
        let answers = try await onThread {
            [
                try RawClient.ask(port: port, line, key: nil),
                try RawClient.ask(port: port, line, key: "sk-wrong"),
                try RawClient.ask(
                    port: port, line, key: nil, headers: ["Authorization: Basic OnRlc3Q="]),
                try RawClient.ask(port: port, line, headers: ["Origin: https://evil.example"]),
                try RawClient.ask(port: port, line, headers: ["Origin: https://good.example"]),
                try RawClient.ask(port: port, line, host: "evil.example"),
                try RawClient.ask(port: port, line, host: "localhost:1"),
                try RawClient.ask(port: port, "GET /healthz", key: nil),
                try RawClient.ask(port: port, "GET /metrics", key: nil),
            ]
        }
        #expect(answers.map(\.status) == [401, 401, 200, 403, 200, 421, 200, 200, 401])
        let errors = answers.map { $0.json?["error"] }
        #expect(errors[0]?["message"]?.stringValue?.hasPrefix("You didn't provide") == true)
        #expect(errors[1]?["code"] == "invalid_api_key")
        #expect(errors[1]?["message"]?.stringValue?.contains("sk-wrong") == false)
        await served.close()
    }

    @Test("carries the headers that SDKs read")
    func headers() async throws {
        let served = try await ServedEngine()
        let (port, client) = (served.server.port, served.server.client())
        served.model.add([.wait])
        let assistant = try await client.createAssistant(
            AssistantRequest(model: "scripted"), for: .trusted)
        var thread = ThreadRequest()
        thread.messages = [MessageRequest("Q")]
        let run = try await client.createThreadAndRun(
            thread, RunRequest(assistantID: assistant.id), for: .trusted)
        let path = "/v1/threads/\(run.threadID)/runs/\(run.id)"
        let answer = try await onThread { try RawClient.ask(port: port, "GET \(path)") }
        #expect(answer.header("content-type") == "application/json")
        #expect(answer.header("openai-version") == "2020-10-01")
        #expect(answer.header("openai-processing-ms").flatMap { Int($0) } != nil)
        #expect(answer.header("x-request-id")?.utf8.count == 36)
        #expect(answer.header("x-request-id")?.hasPrefix("req_") == true)
        #expect(answer.header("openai-poll-after-ms") == "100")
        let cancelled = try await onThread {
            try RawClient.ask(port: port, "POST \(path)/cancel")
        }
        #expect(cancelled.json?["status"] == "cancelling")
        // The cancelled run ends by itself; then there is nothing to poll for.
        var last = answer
        repeat {
            last = try await onThread { try RawClient.ask(port: port, "GET \(path)") }
        } while last.json?["status"] != "cancelled"
        #expect(last.header("openai-poll-after-ms") == nil)
        await served.close()
    }

    @Test("tells what a server counted")
    func metrics() async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        let text = try await onThread {
            _ = try RawClient.ask(port: port, "GET /v1/assistants")
            _ = try RawClient.ask(port: port, "GET /v1/threads/thread_x")
            return String(
                decoding: try RawClient.ask(port: port, "GET /metrics").body, as: UTF8.self)
        }
        let lines = text.split(separator: "\n")
        let prefix = "switchboard_http_requests_total{method=\"GET\",route=\""
        #expect(lines.contains("\(prefix)/v1/assistants\",status=\"200\"} 1"))
        #expect(lines.contains("\(prefix)/v1/threads/{thread_id}\",status=\"404\"} 1"))
        #expect(lines.contains("switchboard_streams_open 0"))
        await served.close()
    }

    @Test("fills in what the hosted service filled in")
    func defaults() async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        let body =
            "{\"model\":\"m\",\"tools\":[{\"type\":\"code_interpreter\"},{\"type\":\"file_search\","
            + "\"file_search\":{}},{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}"
        let answer = try await onThread {
            try RawClient.ask(port: port, "POST /v1/assistants", body: body)
        }
        let json = try #require(answer.json)
        #expect(json["tool_resources"] == ["code_interpreter": ["file_ids": []]])
        #expect(
            json["tools"]?[1]?["file_search"]?["ranking_options"]?["ranker"] == "default_2024_08_21"
        )
        #expect(
            json["tools"]?[2]?["function"]?["parameters"] == ["type": "object", "properties": [:]])
        #expect(json["temperature"] == 1.0)
        await served.close()
    }
}
