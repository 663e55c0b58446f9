package import Assistants
package import ChatCompletions
package import Transport

/// Where models may be found, as a person and the environment said it.
package struct ModelSources: Sendable {
    /// A server somebody named: by flag, `SWITCHBOARD_MODEL_URL` or the configuration.
    package var url: String?
    /// A model somebody named the same way.
    package var name: String?
    /// The key for that server: `SWITCHBOARD_MODEL_KEY`.
    package var key: String?
    /// By which API that server is asked; nil for what its host is known to want.
    package var api: ChatAPI?
    /// `OPENAI_BASE_URL`.
    package var openAIURL: String?
    /// `OPENAI_API_KEY`.
    package var openAIKey: String?
    /// Whether servers on this machine are looked for.
    package var discovers = true
    /// The addresses where they are looked for.
    package var localAddresses = LocalServers.usualAddresses
    /// So long each question to a server on this machine may take.
    package var localTimeout = ModelServerProbe.questionTimeout

    /// Makes sources that name nothing.
    package init() {}
}

/// Knows the model servers and which of them answers for a model's name.
///
/// The order (`DESIGN.md` 3): what somebody named, then the assistant's own model where a server
/// has it, then `OPENAI_BASE_URL` and `OPENAI_API_KEY`, then a server on this machine, then Guide.
/// An actor, because servers come and go while requests look them up.
package actor ModelDirectory: ModelResolving {
    /// How often servers on this machine are looked for while there are none.
    package static let searchInterval = Duration.seconds(10)

    private let sources: ModelSources
    private let transport: any HTTPTransport
    private let guide = GuideBackend()
    private var named: Lookup?
    private var hosted: Lookup?
    private var local: [ModelServer] = []
    private var search: Task<Void, Never>?
    private var firstSearch: Task<[ModelServer], Never>?
    private var onChange: @Sendable () -> Void = {}

    /// A server somebody named, and what it said when it was asked.
    private struct Lookup {
        var client: ChatCompletionsClient
        var server: ModelServer
    }

    /// Makes a directory that knows nothing yet.
    package init(sources: ModelSources, transport: any HTTPTransport) {
        self.sources = sources
        self.transport = transport
    }

    /// Looks for servers on this machine now, and again while there are none; calls back when
    /// there are others than before.
    package func start(onChange: @escaping @Sendable () -> Void) {
        self.onChange = onChange
        guard sources.discovers, search == nil else { return }
        search = Task { [weak self] in
            while !Task.isCancelled {
                guard let self, await self.searchOnce().isEmpty else { return }
                try? await Task.sleep(for: Self.searchInterval)
            }
        }
    }

    /// Ends the search.
    package func stop() async {
        search?.cancel()
        await search?.value
        search = nil
    }

    package func models() async -> [ModelInfo] {
        var models: [ModelInfo] = []
        if sources.url != nil {
            // A server somebody named answers for everything: the others are never asked.
            if let named = try? await namedServer() { models = infos(of: named.server) }
        } else {
            if let hosted = try? await hostedServer() { models = infos(of: hosted.server) }
            for server in await localServers() { models += infos(of: server) }
        }
        if let first = try? await backend(for: Engine.defaultModel).info,
            let index = models.firstIndex(of: first)
        {
            models.insert(models.remove(at: index), at: 0)
        }
        return models + [guide.info]
    }

    private func infos(of server: ModelServer) -> [ModelInfo] {
        let names = server.models.map(\.id)
        return (names.isEmpty ? [sources.name].compactMap { $0 } : names).map {
            info($0, of: server)
        }
    }

    package func backend(for model: String) async throws(ModelError) -> any ModelBackend {
        if model == GuideBackend.modelName { return guide }
        if let named = try await namedServer() {
            return backend(of: named, model: sources.name ?? model)
        }
        let wanted = sources.name ?? model
        let locals = await localServers()
        if let server = locals.first(where: { $0.has(wanted) }) {
            return backend(
                of: Lookup(client: client(server.baseURL), server: server), model: wanted)
        }
        if let hosted = try await hostedServer() { return backend(of: hosted, model: wanted) }
        if let server = locals.first(where: { !$0.models.isEmpty }) {
            return backend(
                of: Lookup(client: client(server.baseURL), server: server), model: wanted)
        }
        if let name = sources.name {
            throw ModelError(
                .unreachable,
                "No server was found for the model \(name). Start one on this machine, or name "
                    + "one with --model-url.")
        }
        return guide
    }

    // MARK: Servers

    private func namedServer() async throws(ModelError) -> Lookup? {
        guard let url = sources.url else { return nil }
        if let named { return named }
        let key = sources.key ?? (Self.isOpenAI(url) ? sources.openAIKey : nil)
        let lookup = try await ask(client(url, key: key), said: url)
        if !lookup.server.models.isEmpty { named = lookup }
        return lookup
    }

    private func hostedServer() async throws(ModelError) -> Lookup? {
        guard sources.openAIURL != nil || sources.openAIKey != nil else { return nil }
        if let hosted { return hosted }
        let url = sources.openAIURL ?? "https://api.openai.com/v1"
        let lookup = try await ask(client(url, key: sources.openAIKey), said: "OPENAI_BASE_URL")
        if !lookup.server.models.isEmpty { hosted = lookup }
        return lookup
    }

    /// Asks a server what it is. One that does not answer is used all the same: the error of the
    /// request itself says more.
    private func ask(
        _ client: ChatCompletionsClient, said source: String
    ) async throws(ModelError) -> Lookup {
        let probe = ModelServerProbe(client: client, timeout: .seconds(2))
        let server = await probe.server()
        if server?.kind == .switchboard {
            throw ModelError(
                .refused,
                "\(source) points at Switchboard itself, so a question would go round in a circle. "
                    + "Name a model server with --model-url, or unset the variable.")
        }
        let isOpenAI = Self.isOpenAI(client.baseURL)
        let kind: ModelServerKind = isOpenAI ? .openAI : .generic
        var client = client
        client.options.api = sources.api ?? (isOpenAI ? .responses : .completions)
        return Lookup(
            client: client, server: server ?? ModelServer(kind: kind, baseURL: client.baseURL))
    }

    private func localServers() async -> [ModelServer] {
        guard sources.discovers, local.isEmpty else { return local }
        return await searchOnce()
    }

    /// One search, shared by everybody who waits for it.
    private func searchOnce() async -> [ModelServer] {
        if let firstSearch { return await firstSearch.value }
        let servers = LocalServers(
            addresses: sources.localAddresses, transport: transport, timeout: sources.localTimeout)
        let task = Task { await servers.find().filter { $0.kind != .switchboard } }
        firstSearch = task
        let found = await task.value
        firstSearch = nil
        if found != local {
            local = found
            onChange()
        }
        return found
    }

    private func client(_ url: String, key: String? = nil) -> ChatCompletionsClient {
        ChatCompletionsClient(baseURL: url, key: key, transport: transport)
    }

    // MARK: Choosing

    private func backend(of lookup: Lookup, model: String) -> any ModelBackend {
        let server = lookup.server
        let name: String
        if server.has(model) || (server.models.isEmpty && model != Engine.defaultModel) {
            name = model
        } else if model != Engine.defaultModel && (server.kind == .openAI || model == sources.name)
        {
            // A hosted list can be incomplete, and a name that somebody gave is meant.
            name = model
        } else {
            name = server.preferredModel ?? model
        }
        return ChatBackend(client: lookup.client, info: info(name, of: server))
    }

    private func info(_ model: String, of server: ModelServer) -> ModelInfo {
        let host = HTTPRequest(url: server.baseURL).destination
        return ModelInfo(
            name: model, provider: server.kind.name, host: host,
            contextTokens: server.models.first { $0.id == model }?.contextTokens,
            isLocal: Self.isLoopback(host))
    }

    private static func isOpenAI(_ url: String) -> Bool {
        let host = HTTPRequest(url: url).destination
        return host == "api.openai.com" || host.hasPrefix("api.openai.com:")
            || host.hasSuffix(".openai.azure.com")
    }

    private static func isLoopback(_ host: String) -> Bool {
        ["127.", "localhost", "[::1]"].contains { host.hasPrefix($0) }
    }
}

extension ModelServer {
    fileprivate func has(_ model: String) -> Bool { models.contains { $0.id == model } }

    /// The model that is used where nobody named one: one that is loaded, or the first.
    fileprivate var preferredModel: String? {
        if kind == .openAI, has("gpt-4o-mini") { return "gpt-4o-mini" }
        return (models.first { $0.isLoaded == true } ?? models.first)?.id
    }
}
