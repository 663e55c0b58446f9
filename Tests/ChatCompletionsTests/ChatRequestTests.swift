import ChatCompletions
import TestSupport
import Testing
import Transport
import Wire

@Suite("A chat request") struct ChatRequestTests {
    private func sent(_ request: ChatRequest) async throws -> JSONValue {
        let transport = ScriptedTransport([.init(401, text: "{}")])
        let client = ChatCompletionsClient(baseURL: "http://h:1", transport: transport)
        await #expect(throws: ChatError.self) { try await client.stream(request) }
        return try JSONValue(parsing: try #require(transport.requests.first).body)
    }

    @Test("sends only what it has")
    func least() async throws {
        let body = try await sent(ChatRequest(model: "m", messages: [], includesUsage: false))
        #expect(body.text == #"{"model":"m","messages":[],"stream":true}"#)
    }

    @Test("puts a lone text as a string, more as parts, and calls with their outputs")
    func messages() async throws {
        let call = ChatToolCall(id: "c1", name: "f", arguments: #"{"a":1}"#)
        let body = try await sent(
            ChatRequest(
                model: "m",
                messages: [
                    .system("Be short."), ChatMessage(.developer, "And kind."),
                    ChatMessage(
                        .user,
                        parts: [
                            .text("What?"),
                            .image(url: "data:image/png;base64,AA==", detail: "low"),
                        ]),
                    .assistant("", toolCalls: [call]), .tool("1", id: "c1"), .assistant("One."),
                    ChatMessage(.user, parts: []),
                ]))
        let expected: JSONValue = [
            ["role": "system", "content": "Be short."],
            ["role": "developer", "content": "And kind."],
            [
                "role": "user",
                "content": [
                    ["type": "text", "text": "What?"],
                    [
                        "type": "image_url",
                        "image_url": ["url": "data:image/png;base64,AA==", "detail": "low"],
                    ],
                ],
            ],
            [
                "role": "assistant", "content": nil,
                "tool_calls": [
                    [
                        "id": "c1", "type": "function",
                        "function": ["name": "f", "arguments": "{\"a\":1}"],
                    ]
                ],
            ],
            ["role": "tool", "content": "1", "tool_call_id": "c1"],
            ["role": "assistant", "content": "One."],
            ["role": "user", "content": ""],
        ]
        #expect(body["messages"]?.text == expected.text)
    }

    @Test("puts tools, their choice and every limit")
    func parameters() async throws {
        let body = try await sent(
            ChatRequest(
                model: "m", messages: [],
                tools: [
                    ChatTool(
                        name: "f", description: "d", parameters: ["type": "object"], strict: true)
                ],
                toolChoice: .function("f"), parallelToolCalls: false,
                responseFormat: .jsonSchema(["name": "n", "schema": [:]]), temperature: 0, topP: 1,
                maxTokens: 5, reasoningEffort: "low", seed: 7, stop: ["x"],
                extra: ["grammar": "root ::= \"a\""]))
        let expected: JSONValue = [
            "model": "m", "messages": [],
            "tools": [
                [
                    "type": "function",
                    "function": [
                        "name": "f", "description": "d", "parameters": ["type": "object"],
                        "strict": true,
                    ],
                ]
            ],
            "tool_choice": ["type": "function", "function": ["name": "f"]],
            "parallel_tool_calls": false,
            "response_format": [
                "type": "json_schema", "json_schema": ["name": "n", "schema": [:]],
            ],
            "temperature": 0.0, "top_p": 1.0, "max_tokens": 5, "reasoning_effort": "low", "seed": 7,
            "stop": ["x"], "stream": true, "stream_options": ["include_usage": true],
            "grammar": "root ::= \"a\"",
        ]
        #expect(body.text == expected.text)
    }

    @Test("sends no tool choice without tools, as servers refuse it")
    func noTools() async throws {
        let body = try await sent(
            ChatRequest(model: "m", messages: [], toolChoice: .auto, parallelToolCalls: true))
        #expect(body["tool_choice"] == nil && body["parallel_tool_calls"] == nil)
    }
}
