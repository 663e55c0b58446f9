public import Wire

/// A change to one field: leave it, or set it.
public enum Edit<Value: Sendable>: Sendable {
    case keep
    case set(Value)

    /// The value after the edit.
    public func applied(to value: Value) -> Value {
        switch self {
        case .keep: value
        case .set(let new): new
        }
    }
}

/// What a new assistant is made of (`CONTRACT.md` 4).
public struct AssistantRequest: Hashable, Sendable {
    public var model: String
    public var name: String?
    public var description: String?
    public var instructions: String?
    public var tools: [Tool] = []
    public var toolResources: JSONObject = [:]
    public var metadata: [String: String] = [:]
    public var temperature: Double?
    public var topP: Double?
    public var reasoningEffort: String?
    public var responseFormat: JSONValue = "auto"

    /// Makes a request; nil leaves a choice to the server.
    public init(
        model: String, name: String? = nil, description: String? = nil,
        instructions: String? = nil, tools: [Tool] = [], toolResources: ToolResources? = nil,
        metadata: [String: String] = [:], temperature: Double? = nil, topP: Double? = nil,
        reasoningEffort: ReasoningEffort? = nil, responseFormat: ResponseFormat = .auto
    ) {
        self.model = model
        self.name = name
        self.description = description
        self.instructions = instructions
        self.tools = tools
        self.toolResources = toolResources?.json ?? [:]
        self.metadata = metadata
        self.temperature = temperature
        self.topP = topP
        self.reasoningEffort = reasoningEffort?.rawValue
        self.responseFormat = responseFormat.json
    }
}

/// What changes about an assistant.
public struct AssistantChanges: Sendable {
    public var model: Edit<String> = .keep
    public var name: Edit<String?> = .keep
    public var description: Edit<String?> = .keep
    public var instructions: Edit<String?> = .keep
    public var tools: Edit<[Tool]> = .keep
    public var toolResources: Edit<JSONObject> = .keep
    public var metadata: Edit<[String: String]> = .keep
    public var temperature: Edit<Double?> = .keep
    public var topP: Edit<Double?> = .keep
    public var reasoningEffort: Edit<String?> = .keep
    public var responseFormat: Edit<JSONValue> = .keep

    /// Makes a request that changes nothing yet.
    public init() {}
}

/// A message to add to a thread.
public struct MessageRequest: Hashable, Sendable {
    public var role: Role
    public var content: [MessageContent]
    public var attachments: [JSONValue] = []
    public var metadata: [String: String] = [:]

    /// Makes a message of one text.
    public init(
        _ text: String, role: Role = .user, attachments: [Attachment] = [],
        metadata: [String: String] = [:]
    ) {
        self.init(
            content: [.text(MessageText(text))], role: role, attachments: attachments,
            metadata: metadata)
    }

    /// Makes a message of several parts.
    public init(
        content: [MessageContent], role: Role = .user, attachments: [Attachment] = [],
        metadata: [String: String] = [:]
    ) {
        self.content = content
        self.role = role
        self.attachments = attachments.map(\.json)
        self.metadata = metadata
    }
}

/// What a new thread is made of.
public struct ThreadRequest: Hashable, Sendable {
    public var messages: [MessageRequest] = []
    public var metadata: [String: String] = [:]
    public var toolResources: JSONObject = [:]

    /// Makes a request; without anything, for an empty thread.
    public init(
        messages: [MessageRequest] = [], metadata: [String: String] = [:],
        toolResources: ToolResources? = nil
    ) {
        self.messages = messages
        self.metadata = metadata
        self.toolResources = toolResources?.json ?? [:]
    }
}

/// What changes about a thread. Metadata is replaced as a whole (`CONTRACT.md` 13.3).
public struct ThreadChanges: Sendable {
    public var metadata: Edit<[String: String]> = .keep
    public var toolResources: Edit<JSONObject> = .keep

    /// Makes a request that changes nothing yet.
    public init() {}
}

/// What a new run is made of; nil means what the assistant says (`CONTRACT.md` 4).
public struct RunRequest: Hashable, Sendable {
    public var assistantID: Assistant.ID
    public var model: String?
    /// In place of the assistant's instructions, for this run.
    public var instructions: String?
    /// Added to the instructions in force.
    public var additionalInstructions: String?
    /// Added to the thread before the run starts.
    public var additionalMessages: [MessageRequest] = []
    public var tools: [Tool]?
    public var toolChoice: ToolChoice = .auto
    public var temperature: Double?
    public var topP: Double?
    /// Left out where a client creates the run together with its thread: the API does not take it
    /// there (`CONTRACT.md` 4).
    public var reasoningEffort: String?
    public var maxPromptTokens: Int?
    public var maxCompletionTokens: Int?
    public var truncation: TruncationStrategy = .auto
    public var responseFormat: JSONValue?
    public var allowsParallelToolCalls = true
    public var metadata: [String: String] = [:]
    /// How long the run may take; 600 s for API clients, as the hosted service had it.
    public var deadline: Duration = .seconds(600)

    /// Makes a request; nil means what the assistant says.
    public init(
        assistantID: Assistant.ID, model: String? = nil, instructions: String? = nil,
        additionalInstructions: String? = nil, additionalMessages: [MessageRequest] = [],
        tools: [Tool]? = nil, toolChoice: ToolChoice = .auto, temperature: Double? = nil,
        topP: Double? = nil, reasoningEffort: ReasoningEffort? = nil,
        maxPromptTokens: Int? = nil, maxCompletionTokens: Int? = nil,
        truncation: TruncationStrategy = .auto, responseFormat: ResponseFormat? = nil,
        allowsParallelToolCalls: Bool = true, metadata: [String: String] = [:]
    ) {
        self.assistantID = assistantID
        self.model = model
        self.instructions = instructions
        self.additionalInstructions = additionalInstructions
        self.additionalMessages = additionalMessages
        self.tools = tools
        self.toolChoice = toolChoice
        self.temperature = temperature
        self.topP = topP
        self.reasoningEffort = reasoningEffort?.rawValue
        self.maxPromptTokens = maxPromptTokens
        self.maxCompletionTokens = maxCompletionTokens
        self.truncation = truncation
        self.responseFormat = responseFormat?.json
        self.allowsParallelToolCalls = allowsParallelToolCalls
        self.metadata = metadata
    }
}

/// What somebody answered to a function call.
public struct ToolOutput: Hashable, Sendable {
    public var toolCallID: String
    public var output: String

    /// Makes an output.
    public init(toolCallID: String, output: String) {
        self.toolCallID = toolCallID
        self.output = output
    }
}

/// Which part of a list is wanted (`CONTRACT.md` 6).
public struct PageRequest: Hashable, Sendable {
    /// By time of creation.
    public enum Order: String, Hashable, Sendable {
        case ascending = "asc"
        case descending = "desc"
    }

    /// 1…100.
    public var limit: Int
    public var order: Order
    /// The id behind which the page starts, in the chosen order.
    public var after: String?
    /// The id in front of which the page ends.
    public var before: String?

    /// Makes a request; the defaults are the wire's.
    public init(
        limit: Int = 20, order: Order = .descending, after: String? = nil, before: String? = nil
    ) {
        self.limit = limit
        self.order = order
        self.after = after
        self.before = before
    }
}

/// A part of a list.
public struct Page<Element: Sendable>: Sendable {
    public var data: [Element]
    /// Whether more follows in the direction of travel.
    public var hasMore: Bool

    /// Makes a page.
    public init(data: [Element], hasMore: Bool) {
        self.data = data
        self.hasMore = hasMore
    }
}
