public import Wire

/// A file as part of a vector store (`CONTRACT.md` 3.7).
public struct VectorStoreFile: Identifiable, Hashable, Sendable {
    /// The id of the file itself.
    public var id: File.ID
    /// How many bytes its part of the index takes.
    public var usageBytes: Int
    /// When it was added, in seconds since 1970.
    public var createdAt: Int
    public var vectorStoreID: VectorStore.ID
    public var status: IndexingStatus
    public var lastError: IndexingError?
    public var chunkingStrategy: ChunkingStrategy
    /// Values to filter by: texts, numbers and booleans.
    public var attributes: JSONObject
    /// Fields this version does not know, as they came.
    public var unknown: JSONObject = [:]

    /// Makes a file that has yet to be indexed.
    public init(
        id: File.ID, createdAt: Int, vectorStoreID: VectorStore.ID,
        chunkingStrategy: ChunkingStrategy = .standard, attributes: JSONObject = [:]
    ) {
        self.id = id
        usageBytes = 0
        self.createdAt = createdAt
        self.vectorStoreID = vectorStoreID
        status = .inProgress
        self.chunkingStrategy = chunkingStrategy
        self.attributes = attributes
    }

    /// Reads a file; throws when it is no object or has no id.
    public init(json: JSONValue) throws(APIError) {
        var fields = try Fields(json, of: "a vector store file")
        self.init(
            id: try fields.requiredID(of: "vector store file"),
            createdAt: fields.integer("created_at") ?? 0,
            vectorStoreID: fields.string("vector_store_id") ?? "",
            chunkingStrategy: fields.json("chunking_strategy").map(ChunkingStrategy.init(json:))
                ?? .standard,
            attributes: fields.take("attributes", \.objectValue) ?? [:])
        usageBytes = fields.integer("usage_bytes") ?? 0
        status = fields.name("status") ?? .inProgress
        lastError = fields.take("last_error", IndexingError.init(json:))
        _ = fields.string("object")
        unknown = fields.rest
    }

    /// The file as it is on the wire, in the recorded order of fields.
    public var json: JSONValue {
        JSONValue(
            [
                "id": .string(id), "object": "vector_store.file",
                "usage_bytes": .integer(usageBytes), "created_at": .integer(createdAt),
                "vector_store_id": .string(vectorStoreID), "status": .string(status.wireName),
                "last_error": lastError?.json ?? .null,
                "chunking_strategy": chunkingStrategy.json, "attributes": .object(attributes),
            ], and: unknown)
    }
}

/// Files that were added to a vector store with one request (`CONTRACT.md` 3.7).
public struct FileBatch: Identifiable, Hashable, Sendable {
    /// `vsfb_…`.
    public var id: String
    /// Seconds since 1970.
    public var createdAt: Int
    public var vectorStoreID: VectorStore.ID
    public var status: IndexingStatus
    public var fileCounts: FileCounts
    /// Fields this version does not know, as they came.
    public var unknown: JSONObject = [:]

    /// Makes a batch.
    public init(
        id: String, createdAt: Int, vectorStoreID: VectorStore.ID,
        status: IndexingStatus = .inProgress, fileCounts: FileCounts = FileCounts()
    ) {
        self.id = id
        self.createdAt = createdAt
        self.vectorStoreID = vectorStoreID
        self.status = status
        self.fileCounts = fileCounts
    }

    /// Reads a batch; throws when it is no object or has no id.
    public init(json: JSONValue) throws(APIError) {
        var fields = try Fields(json, of: "a file batch")
        self.init(
            id: try fields.requiredID(of: "file batch"),
            createdAt: fields.integer("created_at") ?? 0,
            vectorStoreID: fields.string("vector_store_id") ?? "",
            status: fields.name("status") ?? .inProgress,
            fileCounts: fields.take("file_counts", FileCounts.init(json:)) ?? FileCounts())
        _ = fields.string("object")
        unknown = fields.rest
    }

    /// The batch as it is on the wire.
    public var json: JSONValue {
        JSONValue(
            [
                "id": .string(id), "object": "vector_store.files_batch",
                "created_at": .integer(createdAt), "status": .string(status.wireName),
                "vector_store_id": .string(vectorStoreID), "file_counts": fileCounts.json,
            ], and: unknown)
    }
}

/// Where a file of a store, or a batch of files, is in its life.
public enum IndexingStatus: WireName {
    case inProgress, completed, cancelled, failed
    case unknown(String)

    public static let known: [(value: IndexingStatus, name: String)] = [
        (.inProgress, "in_progress"), (.completed, "completed"), (.cancelled, "cancelled"),
        (.failed, "failed"),
    ]

    public var unknownName: String? {
        if case .unknown(let name) = self { name } else { nil }
    }
}

/// Why a file could not be indexed.
public struct IndexingError: Error, Hashable, Sendable {
    /// What kind of trouble it is.
    public enum Code: WireName {
        case serverError, unsupportedFile, invalidFile
        case unknown(String)

        public static let known: [(value: Code, name: String)] = [
            (.serverError, "server_error"), (.unsupportedFile, "unsupported_file"),
            (.invalidFile, "invalid_file"),
        ]

        public var unknownName: String? {
            if case .unknown(let name) = self { name } else { nil }
        }
    }

    public var code: Code
    /// A sentence for a person.
    public var message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init?(json: JSONValue) {
        guard json.objectValue != nil else { return nil }
        code = Code(wireName: json["code"]?.stringValue ?? "")
        message = json["message"]?.stringValue ?? ""
    }

    var json: JSONValue { ["code": .string(code.wireName), "message": .string(message)] }
}
