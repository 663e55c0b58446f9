import ChatCompletions
import TestSupport
import Testing
import Transport

@Suite("A server's error") struct ChatErrorTests {
    private func error(
        _ status: Int, _ body: String, headers: [(String, String)] = [], key: String? = nil
    ) async -> ChatError? {
        let transport = ScriptedTransport([.init(status, headers: headers, text: body)])
        var options = ChatOptions()
        options.retryPolicy.retries = 0
        options.memory = RefusedParameters()
        let client = ChatCompletionsClient(
            baseURL: "http://host:1/v1", key: key, transport: transport, options: options)
        do throws(ChatError) {
            _ = try await client.stream(ChatRequest(model: "m", messages: [.user("hi")]))
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "is read in every recorded shape", .enabled(if: Fixture.isPresent),
        arguments: [
            ("400-unsupported_parameter-openai", ChatError.Kind.unsupportedParameter("max_tokens")),
            ("400-xai-error-string", .unauthorized),
            ("401-azure", .unauthorized),
            ("401-deepseek", .unauthorized),
            ("401-mistral-detail", .unauthorized),
            ("401-openai", .unauthorized),
            ("401-openrouter-int-code", .unauthorized),
            ("404-model-openai", .modelNotFound),
            ("404-ollama-native-error-string", .modelNotFound),
            ("429-azure", .rateLimit(retryAfter: nil)),
            ("500-llamacpp-tools-with-stream", .server),
        ])
    func recorded(name: String, kind: ChatError.Kind) async throws {
        let bytes = try Fixture.shared("streams/json/chat-err-\(name).json")
        let status = try #require(Int(name.prefix(3)))
        let found = try #require(await error(status, String(decoding: bytes, as: UTF8.self)))
        #expect(found.kind == kind)
        #expect(found.status == status)
        #expect(!found.message.isEmpty && !found.message.hasPrefix("{"))
        #expect(found.place == "host:1")
    }

    @Test("covers all recorded shapes", .enabled(if: Fixture.isPresent))
    func allRecorded() throws {
        let names = try Fixture.names(in: "streams/json", suffix: ".json")
        #expect(names.filter { $0.hasPrefix("chat-err-") }.count == 11)
    }

    @Test(
        "names an overflow with its counts",
        arguments: [
            (
                #"""
                {"error":{"code":400,"message":"request (20020 tokens) exceeds the available \#
                context size (4096 tokens), try increasing it",\#
                "type":"exceed_context_size_error","n_prompt_tokens":20020,"n_ctx":4096}}
                """#,
                20020, 4096
            ),
            (
                #"""
                {"error":{"message":"This model's maximum context length is 4097 tokens. \#
                However, your messages resulted in 5,012 tokens.",\#
                "code":"context_length_exceeded"}}
                """#,
                5012, 4097
            ),
            (
                #"{"error":{"message":"prompt is too long: 205000 tokens > 200000 maximum"}}"#,
                205000, 200000
            ),
        ])
    func overflow(body: String, prompt: Int, context: Int) async {
        let found = await error(400, body)
        #expect(found?.kind == .contextOverflow(promptTokens: prompt, contextTokens: context))
    }

    @Test(
        "names the parameter it is about",
        arguments: [
            (
                #"""
                {"error":{"message":"Unrecognized request argument supplied: \#
                parallel_tool_calls"}}
                """#,
                "parallel_tool_calls"
            ),
            (
                #"""
                {"error":{"message":"Unsupported value: 'temperature' does not support 0.2",\#
                "param":"temperature","code":"unsupported_value"}}
                """#,
                "temperature"
            ),
            (
                #"""
                {"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],\#
                "msg":"Extra inputs are not permitted"}]}
                """#,
                "stream_options"
            ),
            (#"{"error":"Unknown parameter: 'seed'"}"#, "seed"),
        ])
    func parameter(body: String, name: String) async {
        var memory: ChatError?
        memory = await error(422, body)
        #expect(memory?.kind == .unsupportedParameter(name))
    }

    @Test(
        "is named by what it says, before its number",
        arguments: [
            (
                429,
                #"""
                {"error":{"message":"You exceeded your current quota",\#
                "code":"insufficient_quota"}}
                """#,
                ChatError.Kind.quotaExceeded
            ),
            (402, "{}", .quotaExceeded),
            (403, "{}", .unauthorized),
            (404, "not here", .notFound),
            (
                400, #"{"error":{"message":"foo/bar is not a valid model ID","code":400}}"#,
                .modelNotFound
            ),
            (400, "{}", .badRequest),
            (500, "Internal Server Error", .server),
            (503, #"{"error":{"message":"overloaded"}}"#, .server),
            (302, "", .badResponse),
            (404, "<!DOCTYPE html><h1>Not Found</h1>", .badResponse),
            (502, "<html><body>Bad gateway</body></html>", .server),
        ])
    func kinds(status: Int, body: String, kind: ChatError.Kind) async {
        #expect(await error(status, body)?.kind == kind)
    }

    @Test("shows a page's text in one line, without markup, scripts and controls")
    func page() async {
        let page = """
            <!DOCTYPE html><html><head><title>Oops</title><script>alert("x")</script>
            <style>b{}</style></head><body><h1>Down\u{1B}[31m\u{202E}</h1>\t<p>for\u{7} repair</p>
            """
        #expect(await error(500, page)?.message == "Oops Down[31m for repair")
        let long = await error(500, String(repeating: "x", count: 100_000))
        #expect(long?.message.count == 301)
    }

    @Test("never shows the key that was sent")
    func key() async {
        let found = await error(
            401, #"{"error":{"message":"Wrong key sk-secret-1."}}"#, key: "sk-secret-1")
        #expect(found?.message == "Wrong key ….")
    }

    @Test(
        "never shows the key that was sent, in whatever it is, nor somebody's else",
        arguments: [
            (500, "The key canary-4711 is wrong.", "The key … is wrong."),
            (
                500, #"{"detail":"got 'Authorization: Bearer canary-4711'"}"#,
                "got 'Authorization: Bearer …'"
            ),
            (
                500, #"{"detail":"Bearer abc.def-1 and sk-proj-1234_5678 are no keys"}"#,
                "Bearer … and … are no keys"
            ),
            (200, "data: {\"error\":{\"message\":\"No canary-4711\"}}\n\n", "No …"),
            (200, "event: error\ndata: {\"message\":\"No canary-4711\"}\n\n", "No …"),
            (200, "data: {\"error\":\"bearer xyz\"}\n\n", "bearer …"),
            // A text that is too long is cut, here within the key.
            (
                502, String(repeating: "x", count: 293) + "canary-4711",
                String(repeating: "x", count: 293) + "…"
            ),
        ])
    func keys(status: Int, body: String, message: String) async {
        #expect(await error(status, body, key: "canary-4711")?.message == message)
    }

    @Test(
        "says when to try again",
        arguments: [
            ([("retry-after-ms", "1500"), ("retry-after", "9")], Duration.milliseconds(1500)),
            ([("Retry-After", "20")], .seconds(20)),
            (
                [
                    ("retry-after", "Sun, 06 Nov 1994 08:49:40 GMT"),
                    ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
                ], .seconds(3)
            ),
            ([("retry-after", "soon")], nil),
            ([("retry-after", "-1")], nil),
            ([("retry-after", "1e300")], nil),
            ([], nil),
        ] as [([(String, String)], Duration?)])
    func retryAfter(headers: [(String, String)], delay: Duration?) async {
        #expect(await error(429, "{}", headers: headers)?.retryAfter == delay)
    }

    @Test("reads as one sentence: who, what, what to do")
    func sentences() async {
        #expect(
            await error(429, #"{"error":"Slow down."}"#, headers: [("retry-after", "20")])?
                .description
                == "host:1: too many requests (429): Slow down; try again in 20 s.")
        #expect(
            await error(401, #"{"detail":"Invalid API Key"}"#)?.description
                == "host:1: it does not accept the key (401): Invalid API Key; check the key.")
    }
}
