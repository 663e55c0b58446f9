import ChatCompletions
import TestSupport
import Testing
import Transport
import Wire

@Suite("The Responses API") struct ResponsesTests {
    private func client(_ transport: ScriptedTransport, key: String? = nil) -> ChatCompletionsClient
    {
        var options = ChatOptions()
        options.api = .responses
        options.memory = RefusedParameters()
        options.clock = ManualChatClock().clock
        options.retryPolicy.jitter = { 0 }
        return ChatCompletionsClient(
            baseURL: "https://h/v1", key: key, transport: transport, options: options)
    }

    private func stream(_ events: [JSONValue]) -> String {
        events.map { "event: \($0["type"]?.stringValue ?? "")\ndata: \($0.text)\n\n" }.joined()
    }

    private func read(_ text: String, key: String? = nil) async throws -> [ChatEvent] {
        let transport = ScriptedTransport([.init(200, text: text)])
        var events: [ChatEvent] = []
        for try await event in try await client(transport, key: key).stream(Self.request) {
            events.append(event)
        }
        return events
    }

    private static let request = ChatRequest(
        model: "m", messages: [.system("Be brief."), .user("hi")],
        tools: [ChatTool(name: "f", parameters: ["type": "object"])], toolChoice: .function("f"),
        maxTokens: 9, reasoningEffort: "low")
    private static let sealed: JSONValue = [
        "id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "xyz",
    ]
    /// As the service's documentation has it.
    private static let thinking: [JSONValue] = [
        ["type": "response.created", "response": ["id": "r", "model": "m-1"]],
        ["type": "response.in_progress", "response": ["id": "r", "model": "m-1"]],
        ["type": "response.output_item.added", "output_index": 0, "item": ["type": "reasoning"]],
        ["type": "response.reasoning_summary_part.added", "summary_index": 0],
        ["type": "response.reasoning_summary_text.delta", "delta": "First"],
        ["type": "response.reasoning_summary_part.added", "summary_index": 1],
        ["type": "response.reasoning_summary_text.delta", "delta": "Second"],
        ["type": "response.output_item.done", "output_index": 0, "item": sealed],
        [
            "type": "response.output_item.added", "output_index": 1,
            "item": [
                "type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "f",
                "arguments": "",
            ],
        ],
        [
            "type": "response.output_item.added", "output_index": 2,
            "item": ["type": "function_call", "call_id": "call_2", "name": "g"],
        ],
        ["type": "response.function_call_arguments.delta", "item_id": "fc_1", "delta": "{\"a\""],
        ["type": "response.function_call_arguments.delta", "output_index": 2, "delta": "{}"],
        ["type": "response.function_call_arguments.delta", "item_id": "fc_1", "delta": ":1}"],
        ["type": "response.a_new_kind", "delta": "ignored"],
        [
            "type": "response.output_item.done", "output_index": 1,
            "item": ["type": "function_call", "id": "fc_1", "arguments": "{\"a\":1}"],
        ],
        [
            "type": "response.completed",
            "response": [
                "status": "completed",
                "usage": [
                    "input_tokens": 5, "output_tokens": 7, "total_tokens": 12,
                    "input_tokens_details": ["cached_tokens": 2],
                    "output_tokens_details": ["reasoning_tokens": 4],
                ],
            ],
        ],
    ]

    @Test("becomes the same events: thoughts, calls by item or place, what is kept, usage")
    func events() async throws {
        let usage = ChatUsage(
            promptTokens: 5, completionTokens: 7, totalTokens: 12, cachedTokens: 2,
            reasoningTokens: 4)
        let expected: [ChatEvent] = [
            .started(model: "m-1"), .reasoning("First"), .reasoning("\n\n"), .reasoning("Second"),
            .kept(Self.sealed),
            .toolCall(ChatToolCallDelta(index: 0, id: "call_1", name: "f")),
            .toolCall(ChatToolCallDelta(index: 1, id: "call_2", name: "g")),
            .toolCall(ChatToolCallDelta(index: 0, arguments: "{\"a\"")),
            .toolCall(ChatToolCallDelta(index: 1, arguments: "{}")),
            .toolCall(ChatToolCallDelta(index: 0, arguments: ":1}")), .usage(usage),
            .finished(.toolCalls),
        ]
        #expect(try await read(stream(Self.thinking)) == expected)
    }

    @Test("is read from a recording of llama.cpp", .enabled(if: Fixture.isPresent))
    func recorded() async throws {
        let bytes = try Fixture.shared("servers/samples/llamacpp-responses-tool.sse")
        let text = String(decoding: bytes, as: UTF8.self)
        let body = try #require(text.split(separator: "\r\n\r\n", maxSplits: 1).last)
        var answer = ChatAnswer()
        for event in try await read(String(body)) { answer.add(event) }
        #expect(
            answer.toolCalls == [
                ChatToolCall(
                    id: "call_bjDzpEurWlWR0AhUlkCpOP58TFFCqjJi", name: "get_weather",
                    arguments: "{\"city\": \"Paris\", \"unit\": \"c\"}")
            ])
        #expect(answer.finish == .toolCalls && answer.usage?.promptTokens == 537)
    }

    @Test("asks with everything that is to be said, and stores nothing")
    func body() async throws {
        let transport = ScriptedTransport([.init(200, text: stream(Self.thinking))])
        var request = Self.request
        var calls = ChatMessage.assistant(
            "Well.", toolCalls: [ChatToolCall(id: "call_1", name: "f", arguments: "{}")])
        calls.kept = [Self.sealed]
        request.messages += [
            calls, .tool("42", id: "call_1"),
            ChatMessage(.user, parts: [.text("See"), .image(url: "data:x")]),
        ]
        request.responseFormat = .jsonSchema(["name": "n", "schema": ["type": "object"]])
        _ = try await client(transport, key: "k").stream(request)
        let sent = try #require(transport.requests.first)
        #expect(sent.url == "https://h/v1/responses")
        let body = try JSONValue(parsing: sent.body)
        #expect(body["instructions"] == "Be brief.")
        #expect(
            body["input"]?.arrayValue == [
                ["role": "user", "content": "hi"], Self.sealed,
                [
                    "type": "message", "role": "assistant",
                    "content": [["type": "output_text", "text": "Well."]],
                ],
                ["type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"],
                ["type": "function_call_output", "call_id": "call_1", "output": "42"],
                [
                    "role": "user",
                    "content": [
                        ["type": "input_text", "text": "See"],
                        ["type": "input_image", "image_url": "data:x", "detail": "auto"],
                    ],
                ],
            ])
        #expect(body["store"] == false && body["stream"] == true)
        #expect(body["include"] == ["reasoning.encrypted_content"])
        #expect(body["reasoning"] == ["effort": "low", "summary": "auto"])
        #expect(body["max_output_tokens"] == 9)
        #expect(body["tool_choice"] == ["type": "function", "name": "f"])
        #expect(body["tools"]?[0]?["strict"] == false)
        #expect(body["text"]?["format"]?["type"] == "json_schema")
        #expect(body["messages"] == nil && body["stream_options"] == nil)
    }

    @Test("leaves out what a model refuses, once, and remembers it") func refused() async throws {
        let refusal =
            #"{"error":{"message":"Encrypted content is not supported with this model.","#
            + #""type":"invalid_request_error","param":"include","code":null}}"#
        let transport = ScriptedTransport([
            .init(400, text: refusal), .init(200, text: stream(Self.thinking)),
            .init(200, text: stream(Self.thinking)),
        ])
        let client = client(transport)
        for _ in 0..<2 { _ = try await client.stream(Self.request).answer() }
        let bodies = try transport.requests.map { try JSONValue(parsing: $0.body) }
        #expect(bodies.map { $0["include"] == nil } == [false, true, true])
    }

    /// As issues of other projects quote them.
    @Test(
        "asks for what a reasoning model thinks, with or without an effort, until that is refused",
        arguments: [
            #""message":"Your organization must be verified to generate reasoning summaries.","#
                + #""code":"unsupported_value","param":"reasoning.summary""#,
            #""message":"Unsupported parameter: 'reasoning.summary' is not supported with the "#
                + #"'m' model.","code":"unsupported_parameter","param":"reasoning.summary""#,
            #""message":"Unsupported parameter: 'reasoning.summary'","code":null"#,
        ])
    func summary(refusal: String) async throws {
        let error = #"{"error":{\#(refusal),"type":"invalid_request_error"}}"#
        let transport = ScriptedTransport(
            [.init(400, text: error)]
                + (0..<3).map { _ in .init(200, text: stream(Self.thinking)) })
        let client = client(transport)
        var request = Self.request
        request.reasoningEffort = nil
        _ = try await client.stream(request).answer()
        _ = try await client.stream(Self.request).answer()
        request.model = "gpt-4o-mini"
        _ = try await client.stream(request).answer()
        let sent = try transport.requests.map { try JSONValue(parsing: $0.body)["reasoning"] }
        #expect(sent == [["summary": "auto"], nil, ["effort": "low"], nil])
    }

    @Test("tells every end: cut short, filtered, failed, broken off")
    func ends() async throws {
        func end(_ response: JSONValue) -> String {
            stream([
                ["type": "response.output_text.delta", "delta": "Half"],
                ["type": "response.incomplete", "response": response],
            ])
        }
        let cut = try await read(
            end([
                "status": "incomplete", "incomplete_details": ["reason": "max_output_tokens"],
            ]))
        #expect(cut == [.started(model: ""), .text("Half"), .finished(.length)])
        let filtered = try await read(
            end(["status": "incomplete", "incomplete_details": ["reason": "content_filter"]]))
        #expect(filtered.last == .finished(.contentFilter))
        for text in [
            end([
                "status": "failed",
                "error": ["code": "server_error", "message": "It broke: sk-secretkey"],
            ]),
            stream([["type": "error", "code": "server_error", "message": "It broke: sk-secretkey"]]
            ),
        ] {
            let error = await #expect(throws: ChatError.self) {
                _ = try await read(text, key: "sk-secretkey")
            }
            #expect(error?.kind == .server && error?.message == "It broke: …")
        }
        let broken = await #expect(throws: ChatError.self) {
            _ = try await read(
                stream([["type": "response.output_text.delta", "delta": "Half"]]))
        }
        #expect(broken?.kind == .incomplete)
    }

    @Test("takes an answer that comes in one piece, and anything at all without a trap")
    func pieces() async throws {
        let whole: JSONValue = [
            "model": "m-1", "status": "completed",
            "output": [
                Self.sealed,
                ["type": "message", "content": [["type": "output_text", "text": "Hello"]]],
                ["type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"],
            ],
        ]
        let events = try await read(whole.text)
        #expect(
            events == [
                .started(model: "m-1"), .kept(Self.sealed), .text("Hello"),
                .toolCall(ChatToolCallDelta(index: 0, id: "c", name: "f", arguments: "{}")),
                .finished(.toolCalls),
            ])
        for text in ["", "{}", "[]", "<html>no</html>", "data: {\n\n", "data: 1\n\n", "x: y\n\n"] {
            await #expect(throws: ChatError.self) { _ = try await read(text) }
        }
    }
}
