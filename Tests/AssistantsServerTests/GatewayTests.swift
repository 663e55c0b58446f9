import Assistants
import TestSupport
import Testing
import Wire

@Suite("A request for a model", .timeLimit(.minutes(5)))
struct GatewayTests {
    @Test("is passed on, and its answer comes back as it is")
    func passing() async throws {
        let server = try await TestServer(PassingService())
        let port = server.port
        let body = "{\"model\":\"m\",\"messages\":[],\"own\":1}"
        let (text, error) = try await onThread {
            var client = try RawClient(port: port)
            client.ask("POST /v1/chat/completions", headers: ["Connection: close"], body: body)
            let text = String(decoding: client.readToEnd(), as: UTF8.self)
            return (text, try RawClient.ask(port: port, "POST /v1/embeddings", body: "[]"))
        }
        #expect(text.contains("418"))
        #expect(text.lowercased().contains("content-type: text/x-echo"))
        #expect(text.contains("/chat/completions m "))
        #expect(text.contains(body))
        #expect(error.status == 400)
        await server.stop()
    }

    @Test("is refused where nothing can be passed on")
    func absence() async throws {
        let server = try await TestServer(ScriptedService())
        let port = server.port
        let answer = try await onThread {
            try RawClient.ask(port: port, "POST /v1/chat/completions", body: "{}")
        }
        #expect(answer.status == 404)
        await server.stop()
    }
}
