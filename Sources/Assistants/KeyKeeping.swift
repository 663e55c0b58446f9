/// A group of objects that only the holders of its keys see.
public struct Project: Identifiable, Hashable, Sendable {
    /// A short name, such as `local`.
    public var id: String
    /// Seconds since 1970.
    public var createdAt: Int

    /// Makes a project.
    public init(id: String, createdAt: Int) {
        self.id = id
        self.createdAt = createdAt
    }
}

/// A bearer key of a project, without what it is made of.
public struct AccessKey: Identifiable, Hashable, Sendable {
    /// `key_…`; what it is revoked by.
    public var id: String
    public var project: Project.ID
    /// What a person called it; may be empty.
    public var name: String
    /// The last letters of the key, to tell it from others.
    public var hint: String
    /// Seconds since 1970.
    public var createdAt: Int
    /// Seconds since 1970; nil while the key is good.
    public var revokedAt: Int?

    /// Makes a key.
    public init(
        id: String, project: Project.ID, name: String, hint: String, createdAt: Int,
        revokedAt: Int? = nil
    ) {
        self.id = id
        self.project = project
        self.name = name
        self.hint = hint
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }
}

/// Someone who knows the keys: what they open, and what was used under them.
///
/// A key itself is never given to it, only its SHA-256.
public protocol KeyKeeping: Sendable {
    /// Who holds a key; nil where it is unknown or was revoked.
    func caller(forKeyHash hash: [UInt8]) async throws(APIError) -> Caller?

    /// Adds a key; its project is made where it is not there yet. A hash that is there already is
    /// refused with status 400.
    func createKey(
        hash: [UInt8], hint: String, name: String, project: Project.ID
    ) async throws(APIError) -> AccessKey
    /// Every key, of one project where one is given, oldest first, the revoked ones too.
    func keys(of project: Project.ID?) async throws(APIError) -> [AccessKey]
    /// Takes a key back for good. What was made with it stays.
    func revokeKey(_ id: AccessKey.ID) async throws(APIError) -> AccessKey
    /// Every project, oldest first.
    func projects() async throws(APIError) -> [Project]

    /// How many tokens the runs of a project took since the last midnight of Greenwich.
    func tokensUsedToday(by project: Project.ID) async throws(APIError) -> Int
}
