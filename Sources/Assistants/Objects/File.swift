public import Wire

/// A file somebody uploaded, or a tool made (`CONTRACT.md` 3.7).
public struct File: Identifiable, Hashable, Sendable {
    /// `file-…`, or whatever an import brought.
    public var id: String
    /// What it was uploaded for, such as `assistants`.
    public var purpose: String
    /// The name it was uploaded under; only ever shown.
    public var filename: String
    /// How many bytes it has.
    public var byteCount: Int
    /// Seconds since 1970.
    public var createdAt: Int
    /// When it goes by itself, in seconds since 1970; nil for never.
    public var expiresAt: Int?
    public var status: FileStatus
    public var statusDetails: String?
    /// Fields this version does not know, as they came.
    public var unknown: JSONObject = [:]

    /// Makes a file.
    public init(
        id: String, purpose: String, filename: String, byteCount: Int, createdAt: Int,
        expiresAt: Int? = nil, status: FileStatus = .processed, statusDetails: String? = nil
    ) {
        self.id = id
        self.purpose = purpose
        self.filename = filename
        self.byteCount = byteCount
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.status = status
        self.statusDetails = statusDetails
    }

    /// Reads a file; throws when it is no object or has no id.
    public init(json: JSONValue) throws(APIError) {
        var fields = try Fields(json, of: "a file")
        self.init(
            id: try fields.requiredID(of: "file"),
            purpose: fields.string("purpose") ?? "",
            filename: fields.string("filename") ?? "",
            byteCount: fields.integer("bytes") ?? 0,
            createdAt: fields.integer("created_at") ?? 0,
            expiresAt: fields.integer("expires_at"),
            status: fields.name("status") ?? .processed,
            statusDetails: fields.string("status_details"))
        _ = fields.string("object")
        unknown = fields.rest
    }

    /// The file as it is on the wire, in the recorded order of fields.
    public var json: JSONValue {
        JSONValue(
            [
                "object": "file", "id": .string(id), "purpose": .string(purpose),
                "filename": .string(filename), "bytes": .integer(byteCount),
                "created_at": .integer(createdAt), "expires_at": JSONValue(expiresAt),
                "status": .string(status.wireName), "status_details": JSONValue(statusDetails),
            ], and: unknown)
    }
}

/// What became of an uploaded file.
public enum FileStatus: WireName {
    case uploaded, processed, error
    case unknown(String)

    public static let known: [(value: FileStatus, name: String)] = [
        (.uploaded, "uploaded"), (.processed, "processed"), (.error, "error"),
    ]

    public var unknownName: String? {
        if case .unknown(let name) = self { name } else { nil }
    }
}

/// What is in a file, piece by piece.
public struct FileContent: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = any Error

    /// The file whose bytes these are.
    public let file: File
    private let next: @Sendable () async throws -> [UInt8]?

    /// Makes content from a source that gives the bytes in order, and nil at their end.
    public init(of file: File, next: @escaping @Sendable () async throws -> [UInt8]?) {
        self.file = file
        self.next = next
    }

    /// Iterates; content has one reader. Throws `APIError` where the file cannot be read.
    public func makeAsyncIterator() -> Iterator { Iterator(source: next) }

    /// Gives one piece after the other.
    public struct Iterator: AsyncIteratorProtocol {
        let source: @Sendable () async throws -> [UInt8]?

        /// The next piece, or nil at the end.
        public mutating func next() async throws -> [UInt8]? { try await source() }
    }
}
