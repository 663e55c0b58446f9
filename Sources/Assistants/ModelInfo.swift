/// A model and where it runs, as a person should know it.
public struct ModelInfo: Hashable, Sendable {
    /// The name its server knows it by.
    public var name: String
    /// Who serves it, for people: "Ollama", "llama.cpp", "OpenAI", "built in".
    public var provider: String
    /// The host and port that requests go to; empty for a model in this process.
    public var host: String
    /// The most tokens of one request; nil where the server does not say.
    public var contextTokens: Int?
    /// Whether nothing leaves this machine.
    public var isLocal: Bool

    /// Makes a description.
    public init(
        name: String, provider: String, host: String, contextTokens: Int? = nil, isLocal: Bool
    ) {
        self.name = name
        self.provider = provider
        self.host = host
        self.contextTokens = contextTokens
        self.isLocal = isLocal
    }
}

/// A service that knows which models there are and which one answers.
public protocol ModelListing: AssistantsService {
    /// The models that can be used now, the one that is used by default first.
    func models(for caller: Caller) async throws(APIError) -> [ModelInfo]
    /// The model that would answer for an assistant now.
    func model(
        answering assistant: Assistant, for caller: Caller
    ) async throws(APIError) -> ModelInfo
}
