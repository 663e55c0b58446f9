import Wire

/// A model that a server offers.
public struct ModelListing: Hashable, Sendable {
    /// Its name for requests.
    public var id: String
    /// How many tokens it reads and writes in one request, as far as the server tells: what is
    /// allocated where that is known, else what the model could.
    public var contextTokens: Int?
    /// Who the server says owns it.
    public var owner: String?
    /// Whether it is loaded; nil where the server does not tell.
    public var isLoaded: Bool?

    /// Creates an entry.
    public init(
        id: String, contextTokens: Int? = nil, owner: String? = nil, isLoaded: Bool? = nil
    ) {
        self.id = id
        self.contextTokens = contextTokens
        self.owner = owner
        self.isLoaded = isLoaded
    }

    /// Reads an entry of `/v1/models`, or of LM Studio's own lists; nil for what is no model that
    /// chats.
    init?(_ entry: JSONValue) {
        guard let id = entry["id"]?.stringValue ?? entry["key"]?.stringValue, !id.isEmpty else {
            return nil
        }
        let kind = entry["type"]?.stringValue
        if kind == "embedding" || kind == "embeddings" { return nil }
        self.init(
            id: id, contextTokens: Self.contextTokens(entry),
            owner: entry["owned_by"]?.stringValue ?? entry["publisher"]?.stringValue)
        if let state = entry["state"]?.stringValue { isLoaded = state == "loaded" }
        if let instances = entry["loaded_instances"]?.arrayValue { isLoaded = !instances.isEmpty }
    }

    /// Each server has a name of its own for this.
    private static func contextTokens(_ entry: JSONValue) -> Int? {
        let instance = entry["loaded_instances"]?[0]?["config"]?["context_length"]
        let candidates = [
            instance,  // LM Studio 0.4, what is allocated
            entry["loaded_context_length"],  // LM Studio 0.3
            entry["max_model_len"],  // vLLM
            entry["meta"]?["n_ctx"],  // llama.cpp, a slot's share
            entry["context_length"],  // OpenRouter, Together
            entry["context_window"],  // Groq
            entry["max_input_tokens"],  // LiteLLM
            entry["max_context_length"],  // LM Studio, Mistral
            entry["meta"]?["n_ctx_train"],  // llama.cpp, the model's own
        ]
        return candidates.lazy.compactMap { $0?.integerValue }.first { $0 > 0 }
    }
}
