import Assistants
import AssistantsEngine
import ChatCompletions
import FoundationEssentials
import TestSupport
import Testing
import Transport
import Wire

@Suite("The models' own API, passed on", .timeLimit(.minutes(5))) struct GatewayTests {
    private func engine(_ change: (inout ModelSources) -> Void) async throws -> Engine {
        var sources = ModelSources()
        sources.localAddresses = []
        change(&sources)
        return try await Engine.open(
            directory: FileManager.default.temporaryDirectory.path + "/gateway-\(UUID())",
            models: ModelDirectory(sources: sources, transport: AsyncHTTPTransport.shared))
    }

    private func answer(
        _ engine: Engine, _ operation: ModelAPIRequest.Operation, _ model: String, _ body: String
    ) async throws -> (status: Int, text: String) {
        let answer = try await engine.passOn(
            ModelAPIRequest(operation: operation, model: model, body: Array(body.utf8)),
            for: .trusted)
        var bytes: [UInt8] = []
        while let piece = try await answer.next() { bytes += piece }
        return (answer.status, String(decoding: bytes, as: UTF8.self))
    }

    @Test("reaches the server as it came, and its stream comes back as it was")
    func streams() async throws {
        let chat = try ScriptedChat(models: ["m"], saying: ["Striped", "."])
        let engine = try await engine { $0.url = chat.url }
        let body = #"{"model":"m","messages":[{"role":"user","content":"Zebra?"}],"odd":[1]}"#
        let (status, text) = try await answer(engine, .chatCompletion, "m", body)
        #expect(status == 200)
        #expect(text.contains("Striped"))
        #expect(text.contains("[DONE]"))
        #expect(try chat.questions.first?.json == JSONValue(parsing: body))
        await engine.close()
    }

    @Test("asks the model that answers where another or none is named")
    func otherNames() async throws {
        let chat = try ScriptedChat(models: ["m"], saying: ["x"])
        let engine = try await engine { $0.url = chat.url }
        _ = try await answer(engine, .chatCompletion, "gpt-4o", #"{"model":"gpt-4o"}"#)
        _ = try await answer(engine, .chatCompletion, "", "{}")
        #expect(chat.questions.map(\.model) == ["m", "m"])
        await engine.close()
    }

    @Test("gives back a refusal with its status, without the key")
    func refusals() async throws {
        let chat = try ScriptedChat(models: ["m"]) { _ in
            .answer(401, headers: [], #"{"error":{"message":"bad key sk-canary"}}"#)
        }
        let engine = try await engine {
            $0.url = chat.url
            $0.key = "sk-canary"
        }
        let (status, text) = try await answer(engine, .chatCompletion, "m", #"{"model":"m"}"#)
        #expect(status == 401)
        #expect(text == #"{"error":{"message":"bad key …"}}"#)
        #expect(try await answer(engine, .embedding, "m", #"{"model":"m"}"#).status == 404)
        await engine.close()
    }

    @Test("hides the key in a stream, wherever its pieces are cut")
    func keyInStream() async throws {
        let text = "data: {\"error\":{\"message\":\"bad canary-4711, canary\"}}\n\ndata: canary-47"
        for cut in 0...text.utf8.count {
            let (first, second) = (text.prefix(cut), text.dropFirst(cut))
            let transport = ScriptedTransport([
                .init(steps: [first, second].filter { !$0.isEmpty }.map { .bytes(Array($0.utf8)) })
            ])
            let client = ChatCompletionsClient(
                baseURL: "http://h:1/v1", key: "canary-4711", transport: transport)
            let response = try await client.passOn([], to: "/chat/completions")
            let passed = try await response.body.collect(upTo: 1 << 16)
            #expect(
                String(decoding: passed, as: UTF8.self)
                    == text.replacing("canary-4711", with: "…"), "cut at \(cut)")
        }
    }

    @Test("says so where no server has a model")
    func nobody() async throws {
        let engine = try await engine { $0.discovers = false }
        let error = await #expect(throws: APIError.self) {
            _ = try await answer(engine, .chatCompletion, "", "{}")
        }
        #expect(error?.status == 400)
        #expect(error?.message.contains("Connect a model server") == true)
        await engine.close()
    }
}
