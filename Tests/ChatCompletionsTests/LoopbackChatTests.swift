import ChatCompletions
import TestSupport
import Testing
import Transport

/// The client over real sockets, where things go wrong.
@Suite("A chat over a real connection") struct LoopbackChatTests {
    private let request = ChatRequest(model: "m", messages: [.user("hi")])
    private static let hello = #"{"model":"m","choices":[{"index":0,"delta":{"content":"Hello"}}]}"#
    private static let stop = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#

    private func client(_ server: LoopbackServer) -> ChatCompletionsClient {
        var options = ChatOptions()
        options.clock = ManualChatClock().clock
        options.memory = RefusedParameters()
        return ChatCompletionsClient(
            baseURL: server.url, transport: AsyncHTTPTransport(), options: options)
    }

    private func error(_ client: ChatCompletionsClient) async -> (text: String, error: ChatError?) {
        var answer = ChatAnswer()
        do throws(ChatError) {
            for try await event in try await client.stream(request) { answer.add(event) }
            return (answer.text, nil)
        } catch {
            return (answer.text, error)
        }
    }

    @Test("streams an answer")
    func streams() async throws {
        let server = try LoopbackServer { _ in .events([Self.hello, Self.stop, "[DONE]"]) }
        defer { server.stop() }
        let answer = try await client(server).stream(request).answer()
        #expect(answer.text == "Hello" && answer.finish == .stop)
    }

    @Test("gives the text alone")
    func textDeltas() async throws {
        let thought = #"{"choices":[{"index":0,"delta":{"reasoning_content":"Hm."}}]}"#
        let server = try LoopbackServer { _ in
            .events([thought, Self.hello, Self.hello, Self.stop, "[DONE]"])
        }
        defer { server.stop() }
        let stream = try await client(server).stream(request)
        var pieces: [String] = []
        for try await text in stream.textDeltas { pieces.append(text) }
        #expect(pieces == ["Hello", "Hello"])
        #expect(stream.health.isComplete)
    }

    @Test("uses the connection again for the next question")
    func keepAlive() async throws {
        let server = try LoopbackServer { _ in .events([Self.hello, Self.stop, "[DONE]"]) }
        let client = client(server)
        // The pool takes a connection back a moment after its body ended: on a busy machine some
        // requests come before that.
        let requests = 50
        for _ in 0..<requests { _ = try await client.stream(request).answer() }
        server.stop()
        var opened = 0
        for await event in server.events where event == .opened { opened += 1 }
        #expect(opened < requests)
    }

    @Test("says in one line that nobody is there")
    func refused() async throws {
        let server = try LoopbackServer { _ in [] }
        server.stop()
        let (_, error) = await error(client(server))
        #expect(error?.kind == .transport(.cannotConnect(.refused)))
        #expect(error?.description.hasPrefix("Nothing answers at 127.0.0.1:\(server.port)") == true)
    }

    @Test("says in one line that a page answered")
    func page() async throws {
        let server = try LoopbackServer { _ in
            .answer(
                200, type: "text/html", "<html><title>Login</title><body>\u{1B}[2JPlease</body>")
        }
        defer { server.stop() }
        let (_, error) = await error(client(server))
        #expect(error?.kind == .badResponse)
        #expect(error?.message == "Login [2JPlease")
    }

    @Test("keeps the text that came before the connection was cut")
    func cut() async throws {
        let server = try LoopbackServer { _ in
            [LoopbackServer.Step].streamHead + .chunk("data: \(Self.hello)\n\n")
                + .chunk("data: {\"cho")
        }
        defer { server.stop() }
        let (text, error) = await error(client(server))
        #expect(text == "Hello")
        #expect(error?.kind == .transport(.cut))
    }

    @Test("keeps the text that came before an error chunk")
    func errorChunk() async throws {
        let server = try LoopbackServer { _ in
            .events([Self.hello, #"{"error":{"message":"out of memory","code":500}}"#])
        }
        defer { server.stop() }
        let (text, error) = await error(client(server))
        #expect(text == "Hello")
        #expect(error?.kind == .server && error?.message == "out of memory")
    }

    @Test("ends a silence only at its limit, and tells how long it lasts")
    func silence() async throws {
        let server = try LoopbackServer { _ in
            [LoopbackServer.Step].streamHead + .chunk("data: \(Self.hello)\n\n") + [.waitForClose]
        }
        defer { server.stop() }
        var client = client(server)
        client.options.silenceTimeout = .milliseconds(40)
        let (text, error) = await error(client)
        #expect(text == "Hello")
        #expect(error?.kind == .transport(.timedOut(.silence)))
    }

    @Test("closes the connection when the reader is cancelled")
    func cancelled() async throws {
        let server = try LoopbackServer { _ in
            [LoopbackServer.Step].streamHead + .chunk("data: \(Self.hello)\n\n") + [.waitForClose]
        }
        defer { server.stop() }
        let stream = try await client(server).stream(request)
        let reader = Task { try? await stream.answer() }
        reader.cancel()
        _ = await reader.value
        for await event in server.events where event == .closedByClient { break }
    }

    @Test("closes the connection when the stream is dropped")
    func dropped() async throws {
        let server = try LoopbackServer { _ in
            [LoopbackServer.Step].streamHead + .chunk("data: \(Self.hello)\n\n") + [.waitForClose]
        }
        defer { server.stop() }
        do {
            var events = try await client(server).stream(request).makeAsyncIterator()
            _ = try await events.next()
        }
        for await event in server.events where event == .closedByClient { break }
    }

    @Test("finds the server by its fingerprint")
    func finds() async throws {
        let server = try LoopbackServer { request in
            request.path == "/v1/models"
                ? .answer(200, #"{"data":[{"id":"m"}]}"#) : .answer(404, "{}")
        }
        defer { server.stop() }
        let closed = try LoopbackServer { _ in [] }
        closed.stop()
        let silent = try LoopbackServer { _ in [.waitForClose] }
        defer { silent.stop() }
        let found = await LocalServers(
            addresses: [closed.url, silent.url, server.url], transport: AsyncHTTPTransport(),
            timeout: .seconds(1)
        ).find()
        #expect(found.map(\.baseURL) == [server.url + "/v1"])
    }
}
