import Transport
import Wire

/// Finds out which program answers at an address: by fingerprint, never by port.
public struct ModelServerProbe: Sendable {
    /// So long each question may take.
    public static let questionTimeout = Duration.milliseconds(300)
    /// So long the whole list of models may take, once a server is known.
    public static let listTimeout = Duration.seconds(2)

    private let client: ChatCompletionsClient

    /// Creates a probe of one address.
    public init(client: ChatCompletionsClient, timeout: Duration = Self.questionTimeout) {
        var client = client
        client.options.connectTimeout = timeout
        client.options.firstByteTimeout = timeout
        client.options.silenceTimeout = timeout
        client.options.retryPolicy.retries = 0
        self.client = client
    }

    /// Which program it is; nil when nobody there serves models.
    ///
    /// All questions are asked at once. A server that wants a key for everything is `generic` when
    /// it refuses in the API's form.
    public func kind() async -> ModelServerKind? {
        if let hosted = hosted { return hosted }
        let questions = Question.allCases
        let answers = await withTaskGroup(of: (Question, Answer?).self) { group in
            for question in questions {
                group.addTask { (question, await ask(question)) }
            }
            var answers: [Question: Answer] = [:]
            for await (question, answer) in group { answers[question] = answer }
            return answers
        }
        return Self.kind(of: answers)
    }

    /// Which program it is and what it offers.
    public func server() async -> ModelServer? {
        guard let kind = await kind() else { return nil }
        if kind == .switchboard { return ModelServer(kind: kind, baseURL: client.baseURL) }
        var lister = client
        lister.options.firstByteTimeout = Self.listTimeout
        lister.options.silenceTimeout = Self.listTimeout
        var models: [ModelListing] = []
        do throws(ChatError) {
            models = try await lister.models(kind: kind)
        } catch {
            // Found, but it does not say what it has: the person names the model.
            models = []
        }
        let loaded = models.filter { $0.isLoaded == true }
        return ModelServer(
            kind: kind, baseURL: client.baseURL,
            models: loaded + models.filter { $0.isLoaded != true })
    }

    private var hosted: ModelServerKind? {
        let host = client.host
        if host == "api.openai.com" { return .openAI }
        if host == "openrouter.ai" { return .openRouter }
        return host.hasSuffix(".azure.com") ? .azure : nil
    }

    // MARK: Questions

    private enum Question: CaseIterable {
        case health, ollamaVersion, lmStudioModels, lmStudioOlderModels, llamaProperties
        case vLLMVersion, liteLLMLiveliness, models

        var path: String {
            switch self {
            case .health: "/healthz"
            case .ollamaVersion: "/api/version"
            case .lmStudioModels: "/api/v1/models"
            case .lmStudioOlderModels: "/api/v0/models"
            case .llamaProperties: "/props"
            case .vLLMVersion: "/version"
            case .liteLLMLiveliness: "/health/liveliness"
            case .models: "/v1/models"
            }
        }
    }

    private struct Answer: Sendable {
        var status: Int
        var program: String
        var text: String
        var json: JSONValue?
    }

    private func ask(_ question: Question) async -> Answer? {
        let path =
            question == .models ? client.baseURL + "/models" : client.serverRoot + question.path
        do throws(TransportError) {
            let response = try await client.transport.send(client.plainRequest(path))
            let bytes = await response.body.prefix(bytes: 1 << 20)
            let program = [response.header("server"), response.header("x-switchboard")]
                .compactMap { $0 }.joined(separator: " ").lowercased()
            let own = response.header("x-switchboard") == nil ? program : "switchboard"
            return Answer(
                status: response.status, program: own,
                text: String(decoding: bytes.prefix(1_000), as: UTF8.self),
                json: try? JSONValue(parsing: bytes))
        } catch {
            // Nobody there, or not in time: no answer is an answer.
            return nil
        }
    }

    private static func kind(of answers: [Question: Answer]) -> ModelServerKind? {
        func good(_ question: Question) -> Answer? {
            answers[question].flatMap { $0.status == 200 ? $0 : nil }
        }
        if answers.values.contains(where: { $0.program.contains("switchboard") }) {
            return .switchboard
        }
        if good(.health)?.text.lowercased().contains("switchboard") == true { return .switchboard }
        if answers.values.contains(where: { $0.program.contains("llama.cpp") }) { return .llamaCpp }
        if good(.llamaProperties)?.json?["default_generation_settings"] != nil { return .llamaCpp }
        if good(.ollamaVersion)?.json?["version"]?.stringValue != nil { return .ollama }
        if good(.lmStudioModels)?.json?["models"]?.arrayValue != nil { return .lmStudio }
        if good(.lmStudioOlderModels)?.json?["data"]?.arrayValue != nil { return .lmStudio }
        let list = good(.models)?.json?["data"]?.arrayValue
        if good(.liteLLMLiveliness)?.text.contains("alive") == true { return .liteLLM }
        if let list {
            let isVLLM = list.contains { $0["owned_by"]?.stringValue == "vllm" }
            if isVLLM { return .vLLM }
            if good(.vLLMVersion)?.json?["version"] != nil,
                list.contains(where: { $0["max_model_len"] != nil })
            {
                return .vLLM
            }
            return .generic
        }
        let refusal = answers[.models]
        return refusal?.status == 401 && refusal?.json?["error"] != nil ? .generic : nil
    }
}

extension ChatCompletionsClient {
    /// A short question without a key: it must not reach whoever happens to listen there.
    fileprivate func plainRequest(_ url: String) -> HTTPRequest {
        HTTPRequest(
            url: url, headers: [("accept", "application/json"), ("user-agent", "switchboard")],
            connectTimeout: options.connectTimeout, firstByteTimeout: options.firstByteTimeout,
            silenceTimeout: options.silenceTimeout, socketPath: options.socketPath)
    }
}
