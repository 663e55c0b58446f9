public import Wire

/// What a model does, as its stream tells it.
///
/// The order in one answer: `started` first, `usage` at most once and before `finished`, which is
/// last. Texts are never empty.
public enum ChatEvent: Hashable, Sendable {
    /// The answer begins; the model's name as the server gives it, empty when it gives none.
    case started(model: String)
    /// More of what the model thinks aloud.
    case reasoning(String)
    /// More of the answer's text.
    case text(String)
    /// More of a refusal.
    case refusal(String)
    /// A call begins, or more of its arguments.
    case toolCall(ChatToolCallDelta)
    /// Something that only the model can read, such as its sealed thoughts: to be sent back before
    /// the calls of the answer. Over `/responses` only.
    case kept(JSONValue)
    /// The tokens used.
    case usage(ChatUsage)
    /// The answer is complete.
    case finished(FinishReason)
}

/// The beginning of a call, or more of its arguments.
public struct ChatToolCallDelta: Hashable, Sendable {
    /// Which call of the answer: 0, 1, … in the order of their beginnings, whatever the server
    /// numbers.
    public var index: Int
    /// The call's id: in its first delta always, then never.
    public var id: String?
    /// The function's name: in the call's first delta always, then never.
    public var name: String?
    /// More of the arguments, as the model writes them.
    public var arguments: String

    /// Creates a delta.
    public init(index: Int, id: String? = nil, name: String? = nil, arguments: String = "") {
        self.index = index
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// Why an answer ended.
public enum FinishReason: Hashable, Sendable {
    /// The model was done.
    case stop
    /// A token limit or the context's end.
    case length
    /// Functions are to be called.
    case toolCalls
    /// The server's filter.
    case contentFilter
    /// A reason that this version does not know, as the server named it.
    case unknown(String)

    /// Names a server's reason; several have words of their own for "done".
    init(_ text: String) {
        switch text {
        case "stop", "eos", "eos_token", "end_turn", "stop_sequence", "STOP", "complete":
            self = .stop
        case "length", "max_tokens", "MAX_TOKENS", "model_length": self = .length
        case "tool_calls", "tool_use", "tool_call", "function_call": self = .toolCalls
        case "content_filter", "SAFETY": self = .contentFilter
        default: self = .unknown(text)
        }
    }
}
