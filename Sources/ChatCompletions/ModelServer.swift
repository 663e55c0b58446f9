/// Which program answers at an address, told by what only it says.
public enum ModelServerKind: String, Hashable, Sendable, CaseIterable {
    /// Ollama.
    case ollama
    /// LM Studio.
    case lmStudio
    /// llama.cpp's own server.
    case llamaCpp
    /// vLLM.
    case vLLM
    /// The LiteLLM proxy.
    case liteLLM
    /// OpenAI, by its host.
    case openAI
    /// OpenRouter, by its host.
    case openRouter
    /// Azure, by its host.
    case azure
    /// This program's own server: no model of its own stands behind it.
    case switchboard
    /// Any other server with `/v1/models`.
    case generic

    /// The name for people.
    public var name: String {
        switch self {
        case .ollama: "Ollama"
        case .lmStudio: "LM Studio"
        case .llamaCpp: "llama.cpp"
        case .vLLM: "vLLM"
        case .liteLLM: "LiteLLM"
        case .openAI: "OpenAI"
        case .openRouter: "OpenRouter"
        case .azure: "Azure"
        case .switchboard: "Switchboard"
        case .generic: "model server"
        }
    }
}

/// A model server that was found.
public struct ModelServer: Hashable, Sendable {
    /// Which program it is.
    public var kind: ModelServerKind
    /// The address for a client.
    public var baseURL: String
    /// What it offers, loaded models first; empty when it would not say.
    public var models: [ModelListing]

    /// Creates a server.
    public init(kind: ModelServerKind, baseURL: String, models: [ModelListing] = []) {
        self.kind = kind
        self.baseURL = baseURL
        self.models = models
    }
}
