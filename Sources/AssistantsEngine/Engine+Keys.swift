package import Assistants
import GRDB
import Synchronization

extension Engine: KeyKeeping {
    package func caller(forKeyHash hash: [UInt8]) async throws(APIError) -> Caller? {
        // Asked with every request, so what was found is remembered until a key is taken back.
        if let project = access.withLock({ $0.projects[hash] }) { return .project(project) }
        let count = access.withLock { $0.changes }
        guard let project = try await store.read({ try $0.project(ofKeyHash: hash) }) else {
            return nil
        }
        access.withLock { access in
            if access.changes == count { access.projects[hash] = project }
        }
        return .project(project)
    }

    package func createKey(
        hash: [UInt8], hint: String, name: String, project: Project.ID
    ) async throws(APIError) -> AccessKey {
        try RequestChecks.project(project)
        let key = AccessKey(
            id: newID("key"), project: project, name: name, hint: hint, createdAt: clock.seconds)
        try await store.write { try $0.insert(key, hash: hash) }
        return key
    }

    package func keys(of project: Project.ID?) async throws(APIError) -> [AccessKey] {
        let condition = project.map { Condition("project = ?", [$0]) } ?? Condition()
        return try await store.read { try $0.accessKeys(condition) }
    }

    package func revokeKey(_ id: AccessKey.ID) async throws(APIError) -> AccessKey {
        let now = clock.seconds
        let key = try await store.write { try $0.revokeKey(id, at: now) }
        access.withLock { access in
            access.changes += 1
            access.projects = [:]
        }
        return key
    }

    package func projects() async throws(APIError) -> [Project] {
        try await store.read { try $0.projects() }
    }

    package func tokensUsedToday(by project: Project.ID) async throws(APIError) -> Int {
        let now = clock.milliseconds
        return try await store.read { try $0.tokens(usedBy: project, onDayOf: now) }
    }
}

/// What the engine remembers of keys and of requests that are under way.
struct AccessMemory {
    /// The projects of keys that were asked for, by the keys' hashes.
    var projects: [[UInt8]: Project.ID] = [:]
    /// Counts the times when keys were taken back.
    var changes = 0
    /// The requests with a key of their own that are being carried out.
    var running: [RunningRequest: RequestMark] = [:]
}

/// Tells requests apart that are being carried out.
struct RunningRequest: Hashable {
    var project: Project.ID
    var key: String

    init(_ mark: RequestMark) { (project, key) = (mark.project, mark.key) }
}

extension RequestChecks {
    /// A project is named like a file: letters, digits, hyphens and underscores.
    static func project(_ id: Project.ID) throws(APIError) {
        try identifier(id, at: "project")
    }
}
