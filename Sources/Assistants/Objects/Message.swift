public import Wire

/// A message of a thread (`CONTRACT.md` 3.4).
public struct Message: Identifiable, Hashable, Sendable {
    /// `msg_…`, or whatever an import brought.
    public var id: String
    /// Seconds since 1970.
    public var createdAt: Int
    public var threadID: Thread.ID
    /// Nil where the server left it out, as the hosted one did over REST.
    public var status: MessageStatus?
    public var incompleteReason: MessageIncompleteReason?
    /// Seconds since 1970.
    public var completedAt: Int?
    /// Seconds since 1970.
    public var incompleteAt: Int?
    public var role: Role
    public var content: [MessageContent]
    public var assistantID: Assistant.ID?
    public var runID: Run.ID?
    /// Files and the tools they are for, as they came.
    public var attachments: [JSONValue]
    public var metadata: [String: String]
    /// Fields this version does not know, as they came.
    public var unknown: JSONObject = [:]

    /// Makes a message.
    public init(
        id: String, createdAt: Int, threadID: Thread.ID, status: MessageStatus? = nil,
        incompleteReason: MessageIncompleteReason? = nil, completedAt: Int? = nil,
        incompleteAt: Int? = nil, role: Role, content: [MessageContent] = [],
        assistantID: Assistant.ID? = nil, runID: Run.ID? = nil, attachments: [JSONValue] = [],
        metadata: [String: String] = [:]
    ) {
        self.id = id
        self.createdAt = createdAt
        self.threadID = threadID
        self.status = status
        self.incompleteReason = incompleteReason
        self.completedAt = completedAt
        self.incompleteAt = incompleteAt
        self.role = role
        self.content = content
        self.assistantID = assistantID
        self.runID = runID
        self.attachments = attachments
        self.metadata = metadata
    }

    /// Reads a message; throws when it is no object or has no id.
    public init(json: JSONValue) throws(APIError) {
        var fields = try Fields(json, of: "a message")
        let details = fields.take("incomplete_details") { $0["reason"]?.stringValue }
        self.init(
            id: try fields.requiredID(of: "message"),
            createdAt: fields.integer("created_at") ?? 0,
            threadID: fields.string("thread_id") ?? "",
            status: fields.name("status"),
            incompleteReason: details.map { MessageIncompleteReason(wireName: $0) },
            completedAt: fields.integer("completed_at"),
            incompleteAt: fields.integer("incomplete_at"),
            role: fields.name("role") ?? .unknown(""),
            content: fields.take("content") { json in
                json.arrayValue?.map(MessageContent.init(json:))
                    ?? json.stringValue.map { [.text(MessageText($0))] }
            } ?? [],
            assistantID: fields.string("assistant_id"),
            runID: fields.string("run_id"),
            attachments: fields.take("attachments", \.arrayValue) ?? [],
            metadata: fields.metadata())
        _ = fields.string("object")
        unknown = fields.rest
    }

    /// The message as it is on the wire, in the recorded order of fields.
    public var json: JSONValue {
        let details: JSONValue =
            incompleteReason.map { ["reason": .string($0.wireName)] } ?? .null
        return JSONValue(
            [
                "id": .string(id), "object": "thread.message", "created_at": .integer(createdAt),
                "assistant_id": JSONValue(assistantID), "thread_id": .string(threadID),
                "run_id": JSONValue(runID), "status": JSONValue(status?.wireName),
                "incomplete_details": details, "incomplete_at": JSONValue(incompleteAt),
                "completed_at": JSONValue(completedAt), "role": .string(role.wireName),
                "content": .array(content.map(\.json)), "attachments": .array(attachments),
                "metadata": JSONValue(metadata: metadata),
            ], and: unknown)
    }

    /// The text of all text parts and refusals, one after the other.
    public var text: String {
        var text = ""
        for part in content {
            switch part {
            case .text(let part): text += part.value
            case .refusal(let refusal): text += refusal
            case .imageFile, .imageURL, .unknown: break
            }
        }
        return text
    }
}
