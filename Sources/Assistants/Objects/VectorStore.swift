public import Wire

/// Files that can be searched together (`CONTRACT.md` 3.7).
public struct VectorStore: Identifiable, Hashable, Sendable {
    /// `vs_…`, or whatever an import brought.
    public var id: String
    /// Seconds since 1970.
    public var createdAt: Int
    public var name: String?
    public var description: String?
    /// How many bytes the index takes.
    public var usageBytes: Int
    public var fileCounts: FileCounts
    public var status: VectorStoreStatus
    public var expiresAfter: VectorStoreExpiry?
    /// Seconds since 1970; nil for never.
    public var expiresAt: Int?
    /// When it was last changed or searched, in seconds since 1970.
    public var lastActiveAt: Int?
    public var metadata: [String: String]
    /// Fields this version does not know, as they came.
    public var unknown: JSONObject = [:]

    /// Makes a store that is empty.
    public init(
        id: String, createdAt: Int, name: String? = nil, description: String? = nil,
        expiresAfter: VectorStoreExpiry? = nil, metadata: [String: String] = [:]
    ) {
        self.id = id
        self.createdAt = createdAt
        self.name = name
        self.description = description
        usageBytes = 0
        fileCounts = FileCounts()
        status = .completed
        self.expiresAfter = expiresAfter
        expiresAt = expiresAfter.map { createdAt &+ $0.days &* 86_400 }
        lastActiveAt = createdAt
        self.metadata = metadata
    }

    /// Reads a store; throws when it is no object or has no id.
    public init(json: JSONValue) throws(APIError) {
        var fields = try Fields(json, of: "a vector store")
        self.init(
            id: try fields.requiredID(of: "vector store"),
            createdAt: fields.integer("created_at") ?? 0,
            name: fields.string("name"), description: fields.string("description"),
            metadata: fields.metadata())
        usageBytes = fields.integer("usage_bytes") ?? 0
        fileCounts = fields.take("file_counts", FileCounts.init(json:)) ?? FileCounts()
        status = fields.name("status") ?? .completed
        expiresAfter = fields.take("expires_after", VectorStoreExpiry.init(json:))
        expiresAt = fields.integer("expires_at")
        lastActiveAt = fields.integer("last_active_at")
        _ = fields.string("object")
        unknown = fields.rest
    }

    /// The store as it is on the wire, in the recorded order of fields.
    public var json: JSONValue {
        JSONValue(
            [
                "id": .string(id), "object": "vector_store", "created_at": .integer(createdAt),
                "name": JSONValue(name), "description": JSONValue(description),
                "usage_bytes": .integer(usageBytes), "file_counts": fileCounts.json,
                "status": .string(status.wireName),
                "expires_after": expiresAfter?.json ?? .null,
                "expires_at": JSONValue(expiresAt), "last_active_at": JSONValue(lastActiveAt),
                "metadata": JSONValue(metadata: metadata),
            ], and: unknown)
    }
}

/// How many files of a store or a batch are in which state.
public struct FileCounts: Hashable, Sendable {
    public var inProgress = 0
    public var completed = 0
    public var failed = 0
    public var cancelled = 0

    /// All of them.
    public var total: Int { inProgress &+ completed &+ failed &+ cancelled }

    /// Makes counts of nothing.
    public init() {}

    init?(json: JSONValue) {
        guard json.objectValue != nil else { return nil }
        inProgress = json["in_progress"]?.integerValue ?? 0
        completed = json["completed"]?.integerValue ?? 0
        failed = json["failed"]?.integerValue ?? 0
        cancelled = json["cancelled"]?.integerValue ?? 0
    }

    var json: JSONValue {
        [
            "in_progress": .integer(inProgress), "completed": .integer(completed),
            "failed": .integer(failed), "cancelled": .integer(cancelled), "total": .integer(total),
        ]
    }
}

/// Where a vector store is in its life (`CONTRACT.md` 3.7).
public enum VectorStoreStatus: WireName {
    case inProgress, completed, expired
    case unknown(String)

    public static let known: [(value: VectorStoreStatus, name: String)] = [
        (.inProgress, "in_progress"), (.completed, "completed"), (.expired, "expired"),
    ]

    public var unknownName: String? {
        if case .unknown(let name) = self { name } else { nil }
    }
}

/// How long a store lives after it was last used.
public struct VectorStoreExpiry: Hashable, Sendable {
    /// 1…365.
    public var days: Int

    /// Makes an expiry.
    public init(days: Int) { self.days = days }

    /// Reads an expiry; nil where it is no object with a number of days.
    public init?(json: JSONValue) {
        guard let days = json["days"]?.integerValue else { return nil }
        self.days = days
    }

    /// The expiry as it is on the wire.
    public var json: JSONValue { ["anchor": "last_active_at", "days": .integer(days)] }
}
