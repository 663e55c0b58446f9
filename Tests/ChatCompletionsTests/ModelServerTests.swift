import ChatCompletions
import TestSupport
import Testing
import Transport

@Suite("The search for model servers") struct ModelServerTests {
    /// What each program answers, by path; everything else is 404.
    private static let programs: [ModelServerKind: [String: String]] = [
        .ollama: [
            "/api/version": #"{"version":"0.30.1"}"#,
            "/v1/models":
                #"""
            {"object":"list","data":[{"id":"a:latest","owned_by":"library"},\#
            {"id":"b:latest"}]}
            """#,
            "/api/ps": #"{"models":[{"name":"b:latest","context_length":4096}]}"#,
            "/api/show":
                #"{"model_info":{"general.architecture":"llama","llama.context_length":131072}}"#,
        ],
        .lmStudio: [
            "/api/v1/models":
                #"""
            {"models":[{"type":"llm","key":"x","max_context_length":32768,\#
            "loaded_instances":[{"id":"x","config":{"context_length":8192}}]},\#
            {"type":"llm","key":"y","max_context_length":4096,"loaded_instances":[]},\#
            {"type":"embedding","key":"e"}]}
            """#,
            "/v1/models": #"{"data":[{"id":"x"},{"id":"y"},{"id":"e"}]}"#,
        ],
        .llamaCpp: [
            "/props": #"{"default_generation_settings":{"n_ctx":2048},"total_slots":2}"#,
            "/v1/models":
                #"""
            {"object":"list","data":[{"id":"scripted","owned_by":"llamacpp",\#
            "meta":{"n_ctx":4096,"n_ctx_train":8192}}]}
            """#,
        ],
        .vLLM: [
            "/version": #"{"version":"0.20.0"}"#,
            "/v1/models": #"{"data":[{"id":"q","owned_by":"vllm","max_model_len":16384}]}"#,
        ],
        .liteLLM: [
            "/health/liveliness": #""I'm alive!""#,
            "/v1/models": #"{"data":[{"id":"gpt","max_input_tokens":1000}]}"#,
        ],
        .generic: ["/v1/models": #"{"data":[{"id":"m"}]}"#],
        .switchboard: [
            "/healthz": #"{"status":"ok","server":"switchboard"}"#,
            "/v1/models": #"{"data":[{"id":"m"}]}"#,
        ],
    ]

    private static func transport(_ program: ModelServerKind) -> ScriptedTransport {
        ScriptedTransport { request, _ in
            let path = request.url.dropFirst("http://h:1".count)
            guard let text = programs[program]?[String(path)] else { return .init(404, text: "{}") }
            return .init(200, text: text)
        }
    }

    private func server(_ transport: ScriptedTransport) async -> ChatCompletions.ModelServer? {
        await LocalServers(addresses: ["http://h:1/v1"], transport: transport).find().first
    }

    @Test(
        "tells programs apart by what they answer",
        arguments: programs.keys.sorted { $0.rawValue < $1.rawValue })
    func kinds(kind: ModelServerKind) async {
        #expect(await server(Self.transport(kind))?.kind == kind)
    }

    @Test(
        "knows how much each model reads, loaded models first",
        arguments: [
            (
                ModelServerKind.ollama,
                [
                    ModelListing(id: "b:latest", contextTokens: 4096, isLoaded: true),
                    ModelListing(
                        id: "a:latest", contextTokens: 131072, owner: "library", isLoaded: false),
                ]
            ),
            (
                .lmStudio,
                [
                    ModelListing(id: "x", contextTokens: 8192, isLoaded: true),
                    ModelListing(id: "y", contextTokens: 4096, isLoaded: false),
                ]
            ),
            (.llamaCpp, [ModelListing(id: "scripted", contextTokens: 2048, owner: "llamacpp")]),
            (.vLLM, [ModelListing(id: "q", contextTokens: 16384, owner: "vllm")]),
            (.liteLLM, [ModelListing(id: "gpt", contextTokens: 1000)]),
            (.switchboard, []),
        ])
    func models(kind: ModelServerKind, models: [ModelListing]) async {
        #expect(await server(Self.transport(kind))?.models == models)
    }

    @Test("knows this program's own server by its header too")
    func ownHeader() async {
        let transport = ScriptedTransport([
            .init(404, headers: [("X-Switchboard", "1")], text: "{}")
        ])
        #expect(await server(transport)?.kind == .switchboard)
    }

    @Test("knows llama.cpp by its header alone")
    func llamaHeader() async {
        let transport = ScriptedTransport([
            .init(503, headers: [("Server", "llama.cpp")], text: "loading")
        ])
        #expect(await server(transport) == .init(kind: .llamaCpp, baseURL: "http://h:1/v1"))
    }

    @Test("takes a server that wants a key for one, and a web page for none")
    func others() async {
        let locked = ScriptedTransport([.init(401, text: #"{"error":{"message":"no key"}}"#)])
        #expect(await server(locked)?.kind == .generic)
        let page = ScriptedTransport([.init(200, text: "<html>hello</html>")])
        #expect(await server(page) == nil)
        let nobody = ScriptedTransport([.failure(.cannotConnect(.refused))])
        #expect(await server(nobody) == nil)
    }

    @Test("sends no key to whoever listens there, and waits a moment only")
    func questions() async {
        let transport = ScriptedTransport([.failure(.cannotConnect(.refused))])
        _ = await LocalServers(transport: transport).find()
        #expect(transport.requests.count >= LocalServers.usualAddresses.count)
        #expect(transport.requests.allSatisfy { $0.header("authorization") == nil })
        #expect(transport.requests.allSatisfy { $0.connectTimeout == .milliseconds(300) })
        #expect(transport.requests.allSatisfy { $0.url.hasPrefix("http://127.0.0.1:") })
    }

    @Test("keeps the order of preference, whoever answers first")
    func order() async {
        let transport = ScriptedTransport { request, _ in
            request.url.hasSuffix("/v1/models") && !request.url.contains("api")
                ? .init(200, text: #"{"data":[{"id":"m"}]}"#) : .init(404, text: "")
        }
        let addresses = (1...9).map { "http://127.0.0.1:\($0)/v1" }
        let found = await LocalServers(addresses: addresses, transport: transport).find()
        #expect(found.map(\.baseURL) == addresses)
    }
}
