public import Wire

/// A whole answer, added up from its events.
public struct ChatAnswer: Hashable, Sendable {
    /// The model's name as the server gave it.
    public private(set) var model = ""
    /// The text.
    public private(set) var text = ""
    /// What the model thought aloud.
    public private(set) var reasoning = ""
    /// Why it refused; empty when it did not.
    public private(set) var refusal = ""
    /// The calls it made, in order.
    public private(set) var toolCalls: [ChatToolCall] = []
    /// What the model wants back with its calls.
    public private(set) var kept: [JSONValue] = []
    /// The tokens used, when the server told.
    public private(set) var usage: ChatUsage?
    /// Why it ended; nil while it goes on, or when it broke off.
    public private(set) var finish: FinishReason?

    /// Creates an answer of which nothing has come.
    public init() {}

    /// Adds an event.
    public mutating func add(_ event: ChatEvent) {
        switch event {
        case .started(let model): self.model = model
        case .text(let more): text += more
        case .reasoning(let more): reasoning += more
        case .refusal(let more): refusal += more
        case .toolCall(let delta): add(delta)
        case .kept(let item): kept.append(item)
        case .usage(let usage): self.usage = usage
        case .finished(let reason): finish = reason
        }
    }

    private mutating func add(_ delta: ChatToolCallDelta) {
        if delta.index == toolCalls.count {
            toolCalls.append(ChatToolCall(id: "", name: "", arguments: ""))
        }
        guard toolCalls.indices.contains(delta.index) else { return }
        toolCalls[delta.index].id += delta.id ?? ""
        toolCalls[delta.index].name += delta.name ?? ""
        toolCalls[delta.index].arguments += delta.arguments
    }
}
