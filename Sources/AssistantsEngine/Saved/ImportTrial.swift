import Assistants
import FoundationEssentials
import GRDB
import Wire

/// Foresees an import by doing it to a store of its own, into which what is there of everything
/// that comes is copied first. So a dry run says what the import itself would say.
final class ImportTrial: Sendable {
    private let database: DatabaseQueue
    private let path: String

    /// Makes the store, beside the one in a directory.
    init(directory: String) throws(APIError) {
        path = directory + "/import-\(UUID().uuidString).sqlite"
        do {
            var configuration = Configuration()
            configuration.foreignKeysEnabled = false
            database = try DatabaseQueue(path: path, configuration: configuration)
            try database.writeWithoutTransaction { db in
                // Nothing of it is needed after a crash.
                try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
                for step in Schema.steps { try step(db) }
                // What is copied keeps its place, which may be taken here: that is no matter for
                // messages.
                try db.execute(
                    sql: """
                        DROP INDEX message_thread;
                        CREATE INDEX message_thread ON message (thread, position);
                        """)
                // All other objects that are new get places far behind.
                for kind in SavedObject.Kind.allCases where kind != .message {
                    try db.execute(
                        sql: "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
                        arguments: [Database.table(of: kind), 1 << 40])
                }
                try db.execute(
                    sql: "ATTACH ? AS live", arguments: [directory + "/" + StoreFile.name])
            }
        } catch {
            throw ImportStage.failed(error)
        }
    }

    /// Removes the store.
    func close() {
        try? database.close()
        unlink(path)
    }

    /// What would become of objects of one kind, and of those that follow.
    func take(
        _ objects: [ImportStage.Staged], contents: [String?], _ rules: ImportRules,
        settling before: Thread.ID?
    ) async throws(APIError) -> (outcomes: [ImportOutcome], unsettled: Thread.ID?) {
        do {
            return try await database.write { db in
                for one in objects { try db.copy(one.object) }
                var unsettled = before
                let outcomes = try db.take(
                    objects, contents: contents, rules, settling: &unsettled)
                return (outcomes, unsettled)
            }
        } catch {
            throw ImportStage.failed(error)
        }
    }

    /// What is known of a file here, as the import finds it.
    func file(
        _ staged: ImportStage.Staged, _ rules: ImportRules
    ) async throws(APIError)
        -> (outcome: ImportOutcome?, content: String?)
    {
        do {
            return try await database.write { db in
                try db.copy(staged.object)
                return try db.importedFile(staged, rules)
            }
        } catch {
            throw ImportStage.failed(error)
        }
    }
}

extension Database {
    /// Copies what is there of an object and of what it belongs to.
    fileprivate func copy(_ object: SavedObject) throws {
        switch object.kind {
        case .assistant, .file, .vectorStore, .thread: break
        case .vectorStoreFile:
            try copy("file", object.id)
            try copy("vector_store", object.owner)
            // Its words are not there.
            try cachedStatement(sql: "UPDATE vector_store SET is_indexed = 0 WHERE id = ?")
                .execute(arguments: [object.owner])
            try cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO vector_store_file
                    SELECT * FROM live.vector_store_file WHERE store = ? AND id = ?
                    """
            ).execute(arguments: [object.owner, object.id])
            return
        case .step:
            if let run = object.json["run_id"]?.stringValue { try copy("run", run) }
            try copy("thread", object.owner)
        case .message, .run: try copy("thread", object.owner)
        }
        try copy(Self.table(of: object.kind), object.id)
    }

    private func copy(_ table: String, _ id: String) throws {
        try cachedStatement(
            sql: "INSERT OR IGNORE INTO main.\(table) SELECT * FROM live.\(table) WHERE id = ?"
        ).execute(arguments: [id])
    }
}

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
