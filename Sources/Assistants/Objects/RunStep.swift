public import Wire

/// One thing a run did: wrote a message, or called tools (`CONTRACT.md` 3.6).
public struct RunStep: Identifiable, Hashable, Sendable {
    /// What the step did.
    public enum Details: Hashable, Sendable {
        case messageCreation(messageID: Message.ID)
        case toolCalls([ToolCall])
        /// A kind this version does not know, as it came.
        case unknown(JSONValue)

        /// Reads details; an unknown kind is kept.
        public init(json: JSONValue) {
            switch json["type"]?.stringValue {
            case "message_creation":
                self = .messageCreation(
                    messageID: json["message_creation"]?["message_id"]?.stringValue ?? "")
            case "tool_calls":
                self = .toolCalls(json["tool_calls"]?.arrayValue?.map(ToolCall.init(json:)) ?? [])
            default: self = .unknown(json)
            }
        }

        /// The details as they are on the wire.
        public var json: JSONValue {
            switch self {
            case .messageCreation(let id):
                ["type": "message_creation", "message_creation": ["message_id": .string(id)]]
            case .toolCalls(let calls):
                ["type": "tool_calls", "tool_calls": .array(calls.map(\.json))]
            case .unknown(let json): json
            }
        }
    }

    /// `step_…`.
    public var id: String
    /// Seconds since 1970, as all times of a step.
    public var createdAt: Int
    public var runID: Run.ID
    public var assistantID: Assistant.ID?
    public var threadID: Thread.ID
    public var status: StepStatus
    public var cancelledAt: Int?
    public var completedAt: Int?
    /// When the run expires, while it is active.
    public var expiresAt: Int?
    public var expiredAt: Int?
    public var failedAt: Int?
    public var lastError: RunError?
    public var details: Details
    /// Nil while the step is in progress.
    public var usage: Usage?
    public var metadata: [String: String]
    /// Fields this version does not know, as they came.
    public var unknown: JSONObject = [:]

    /// Makes a step that has just begun.
    public init(
        id: String, createdAt: Int, runID: Run.ID, assistantID: Assistant.ID?,
        threadID: Thread.ID, status: StepStatus = .inProgress, expiresAt: Int? = nil,
        details: Details
    ) {
        self.id = id
        self.createdAt = createdAt
        self.runID = runID
        self.assistantID = assistantID
        self.threadID = threadID
        self.status = status
        self.expiresAt = expiresAt
        self.details = details
        metadata = [:]
    }

    /// Reads a step; throws when it is no object or has no id.
    public init(json: JSONValue) throws(APIError) {
        var fields = try Fields(json, of: "a run step")
        self.init(
            id: try fields.requiredID(of: "run step"),
            createdAt: fields.integer("created_at") ?? 0,
            runID: fields.string("run_id") ?? "",
            assistantID: fields.string("assistant_id"),
            threadID: fields.string("thread_id") ?? "",
            status: fields.name("status") ?? .unknown(""),
            expiresAt: fields.integer("expires_at"),
            details: Details(json: fields.json("step_details") ?? .null))
        cancelledAt = fields.integer("cancelled_at")
        completedAt = fields.integer("completed_at")
        expiredAt = fields.integer("expired_at")
        failedAt = fields.integer("failed_at")
        lastError = fields.take("last_error", RunError.init(json:))
        usage = fields.take("usage", Usage.init(json:))
        metadata = fields.metadata()
        _ = (fields.string("object"), fields.string("type"))
        unknown = fields.rest
    }

    /// The step as it is on the wire, in the recorded order of fields.
    public var json: JSONValue {
        let details = details.json
        return JSONValue(
            [
                "id": .string(id), "object": "thread.run.step", "created_at": .integer(createdAt),
                "run_id": .string(runID), "assistant_id": JSONValue(assistantID),
                "thread_id": .string(threadID), "type": details["type"] ?? .null,
                "status": .string(status.wireName), "cancelled_at": JSONValue(cancelledAt),
                "completed_at": JSONValue(completedAt), "expires_at": JSONValue(expiresAt),
                "expired_at": JSONValue(expiredAt), "failed_at": JSONValue(failedAt),
                "last_error": lastError?.json ?? .null, "step_details": details,
                "usage": usage?.json ?? .null, "metadata": JSONValue(metadata: metadata),
            ], and: unknown)
    }
}

/// Why a run or a step failed.
public struct RunError: Hashable, Sendable {
    public var code: RunErrorCode
    /// A sentence for a person.
    public var message: String

    /// Makes an error.
    public init(code: RunErrorCode, message: String) {
        self.code = code
        self.message = message
    }

    init?(json: JSONValue) {
        guard json.objectValue != nil else { return nil }
        code = RunErrorCode(wireName: json["code"]?.stringValue ?? "")
        message = json["message"]?.stringValue ?? ""
    }

    var json: JSONValue { ["code": .string(code.wireName), "message": .string(message)] }
}

/// What a step or a run cost, in tokens.
public struct Usage: Hashable, Sendable {
    public var promptTokens: Int
    public var completionTokens: Int
    /// Tokens of the prompt that the server had kept from before.
    public var cachedTokens: Int
    /// Tokens the model thought with, part of the completion.
    public var reasoningTokens: Int

    /// The sum of both.
    public var totalTokens: Int { promptTokens &+ completionTokens }

    /// Makes a usage.
    public init(
        promptTokens: Int = 0, completionTokens: Int = 0, cachedTokens: Int = 0,
        reasoningTokens: Int = 0
    ) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.cachedTokens = cachedTokens
        self.reasoningTokens = reasoningTokens
    }

    init?(json: JSONValue) {
        guard json.objectValue != nil else { return nil }
        promptTokens = json["prompt_tokens"]?.integerValue ?? 0
        completionTokens = json["completion_tokens"]?.integerValue ?? 0
        let prompt = json["prompt_token_details"] ?? json["prompt_tokens_details"]
        cachedTokens = prompt?["cached_tokens"]?.integerValue ?? 0
        reasoningTokens =
            json["completion_tokens_details"]?["reasoning_tokens"]?.integerValue ?? 0
    }

    var json: JSONValue {
        [
            "prompt_tokens": .integer(promptTokens),
            "completion_tokens": .integer(completionTokens),
            "total_tokens": .integer(totalTokens),
            "prompt_token_details": ["cached_tokens": .integer(cachedTokens)],
            "completion_tokens_details": ["reasoning_tokens": .integer(reasoningTokens)],
        ]
    }

    /// Adds what another step cost.
    public static func + (left: Usage, right: Usage) -> Usage {
        Usage(
            promptTokens: left.promptTokens &+ right.promptTokens,
            completionTokens: left.completionTokens &+ right.completionTokens,
            cachedTokens: left.cachedTokens &+ right.cachedTokens,
            reasoningTokens: left.reasoningTokens &+ right.reasoningTokens)
    }
}
