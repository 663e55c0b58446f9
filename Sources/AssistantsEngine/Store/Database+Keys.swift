import Assistants
import FoundationEssentials
import GRDB

extension Database {
    /// The project whose key has this hash.
    func project(ofKeyHash hash: [UInt8]) throws -> Project.ID? {
        try String.fetchOne(
            self, sql: "SELECT project FROM access_key WHERE hash = ? AND revoked_at IS NULL",
            arguments: [Data(hash)])
    }

    func insert(_ key: AccessKey, hash: [UInt8]) throws {
        try execute(
            sql: "INSERT OR IGNORE INTO project (id, created_at) VALUES (?, ?)",
            arguments: [key.project, key.createdAt])
        try execute(
            sql: """
                INSERT OR IGNORE INTO access_key (id, project, hash, name, hint, created_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                key.id, key.project, Data(hash), key.name, key.hint, key.createdAt,
            ])
        if changesCount == 0 {
            throw APIError.invalid("This key is there already.", code: "key_exists")
        }
    }

    func accessKeys(_ condition: Condition) throws -> [AccessKey] {
        try Row.fetchAll(
            self, sql: "SELECT * FROM access_key\(condition.clause) ORDER BY position",
            arguments: condition.arguments
        ).map { row in
            AccessKey(
                id: row["id"], project: row["project"], name: row["name"], hint: row["hint"],
                createdAt: row["created_at"], revokedAt: row["revoked_at"])
        }
    }

    /// Takes a key back; one that was taken back already keeps its time.
    func revokeKey(_ id: AccessKey.ID, at now: Int) throws -> AccessKey {
        try execute(
            sql: "UPDATE access_key SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?",
            arguments: [now, id])
        guard let key = try accessKeys(Condition("id = ?", [id])).first else {
            throw APIError.notFound("key", id)
        }
        return key
    }

    /// Every project that has a key or an object.
    func projects() throws -> [Project] {
        try Row.fetchAll(
            self,
            sql: """
                SELECT id, min(created_at) AS created_at FROM (
                    SELECT id, created_at FROM project
                    UNION ALL SELECT project, min(created_at) FROM assistant GROUP BY project
                    UNION ALL SELECT project, min(created_at) FROM thread GROUP BY project
                    UNION ALL SELECT project, min(created_at) FROM file GROUP BY project
                    UNION ALL SELECT project, min(created_at) FROM vector_store GROUP BY project)
                GROUP BY id ORDER BY created_at, id
                """
        ).map { Project(id: $0["id"], createdAt: $0["created_at"]) }
    }

    // MARK: - Tokens

    /// Adds what a run of a project took.
    func add(tokens: Int, usedBy project: Project.ID, at milliseconds: Int) throws {
        if tokens <= 0 { return }
        try execute(
            sql: """
                INSERT INTO token_use (project, day, tokens) VALUES (?, ?, ?)
                ON CONFLICT (project, day) DO UPDATE SET tokens = tokens + excluded.tokens
                """,
            arguments: [project, Self.day(of: milliseconds), tokens])
    }

    func tokens(usedBy project: Project.ID, onDayOf milliseconds: Int) throws -> Int {
        try Int.fetchOne(
            self, sql: "SELECT tokens FROM token_use WHERE project = ? AND day = ?",
            arguments: [project, Self.day(of: milliseconds)]) ?? 0
    }

    private static func day(of milliseconds: Int) -> Int { milliseconds / 86_400_000 }

    // MARK: - Answers

    /// An answer that was given at a time or later, and to what.
    func keptAnswer(
        _ project: Project.ID, _ key: String, since time: Int
    ) throws -> (RequestMark, KeptAnswer)? {
        try Row.fetchOne(
            self,
            sql: "SELECT * FROM kept_answer WHERE project = ? AND key = ? AND created_at > ?",
            arguments: [project, key, time]
        ).map { row in
            let (hash, body): (Data, Data) = (row["body_hash"], row["body"])
            return (
                RequestMark(
                    project: project, key: key, path: row["path"], bodyHash: Array(hash)),
                KeptAnswer(
                    status: row["status"], contentType: row["content_type"], body: Array(body))
            )
        }
    }

    /// Keeps an answer, and forgets those from before a time.
    func keep(
        _ answer: KeptAnswer, for mark: RequestMark, at now: Int, forgettingBefore time: Int
    ) throws {
        try execute(sql: "DELETE FROM kept_answer WHERE created_at <= ?", arguments: [time])
        try execute(
            sql: """
                INSERT OR REPLACE INTO kept_answer
                    (project, key, path, body_hash, status, content_type, body, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                mark.project, mark.key, mark.path, Data(mark.bodyHash), answer.status,
                answer.contentType, Data(answer.body), now,
            ])
    }
}
