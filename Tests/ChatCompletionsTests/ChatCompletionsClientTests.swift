import ChatCompletions
import TestSupport
import Testing
import Transport
import Wire

@Suite("A chat completions client") struct ChatCompletionsClientTests {
    private let time = ManualChatClock()
    private let request = ChatRequest(
        model: "m", messages: [.user("hi")], temperature: 0.5, maxTokens: 10)
    private static let good = """
        data: {"model":"m-1","choices":[{"index":0,"delta":{"content":"Hello"}}]}

        data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: [DONE]


        """

    private func client(
        _ transport: ScriptedTransport, baseURL: String = "http://h:1/v1", key: String? = nil
    ) -> ChatCompletionsClient {
        var options = ChatOptions()
        options.clock = time.clock
        options.memory = RefusedParameters()
        options.retryPolicy.jitter = { 0 }
        return ChatCompletionsClient(
            baseURL: baseURL, key: key, transport: transport, options: options)
    }

    private func body(_ request: HTTPRequest) throws -> JSONValue {
        try JSONValue(parsing: request.body)
    }

    @Test("gives the answer as events")
    func events() async throws {
        let transport = ScriptedTransport([.init(200, text: Self.good)])
        var events: [ChatEvent] = []
        for try await event in try await client(transport).stream(request) { events.append(event) }
        #expect(events == [.started(model: "m-1"), .text("Hello"), .finished(.stop)])
    }

    @Test("sends the request to the right place with the key")
    func sends() async throws {
        let transport = ScriptedTransport([.init(200, text: Self.good)])
        _ = try await client(transport, baseURL: "http://h:1/", key: "k").stream(request)
        let sent = try #require(transport.requests.first)
        #expect(sent.method == "POST")
        #expect(sent.url == "http://h:1/v1/chat/completions")
        #expect(sent.header("authorization") == "Bearer k")
        let expected: JSONValue = [
            "model": "m", "messages": [["role": "user", "content": "hi"]], "temperature": 0.5,
            "max_tokens": 10, "stream": true, "stream_options": ["include_usage": true],
        ]
        let actual = try body(sent)
        #expect(actual.text == expected.text)
    }

    @Test("names the token limit as the host knows it")
    func tokenLimit() async throws {
        let transport = ScriptedTransport([.init(200, text: Self.good)])
        _ = try await client(transport, baseURL: "https://api.openai.com/v1").stream(request)
        let sent = try body(try #require(transport.requests.first))
        #expect(sent["max_tokens"] == nil)
        #expect(sent["max_completion_tokens"] == 10)
    }

    @Test(
        "sends again after a failure that may pass, with growing waits",
        arguments: [
            ScriptedTransport.Answer.failure(.cannotConnect(.refused)),
            .failure(.timedOut(.connect)),
            .failure(.timedOut(.firstByte)), .failure(.cut), .init(408, text: "{}"),
            .init(409, text: "{}"), .init(429, text: "{}"), .init(500, text: "oh"),
            .init(503, text: "<html>"),
            .init(400, headers: [("x-should-retry", "true")], text: "{}"),
            .init(steps: [.fail(.cut)]), .init(steps: []),
            .init(200, text: ": PROCESSING\n\n"),
            .init(200, text: "data: {\"error\":{\"message\":\"later\",\"code\":502}}\n\n"),
        ])
    func retries(failure: ScriptedTransport.Answer) async throws {
        let transport = ScriptedTransport([failure, failure, .init(200, text: Self.good)])
        let stream = try await client(transport).stream(request)
        #expect(try await stream.answer().text == "Hello")
        #expect(time.waits == [.milliseconds(500), .seconds(1)])
        #expect(stream.health.retryCount == 2)
        #expect(stream.health.timeToFirstEvent == .milliseconds(1500))
    }

    @Test(
        "does not send again what will fail again",
        arguments: [
            ScriptedTransport.Answer.init(400, text: "{}"), .init(401, text: "{}"),
            .init(404, text: "{}"), .init(422, text: "{}"), .failure(.cannotConnect(.tls)),
            .init(500, headers: [("x-should-retry", "false")], text: "{}"),
            .init(429, headers: [("retry-after", "121")], text: "{}"),
            .init(200, text: "<html>portal</html>"),
        ])
    func noRetries(failure: ScriptedTransport.Answer) async throws {
        let transport = ScriptedTransport([failure])
        await #expect(throws: ChatError.self) { try await client(transport).stream(request) }
        #expect(transport.requests.count == 1)
        #expect(time.waits.isEmpty)
    }

    @Test("waits as long as the server wants, up to two minutes")
    func serverDelay() async throws {
        let busy = ScriptedTransport.Answer(429, headers: [("retry-after", "120")], text: "{}")
        let transport = ScriptedTransport([busy, .init(200, text: Self.good)])
        _ = try await client(transport).stream(request)
        #expect(time.waits == [.seconds(120)])
    }

    @Test("gives up after two repetitions")
    func givesUp() async throws {
        let transport = ScriptedTransport([.init(500, text: "no")])
        await #expect(throws: ChatError.self) { try await client(transport).stream(request) }
        #expect(transport.requests.count == 3)
    }

    @Test("never sends again once something has come")
    func noRetryAfterFirst() async throws {
        let transport = ScriptedTransport([
            .init(steps: [
                .bytes(Array("data: {\"choices\":[{\"delta\":{\"content\":\"Hal\"}}]}\n\n".utf8)),
                .fail(.cut),
            ])
        ])
        var text = ""
        var caught: ChatError?
        do throws(ChatError) {
            for try await event in try await client(transport).stream(request) {
                if case .text(let more) = event { text += more }
            }
        } catch {
            caught = error
        }
        #expect(text == "Hal")
        #expect(caught?.kind == .transport(.cut))
        #expect(transport.requests.count == 1)
    }

    @Test("leaves out a refused parameter once, and remembers it")
    func refused() async throws {
        let refusal =
            #"""
            {"error":{"message":"Unsupported parameter: 'temperature'","param":"temperature",\#
            "code":"unsupported_parameter"}}
            """#
        let transport = ScriptedTransport([
            .init(400, text: refusal), .init(200, text: Self.good), .init(200, text: Self.good),
        ])
        let client = client(transport)
        _ = try await client.stream(request)
        _ = try await client.stream(request)
        let sent = try transport.requests.map { try body($0)["temperature"] }
        #expect(sent == [0.5, nil, nil])
        #expect(time.waits.isEmpty)
    }

    @Test(
        "sends words for images that the model cannot see, and remembers it",
        arguments: [
            (500, "image input is not supported - hint: you may need to provide the mmproj"),
            (400, "tiny is not a multimodal model"),
            (404, "No endpoints found that support image input"),
        ])
    func sight(status: Int, message: String) async throws {
        let refusal = #"{"error":{"message":"\#(message)"}}"#
        let transport = ScriptedTransport([
            .init(status, text: refusal), .init(200, text: Self.good), .init(200, text: Self.good),
        ])
        let client = client(transport)
        var request = request
        request.messages = [
            ChatMessage(
                .user, parts: [.text("What is it?"), .image(url: "data:image/png;base64,AA")])
        ]
        _ = try await client.stream(request)
        _ = try await client.stream(request)
        let sent = try transport.requests.map { try body($0)["messages"]?[0]?["content"] }
        #expect(sent[0]?[1]?["type"] == "image_url")
        let words: JSONValue = "What is it?\n\n[an image that you cannot see]"
        #expect(sent[1] == words && sent[2] == words)
        #expect(time.waits.isEmpty)
    }

    @Test("does not go round in a circle when leaving out does not help")
    func refusedTwice() async throws {
        let refusal = #"{"error":{"message":"Unsupported parameter: 'temperature'"}}"#
        let transport = ScriptedTransport([.init(400, text: refusal)])
        await #expect(throws: ChatError.self) { try await client(transport).stream(request) }
        #expect(transport.requests.count == 2)
    }

    @Test("uses the token limit's other name before leaving it out")
    func otherName() async throws {
        let bytes =
            #"""
            {"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with \#
            this model. Use 'max_completion_tokens' instead.","param":"max_tokens",\#
            "code":"unsupported_parameter"}}
            """#
        let transport = ScriptedTransport([.init(400, text: bytes), .init(200, text: Self.good)])
        _ = try await client(transport).stream(request)
        let second = try body(transport.requests[1])
        #expect(second["max_tokens"] == nil && second["max_completion_tokens"] == 10)
    }

    @Test("turns reasoning off where functions are otherwise refused")
    func reasoningOff() async throws {
        let refusal =
            #"""
            {"error":{"message":"Function tools with reasoning_effort are not supported for \#
            gpt-x in /v1/chat/completions. Please use /v1/responses or set reasoning_effort \#
            to 'none'."}}
            """#
        let transport = ScriptedTransport([.init(400, text: refusal), .init(200, text: Self.good)])
        _ = try await client(transport).stream(request)
        #expect(try body(transport.requests[1])["reasoning_effort"] == "none")
    }

    @Test("asks for the whole answer where streaming is refused, or breaks before it begins")
    func wholeAnswer() async throws {
        let whole =
            #"""
            {"model":"w","choices":[{"index":0,"finish_reason":"stop",\#
            "message":{"role":"assistant","content":"Whole"}}],"usage":{"prompt_tokens":1,\#
            "completion_tokens":2,"total_tokens":3}}
            """#
        let refusal =
            #"""
            {"error":{"code":500,"message":"Cannot use tools with stream",\#
            "type":"server_error"}}
            """#
        let refusing = ScriptedTransport([.init(500, text: refusal), .init(200, text: whole)])
        let cut = ScriptedTransport([
            .init(steps: []), .init(steps: []), .init(steps: []), .init(200, text: whole),
        ])
        for transport in [refusing, cut] {
            let answer = try await client(transport).stream(request).answer()
            #expect(answer.text == "Whole" && answer.finish == .stop)
            #expect(answer.usage?.totalTokens == 3)
            let last = try body(try #require(transport.requests.last))
            #expect(last["stream"] == nil && last["stream_options"] == nil)
        }
    }

    @Test("closes the connection when the iterating task is cancelled")
    func cancelled() async throws {
        let transport = ScriptedTransport([
            .init(steps: [
                .bytes(Array("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n".utf8)),
                .silence,
            ])
        ])
        let stream = try await client(transport).stream(request)
        let reader = Task {
            do throws(ChatError) {
                _ = try await stream.answer()
                return nil as ChatError.Kind?
            } catch {
                return error.kind
            }
        }
        reader.cancel()
        #expect(await reader.value == .cancelled)
        #expect(transport.cancelledCount == 1)
    }

    @Test("ends an answer whose server neither marks its end nor closes")
    func noEnd() async throws {
        let transport = ScriptedTransport([
            .init(steps: [
                .bytes(Array(Self.good.replacing("data: [DONE]\n\n", with: "").utf8)), .silence,
            ])
        ])
        var options = ChatOptions()
        options.clock = ManualChatClock(endsGraces: true).clock
        let client = ChatCompletionsClient(
            baseURL: "http://h:1", transport: transport, options: options)
        #expect(try await client.stream(request).answer().finish == .stop)
    }

    @Test("measures the stream by its clock")
    func health() async throws {
        func chunk(_ text: String) -> ScriptedTransport.Step {
            .bytes(Array("data: {\"choices\":[{\"delta\":{\"content\":\"\(text)\"}}]}\n\n".utf8))
        }
        let role = "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n"
        let end =
            #"data: {"choices":[{"finish_reason":"stop"}],"usage":{"completion_tokens":21}}"#
            + "\n\n"
        let transport = ScriptedTransport([
            .init(steps: [
                .bytes(Array(role.utf8)), .hold, chunk("a"), .hold, chunk("b"),
                .bytes(Array((end + "data: [DONE]\n\n").utf8)),
            ])
        ])
        let stream = try await client(transport).stream(request)
        var events = stream.makeAsyncIterator()
        #expect(try await events.next() == .started(model: ""))
        for text in ["a", "b"] {
            time.advance(by: text == "a" ? .seconds(1) : .seconds(4))
            transport.step()
            #expect(try await events.next() == .text(text))
        }
        #expect(stream.health.isComplete == false)
        #expect(stream.health.silence(at: .seconds(35)) == .seconds(30))
        while try await events.next() != nil {}
        let health = stream.health
        #expect(health.timeToFirstEvent == .zero && health.timeToFirstToken == .seconds(1))
        #expect(health.longestGap == .seconds(4) && health.gapCount == 1)
        #expect(health.tokenCount == 21 && health.tokensPerSecond == 5)
        #expect(health.isComplete && health.retryCount == 0 && health.duration == .seconds(5))
    }
}
