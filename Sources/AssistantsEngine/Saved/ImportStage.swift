import Assistants
import FoundationEssentials
import GRDB
import Wire

/// Saved objects on their way in, in a database of their own: they come in any order, and may be
/// more than memory holds.
final class ImportStage: Sendable {
    private let database: DatabaseQueue
    private let path: String

    init(directory: String) throws(APIError) {
        path = directory + "/import-\(UUID().uuidString).sqlite"
        do {
            database = try DatabaseQueue(path: path)
            try database.writeWithoutTransaction { db in
                // What is lost with a crash is read again.
                try db.execute(
                    sql: """
                        PRAGMA journal_mode = OFF;
                        PRAGMA synchronous = OFF;
                        CREATE TABLE object (
                            kind INTEGER, owner TEXT, created_at INTEGER, source INTEGER,
                            place INTEGER, id TEXT, project TEXT, json TEXT);
                        CREATE UNIQUE INDEX object_id ON object (kind, owner, id);
                        """)
            }
        } catch {
            throw Self.failed(error)
        }
    }

    /// Removes the database.
    func close() {
        try? database.close()
        unlink(path)
    }

    /// Adds objects of a source, from a place in it on; of two with one id the last stays.
    func add(
        _ objects: [(place: Int, object: SavedObject)], source: Int, project: String
    ) async throws(APIError) {
        do {
            try await database.write { db in
                let insert = try db.cachedStatement(
                    sql: "INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                for (place, object) in objects {
                    try insert.execute(arguments: [
                        object.kind.rawValue, object.owner, object.createdAt, source, place,
                        object.id, project, object.json.text,
                    ])
                }
            }
        } catch {
            throw Self.failed(error)
        }
    }

    /// Turns objects of a source round that came newest first: they are taken in in the order in
    /// which they were made, also where they have the same second.
    func turn(_ groups: [Group], of source: Int) async throws(APIError) {
        do {
            try await database.write { db in
                for group in groups {
                    try db.execute(
                        sql: """
                            UPDATE object SET place = -place
                            WHERE kind = ? AND owner = ? AND source = ?
                            """, arguments: [group.kind.rawValue, group.owner, source])
                }
            }
        } catch {
            throw Self.failed(error)
        }
    }

    /// Objects whose order matters.
    struct Group: Hashable, Sendable {
        var kind: SavedObject.Kind
        var owner: String

        init(_ object: SavedObject) { (kind, owner) = (object.kind, object.owner) }
    }

    /// Has the objects in order before they are read.
    func sort() async throws(APIError) {
        do {
            try await database.write { db in
                try db.execute(
                    sql: """
                        CREATE INDEX object_order
                        ON object (kind, owner, created_at, source, place)
                        """)
            }
        } catch {
            throw Self.failed(error)
        }
    }

    /// One object as it was staged.
    struct Staged: Sendable {
        var object: SavedObject
        var project: String
    }

    /// The next objects of a kind, those of one owner together, oldest first.
    /// - Parameter position: where to go on; begins empty and ends as nil.
    func next(
        _ kind: SavedObject.Kind, from position: inout Position?, limit: Int
    ) async throws(APIError) -> [Staged] {
        guard let from = position else { return [] }
        do {
            let (rows, next) = try await database.read { db in
                try Self.read(kind, from: from, limit: limit, db)
            }
            position = next
            return rows
        } catch {
            throw Self.failed(error)
        }
    }

    /// A place in the order of a kind.
    struct Position: Sendable {
        var owner = ""
        var createdAt = Int.min
        var source = Int.min
        var place = Int.min
    }

    private static func read(
        _ kind: SavedObject.Kind, from position: Position, limit: Int, _ db: Database
    ) throws -> ([Staged], Position?) {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM object WHERE kind = ?
                AND (owner, created_at, source, place) > (?, ?, ?, ?)
                ORDER BY owner, created_at, source, place LIMIT ?
                """,
            arguments: [
                kind.rawValue, position.owner, position.createdAt, position.source,
                position.place, limit,
            ])
        guard let last = rows.last else { return ([], nil) }
        let staged = try rows.map { row in
            Staged(
                object: SavedObject(
                    kind: kind, id: row["id"], owner: row["owner"], createdAt: row["created_at"],
                    json: try row.object), project: row["project"])
        }
        let next = Position(
            owner: last["owner"], createdAt: last["created_at"], source: last["source"],
            place: last["place"])
        return (staged, next)
    }

    static func failed(_ error: any Error) -> APIError {
        if let error = error as? APIError { return error }
        return APIError(
            status: 500, code: "import_failed",
            message: "What is imported could not be put in order: \(error)")
    }
}

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
