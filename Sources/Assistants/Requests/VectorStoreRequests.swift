public import Wire

/// What a new vector store is made of (`CONTRACT.md` 4).
public struct VectorStoreRequest: Hashable, Sendable {
    public var name: String?
    public var description: String?
    /// At most 500.
    public var fileIDs: [File.ID] = []
    public var expiresAfter: VectorStoreExpiry?
    /// How its first files are cut.
    public var chunkingStrategy: ChunkingStrategy = .standard
    public var metadata: [String: String] = [:]

    /// Makes a request; without files, for an empty store.
    public init(
        name: String? = nil, description: String? = nil, fileIDs: [File.ID] = [],
        expiresAfter: VectorStoreExpiry? = nil, chunkingStrategy: ChunkingStrategy = .standard,
        metadata: [String: String] = [:]
    ) {
        self.name = name
        self.description = description
        self.fileIDs = fileIDs
        self.expiresAfter = expiresAfter
        self.chunkingStrategy = chunkingStrategy
        self.metadata = metadata
    }
}

/// What changes about a vector store.
public struct VectorStoreChanges: Sendable {
    public var name: Edit<String?> = .keep
    public var expiresAfter: Edit<VectorStoreExpiry?> = .keep
    public var metadata: Edit<[String: String]> = .keep

    /// Makes a request that changes nothing yet.
    public init() {}
}

/// A file to add to a vector store.
public struct VectorStoreFileRequest: Hashable, Sendable {
    public var fileID: File.ID
    public var chunkingStrategy: ChunkingStrategy
    /// At most 16; texts of at most 512 scalars, numbers or booleans.
    public var attributes: JSONObject

    /// Makes a request.
    public init(
        fileID: File.ID, chunkingStrategy: ChunkingStrategy = .standard,
        attributes: JSONObject = [:]
    ) {
        self.fileID = fileID
        self.chunkingStrategy = chunkingStrategy
        self.attributes = attributes
    }
}

/// What is looked for in a vector store.
public struct VectorStoreSearch: Hashable, Sendable {
    /// At least one.
    public var queries: [String]
    /// 1…50.
    public var limit: Int
    public var filter: AttributeFilter?
    /// Passages that score less are left out; 0…1.
    public var scoreThreshold: Double
    /// Whether the server may put the question in other words first; ours does not.
    public var rewritesQuery: Bool

    /// Makes a search.
    public init(
        _ queries: [String], limit: Int = 10, filter: AttributeFilter? = nil,
        scoreThreshold: Double = 0, rewritesQuery: Bool = false
    ) {
        self.queries = queries
        self.limit = limit
        self.filter = filter
        self.scoreThreshold = scoreThreshold
        self.rewritesQuery = rewritesQuery
    }
}

/// A passage that a search in a vector store found.
public struct VectorStoreSearchResult: Hashable, Sendable {
    public var fileID: File.ID
    public var filename: String
    /// 0…1, comparable only within one search.
    public var score: Double
    public var attributes: JSONObject
    public var texts: [String]

    /// Makes a result.
    public init(
        fileID: File.ID, filename: String, score: Double, attributes: JSONObject, texts: [String]
    ) {
        self.fileID = fileID
        self.filename = filename
        self.score = score
        self.attributes = attributes
        self.texts = texts
    }

    /// Reads a result of a page.
    public init(json: JSONValue) {
        fileID = json["file_id"]?.stringValue ?? ""
        filename = json["filename"]?.stringValue ?? ""
        score = json["score"]?.doubleValue ?? 0
        attributes = json["attributes"]?.objectValue ?? [:]
        texts = json["content"]?.arrayValue?.compactMap { $0["text"]?.stringValue } ?? []
    }

    /// The result as it is on the wire.
    public var json: JSONValue {
        [
            "file_id": .string(fileID), "filename": .string(filename), "score": .double(score),
            "attributes": .object(attributes),
            "content": .array(texts.map { ["type": "text", "text": .string($0)] }),
        ]
    }
}
