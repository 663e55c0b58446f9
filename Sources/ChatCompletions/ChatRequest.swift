public import Wire

/// What a model is asked: one chat completion.
///
/// What is nil or empty is not sent, so that the server's own defaults hold.
public struct ChatRequest: Hashable, Sendable {
    /// The model's name, as the server lists it.
    public var model: String
    /// The conversation, oldest first.
    public var messages: [ChatMessage]
    /// The functions the model may call.
    public var tools: [ChatTool]
    /// Whether and what the model must call.
    public var toolChoice: ChatToolChoice?
    /// Whether several calls may come in one answer.
    public var parallelToolCalls: Bool?
    /// The form the answer must have.
    public var responseFormat: ChatResponseFormat?
    /// 0 to 2: how much chance decides.
    public var temperature: Double?
    /// 0 to 1: from which share of the likeliest tokens one is chosen.
    public var topP: Double?
    /// The most tokens of the answer, reasoning included where the server counts it.
    public var maxTokens: Int?
    /// How long a reasoning model thinks: `none`, `minimal`, `low`, `medium`, `high`, ….
    public var reasoningEffort: String?
    /// Makes a server that knows it answer alike each time.
    public var seed: Int?
    /// Texts that end the answer.
    public var stop: [String]
    /// Whether the server is asked to tell the tokens used in a stream.
    public var includesUsage: Bool
    /// More members for the request's body, for servers with parameters of their own.
    public var extra: JSONObject

    /// Creates a request.
    public init(
        model: String, messages: [ChatMessage], tools: [ChatTool] = [],
        toolChoice: ChatToolChoice? = nil, parallelToolCalls: Bool? = nil,
        responseFormat: ChatResponseFormat? = nil, temperature: Double? = nil,
        topP: Double? = nil, maxTokens: Int? = nil, reasoningEffort: String? = nil,
        seed: Int? = nil, stop: [String] = [], includesUsage: Bool = true,
        extra: JSONObject = JSONObject()
    ) {
        self.model = model
        self.messages = messages
        self.tools = tools
        self.toolChoice = toolChoice
        self.parallelToolCalls = parallelToolCalls
        self.responseFormat = responseFormat
        self.temperature = temperature
        self.topP = topP
        self.maxTokens = maxTokens
        self.reasoningEffort = reasoningEffort
        self.seed = seed
        self.stop = stop
        self.includesUsage = includesUsage
        self.extra = extra
    }
}
