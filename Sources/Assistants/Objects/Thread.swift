public import Wire

/// A conversation (`CONTRACT.md` 3.3).
public struct Thread: Identifiable, Hashable, Sendable {
    /// `thread_…`, or whatever an import brought.
    public var id: String
    /// Seconds since 1970.
    public var createdAt: Int
    public var metadata: [String: String]
    public var toolResources: JSONObject
    /// Fields this version does not know, as they came.
    public var unknown: JSONObject = [:]

    /// The metadata key under which the console keeps a thread's title.
    public static let titleKey = "title"

    /// What a person called the thread, or nil.
    public var title: String? { metadata[Self.titleKey] }

    /// Makes a thread.
    public init(
        id: String, createdAt: Int, metadata: [String: String] = [:],
        toolResources: JSONObject = [:]
    ) {
        self.id = id
        self.createdAt = createdAt
        self.metadata = metadata
        self.toolResources = toolResources
    }

    /// Reads a thread; throws when it is no object or has no id.
    public init(json: JSONValue) throws(APIError) {
        var fields = try Fields(json, of: "a thread")
        self.init(
            id: try fields.requiredID(of: "thread"),
            createdAt: fields.integer("created_at") ?? 0,
            metadata: fields.metadata(),
            toolResources: fields.take("tool_resources", \.objectValue) ?? [:])
        _ = fields.string("object")
        unknown = fields.rest
    }

    /// The thread as it is on the wire.
    public var json: JSONValue {
        JSONValue(
            [
                "id": .string(id), "object": "thread", "created_at": .integer(createdAt),
                "metadata": JSONValue(metadata: metadata),
                "tool_resources": .object(toolResources),
            ], and: unknown)
    }
}
