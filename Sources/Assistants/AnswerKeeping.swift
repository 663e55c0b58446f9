/// What tells one request with an `Idempotency-Key` from another.
public struct RequestMark: Hashable, Sendable {
    public var project: Project.ID
    /// The value of the header, at most 255 bytes.
    public var key: String
    /// Method and path, such as `POST /v1/threads`.
    public var path: String
    /// The SHA-256 of the body.
    public var bodyHash: [UInt8]

    /// Makes a mark.
    public init(project: Project.ID, key: String, path: String, bodyHash: [UInt8]) {
        self.project = project
        self.key = key
        self.path = path
        self.bodyHash = bodyHash
    }
}

/// An answer as it was given.
public struct KeptAnswer: Hashable, Sendable {
    /// The HTTP status.
    public var status: Int
    /// The value of `Content-Type`.
    public var contentType: String
    public var body: [UInt8]

    /// Makes an answer.
    public init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// What is known of a request that names a key.
public enum RequestClaim: Hashable, Sendable {
    /// Nothing: it is the caller's to carry out, and then to `keep` or `release`.
    case new
    /// It is being carried out right now.
    case running
    /// It was answered so.
    case answered(KeptAnswer)
    /// The key was used for another path or body.
    case different
}

/// Someone who remembers answers for 24 hours, so that a request sent twice is carried out once.
public protocol AnswerKeeping: Sendable {
    /// Claims a request. What was claimed and never kept is new again after a restart.
    func claim(_ mark: RequestMark) async throws(APIError) -> RequestClaim
    /// Keeps the answer to a claimed request; on disk when this returns.
    func keep(_ answer: KeptAnswer, for mark: RequestMark) async throws(APIError)
    /// Lets go of a claimed request that came to no answer.
    func release(_ mark: RequestMark) async
}
