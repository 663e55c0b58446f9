import Assistants
import AssistantsEngine
import TestSupport
import Testing
import Transport

@Suite("The directory of models") struct ModelDirectoryTests {
    private let local: ScriptedChat
    private let hosted: ScriptedChat
    private let named: ScriptedChat

    init() throws {
        local = try ScriptedChat(models: ["local-1", "shared"], saying: ["local"])
        hosted = try ScriptedChat(models: ["hosted-1", "shared"], saying: ["hosted"])
        named = try ScriptedChat(models: ["named-1", "shared"], saying: ["named"])
    }

    private func directory(_ change: (inout ModelSources) -> Void) -> ModelDirectory {
        var sources = ModelSources()
        sources.localAddresses = []
        // Long enough for a machine that is busy with other tests.
        sources.localTimeout = .seconds(20)
        change(&sources)
        return ModelDirectory(sources: sources, transport: AsyncHTTPTransport.shared)
    }

    private func place(_ chat: ScriptedChat) -> String {
        String(chat.url.dropFirst("http://".count).dropLast("/v1".count))
    }

    /// Which model answers where.
    private func answer(_ model: String, _ directory: ModelDirectory) async throws -> [String] {
        let info = try await directory.backend(for: model).info
        return [info.name, info.host]
    }

    @Test("asks a server that was named before all others") func namedServer() async throws {
        let directory = directory { sources in
            sources.url = named.url
            sources.openAIURL = hosted.url
            sources.localAddresses = [local.url]
        }
        let first = ["named-1", place(named)]
        #expect(try await answer(Engine.defaultModel, directory) == first)
        #expect(try await answer("shared", directory) == ["shared", place(named)])
        #expect(try await answer("local-1", directory) == first)
        #expect(try await answer(GuideBackend.modelName, directory) == ["guide", ""])
    }

    @Test("asks the server that has the assistant's own model, a local one first") func ownModel()
        async throws
    {
        let directory = directory { sources in
            sources.openAIURL = hosted.url
            sources.localAddresses = [local.url]
        }
        #expect(try await answer("local-1", directory) == ["local-1", place(local)])
        #expect(try await answer("shared", directory) == ["shared", place(local)])
        #expect(try await answer("hosted-1", directory) == ["hosted-1", place(hosted)])
    }

    @Test("prefers a host that somebody paid for to a local server, and that to Guide")
    func defaults() async throws {
        let both = directory { sources in
            sources.openAIURL = hosted.url
            sources.localAddresses = [local.url]
        }
        #expect(try await answer(Engine.defaultModel, both) == ["hosted-1", place(hosted)])
        let alone = directory { $0.localAddresses = [local.url] }
        #expect(try await answer(Engine.defaultModel, alone) == ["local-1", place(local)])
        let none = directory { _ in }
        #expect(try await answer(Engine.defaultModel, none) == ["guide", ""])
        let blind = directory { sources in
            sources.localAddresses = [local.url]
            sources.discovers = false
        }
        #expect(try await answer(Engine.defaultModel, blind) == ["guide", ""])
    }

    @Test("does not let Guide answer for a model that somebody named") func namedModel()
        async throws
    {
        let directory = directory { $0.name = "wanted" }
        await #expect(throws: ModelError.self) { try await answer("default", directory) }
    }

    @Test("finds a local server that came later, and passes over this program's own")
    func localServers() async throws {
        let own = try ScriptedChat(header: "X-Switchboard: 1") { _ in [] }
        let directory = directory { $0.localAddresses = ["http://127.0.0.1:9/v1", own.url] }
        #expect(await directory.models().map(\.name) == ["guide"])
        #expect(try await answer(Engine.defaultModel, directory) == ["guide", ""])
        let second = self.directory { $0.localAddresses = [own.url, local.url] }
        #expect(await second.models().map(\.name) == ["local-1", "shared", "guide"])
        #expect(await second.models().first?.isLocal == true)
    }

    @Test("sends no key to local servers") func keys() async throws {
        let directory = directory { sources in
            sources.key = "sk-a"
            sources.openAIKey = "sk-b"
            sources.openAIURL = hosted.url
            sources.localAddresses = [local.url]
        }
        #expect(await directory.models().count == 5)
        let backend = try await directory.backend(for: "local-1")
        var request = ModelRequest(model: "local-1")
        request.messages = [.user([.text(MessageText("hi"))])]
        for try await _ in try await backend.stream(request) {}
        #expect(local.questions.count == 1)
        #expect(local.authorizations == [])
        #expect(hosted.authorizations == ["Bearer sk-b"])
    }
}
