public import Wire

/// One execution of an assistant on a thread (`CONTRACT.md` 3.5).
public struct Run: Identifiable, Hashable, Sendable {
    /// `run_…`, or whatever an import brought.
    public var id: String
    /// Seconds since 1970, as all times of a run.
    public var createdAt: Int
    public var assistantID: Assistant.ID
    public var threadID: Thread.ID
    public var status: RunStatus
    public var startedAt: Int?
    /// When the run will be ended; nil once it has ended.
    public var expiresAt: Int?
    public var cancelledAt: Int?
    public var failedAt: Int?
    public var completedAt: Int?
    /// The function calls that wait for outputs; empty unless the run requires action.
    public var requiredAction: [ToolCall] = []
    public var lastError: RunError?
    public var model: String
    /// What the model was told, with everything added for this run.
    public var instructions: String?
    public var tools: [Tool]
    public var toolResources: JSONObject
    public var metadata: [String: String]
    public var temperature: Double?
    public var topP: Double?
    public var reasoningEffort: String?
    public var maxCompletionTokens: Int?
    public var maxPromptTokens: Int?
    public var truncation: TruncationStrategy
    public var incompleteReason: RunIncompleteReason?
    /// Nil until the run has ended.
    public var usage: Usage?
    /// `"auto"` or an object.
    public var responseFormat: JSONValue
    public var toolChoice: ToolChoice
    public var allowsParallelToolCalls: Bool
    /// Fields this version does not know, as they came.
    public var unknown: JSONObject = [:]

    /// Makes a queued run with everything else at its default.
    public init(
        id: String, createdAt: Int, assistantID: Assistant.ID, threadID: Thread.ID,
        status: RunStatus = .queued, expiresAt: Int? = nil, model: String,
        instructions: String? = nil, tools: [Tool] = []
    ) {
        self.id = id
        self.createdAt = createdAt
        self.assistantID = assistantID
        self.threadID = threadID
        self.status = status
        self.expiresAt = expiresAt
        self.model = model
        self.instructions = instructions
        self.tools = tools
        toolResources = [:]
        metadata = [:]
        temperature = 1
        topP = 1
        truncation = .auto
        responseFormat = "auto"
        toolChoice = .auto
        allowsParallelToolCalls = true
    }

    /// Reads a run; throws when it is no object or has no id.
    public init(json: JSONValue) throws(APIError) {
        var fields = try Fields(json, of: "a run")
        self.init(
            id: try fields.requiredID(of: "run"),
            createdAt: fields.integer("created_at") ?? 0,
            assistantID: fields.string("assistant_id") ?? "",
            threadID: fields.string("thread_id") ?? "",
            status: fields.name("status") ?? .unknown(""),
            expiresAt: fields.integer("expires_at"),
            model: fields.string("model") ?? "",
            instructions: fields.string("instructions"),
            tools: fields.tools() ?? [])
        readProgress(&fields)
        readSettings(&fields)
        _ = fields.string("object")
        unknown = fields.rest
    }

    private mutating func readProgress(_ fields: inout Fields) {
        startedAt = fields.integer("started_at")
        cancelledAt = fields.integer("cancelled_at")
        failedAt = fields.integer("failed_at")
        completedAt = fields.integer("completed_at")
        requiredAction =
            fields.take("required_action") { json in
                json["submit_tool_outputs"]?["tool_calls"]?.arrayValue?.map(ToolCall.init(json:))
            } ?? []
        lastError = fields.take("last_error", RunError.init(json:))
        incompleteReason = fields.take("incomplete_details") { $0["reason"]?.stringValue }
            .map { RunIncompleteReason(wireName: $0) }
        usage = fields.take("usage", Usage.init(json:))
    }

    private mutating func readSettings(_ fields: inout Fields) {
        toolResources = fields.take("tool_resources", \.objectValue) ?? [:]
        metadata = fields.metadata()
        temperature = fields.double("temperature")
        topP = fields.double("top_p")
        reasoningEffort = fields.string("reasoning_effort")
        maxCompletionTokens = fields.integer("max_completion_tokens")
        maxPromptTokens = fields.integer("max_prompt_tokens")
        truncation = fields.take("truncation_strategy", TruncationStrategy.init(json:)) ?? .auto
        responseFormat = fields.json("response_format") ?? "auto"
        toolChoice = fields.json("tool_choice").map(ToolChoice.init(json:)) ?? .auto
        allowsParallelToolCalls = fields.bool("parallel_tool_calls") ?? true
    }

    /// The run as it is on the wire, in the recorded order of fields.
    public var json: JSONValue {
        let details: JSONValue =
            incompleteReason.map { ["reason": .string($0.wireName)] } ?? .null
        return JSONValue(
            [
                "id": .string(id), "object": "thread.run", "created_at": .integer(createdAt),
                "assistant_id": .string(assistantID), "thread_id": .string(threadID),
                "status": .string(status.wireName), "started_at": JSONValue(startedAt),
                "expires_at": JSONValue(expiresAt), "cancelled_at": JSONValue(cancelledAt),
                "failed_at": JSONValue(failedAt), "completed_at": JSONValue(completedAt),
                "required_action": requiredActionJSON, "last_error": lastError?.json ?? .null,
                "model": .string(model), "instructions": JSONValue(instructions),
                "tools": .array(tools.map(\.json)), "tool_resources": .object(toolResources),
                "metadata": JSONValue(metadata: metadata), "temperature": JSONValue(temperature),
                "top_p": JSONValue(topP), "reasoning_effort": JSONValue(reasoningEffort),
                "max_completion_tokens": JSONValue(maxCompletionTokens),
                "max_prompt_tokens": JSONValue(maxPromptTokens),
                "truncation_strategy": truncation.json, "incomplete_details": details,
                "usage": usage?.json ?? .null, "response_format": responseFormat,
                "tool_choice": toolChoice.json,
                "parallel_tool_calls": .bool(allowsParallelToolCalls),
            ], and: unknown)
    }

    private var requiredActionJSON: JSONValue {
        guard !requiredAction.isEmpty else { return .null }
        let calls = requiredAction.map { call -> JSONValue in
            guard case .function(let name, let arguments, _) = call.kind else { return call.json }
            // A waiting call has no `output` key on the wire.
            return [
                "id": .string(call.id), "type": "function",
                "function": ["name": .string(name), "arguments": .string(arguments)],
            ]
        }
        return [
            "type": "submit_tool_outputs", "submit_tool_outputs": ["tool_calls": .array(calls)],
        ]
    }
}

/// How a thread that is too long is cut before it goes to the model.
public enum TruncationStrategy: Hashable, Sendable {
    /// Messages are left out of the middle until the rest fits.
    case auto
    /// Only the newest messages are sent.
    case lastMessages(Int)

    init?(json: JSONValue) {
        switch json["type"]?.stringValue {
        case "auto": self = .auto
        case "last_messages":
            guard let count = json["last_messages"]?.integerValue, count > 0 else { return nil }
            self = .lastMessages(count)
        default: return nil
        }
    }

    var json: JSONValue {
        switch self {
        case .auto: ["type": "auto", "last_messages": .null]
        case .lastMessages(let count): ["type": "last_messages", "last_messages": .integer(count)]
        }
    }
}

/// Which tools the model may or must call.
public enum ToolChoice: Hashable, Sendable {
    case auto, none, required
    /// The named function must be called.
    case function(name: String)
    /// A built-in tool must be called: `code_interpreter` or `file_search`.
    case builtIn(String)
    /// A choice this version does not know, as it came.
    case unknown(JSONValue)

    /// Reads a choice; one that is not known is kept.
    public init(json: JSONValue) {
        switch json.stringValue ?? json["type"]?.stringValue {
        case "auto": self = .auto
        case "none": self = .none
        case "required": self = .required
        case "code_interpreter": self = .builtIn("code_interpreter")
        case "file_search": self = .builtIn("file_search")
        case "function":
            guard let name = json["function"]?["name"]?.stringValue else { fallthrough }
            self = .function(name: name)
        default: self = .unknown(json)
        }
    }

    /// The choice as it is on the wire.
    public var json: JSONValue {
        switch self {
        case .auto: "auto"
        case .none: "none"
        case .required: "required"
        case .function(let name): ["type": "function", "function": ["name": .string(name)]]
        case .builtIn(let type): ["type": .string(type)]
        case .unknown(let json): json
        }
    }
}
