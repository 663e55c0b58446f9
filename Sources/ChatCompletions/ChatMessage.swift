public import Wire

/// One message of a conversation with a model.
public struct ChatMessage: Hashable, Sendable {
    /// Who speaks.
    public enum Role: String, Hashable, Sendable {
        /// Instructions.
        case system
        /// Instructions, in the word that OpenAI's reasoning models want.
        case developer
        /// The person.
        case user
        /// The model.
        case assistant
        /// A function's output.
        case tool
    }

    /// A part of a message.
    public enum Part: Hashable, Sendable {
        /// Text.
        case text(String)
        /// An image by its address, which may be a `data:` address; detail is `auto`, `low` or
        /// `high`.
        case image(url: String, detail: String? = nil)
    }

    /// Who speaks.
    public var role: Role
    /// What is said. A single text part is sent as a plain string: some servers would otherwise
    /// make several messages of it.
    public var parts: [Part]
    /// The calls an assistant message made.
    public var toolCalls: [ChatToolCall]
    /// What the model wants back with its calls: the `kept` events of its answer.
    public var kept: [JSONValue] = []
    /// The call that a tool message answers.
    public var toolCallID: String?
    /// The speaker's name, where there are several of one role.
    public var name: String?

    /// Creates a message of parts.
    public init(
        _ role: Role, parts: [Part], toolCalls: [ChatToolCall] = [], toolCallID: String? = nil,
        name: String? = nil
    ) {
        self.role = role
        self.parts = parts
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
        self.name = name
    }

    /// Creates a message of text.
    public init(_ role: Role, _ text: String) {
        self.init(role, parts: [.text(text)])
    }

    /// Instructions.
    public static func system(_ text: String) -> ChatMessage { ChatMessage(.system, text) }
    /// What the person says.
    public static func user(_ text: String) -> ChatMessage { ChatMessage(.user, text) }

    /// What the model said, and the calls it made.
    public static func assistant(_ text: String, toolCalls: [ChatToolCall] = []) -> ChatMessage {
        ChatMessage(.assistant, parts: text.isEmpty ? [] : [.text(text)], toolCalls: toolCalls)
    }

    /// A function's output.
    public static func tool(_ output: String, id: String) -> ChatMessage {
        ChatMessage(.tool, parts: [.text(output)], toolCallID: id)
    }
}

/// A complete call of a function by a model.
public struct ChatToolCall: Hashable, Sendable {
    /// The call's id, which its output repeats.
    public var id: String
    /// The function's name.
    public var name: String
    /// The arguments as the model wrote them: JSON as a rule, anything at worst.
    public var arguments: String

    /// Creates a call.
    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
