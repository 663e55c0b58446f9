import Assistants
import GRDB
import Wire

/// A store with what its row knows beside it.
struct VectorStoreRow {
    var store: VectorStore
    var project: String
    private let lifetime: Int?

    init(_ row: Row) throws {
        store = try VectorStore(json: row.object)
        project = row["project"]
        lifetime = row["lifetime"]
        let active: Int = row["last_active_at"]
        store.lastActiveAt = active
        store.expiresAt = lifetime.map { active &+ $0 }
    }

    func isExpired(at now: Int) -> Bool { store.expiresAt.map { $0 <= now } ?? false }
}

extension Database {
    /// A store as it is now, with its counts.
    func vectorStore(
        _ id: VectorStore.ID, for caller: Caller, at now: Int
    ) throws -> VectorStoreRow {
        let row = try row("vector_store", id, caller.scope, called: "vector store")
        return try counted(VectorStoreRow(row), at: now)
    }

    func counted(_ row: VectorStoreRow, at now: Int) throws -> VectorStoreRow {
        var row = row
        let counts = try Row.fetchAll(
            self,
            sql: """
                SELECT status, count(*) AS count, sum(usage_bytes) AS bytes
                FROM vector_store_file WHERE store = ? GROUP BY status
                """,
            arguments: [row.store.id])
        row.store.fileCounts = FileCounts(counts)
        row.store.usageBytes = counts.reduce(0) { $0 + ($1["bytes"] as Int) }
        row.store.status = row.store.fileCounts.inProgress > 0 ? .inProgress : .completed
        if row.isExpired(at: now) { row.store.status = .expired }
        return row
    }

    /// A store that can be changed and searched.
    func liveVectorStore(
        _ id: VectorStore.ID, for caller: Caller, at now: Int
    ) throws -> VectorStoreRow {
        let row = try VectorStoreRow(
            row("vector_store", id, caller.scope, called: "vector store"))
        if row.isExpired(at: now) { throw APIError.expiredStore(id) }
        return row
    }

    /// A store of a thread that has expired, if there is one.
    func expiredStore(of thread: Thread.ID, at now: Int) throws -> VectorStore.ID? {
        let resources = try threadRow(thread, for: .trusted).thread.toolResources
        for id in resources["file_search"]?["vector_store_ids"]?.arrayValue ?? [] {
            guard let id = id.stringValue,
                let row = try Row.fetchOne(
                    self, sql: "SELECT * FROM vector_store WHERE id = ?", arguments: [id])
            else { continue }
            if try VectorStoreRow(row).isExpired(at: now) { return id }
        }
        return nil
    }

    func insert(_ store: VectorStore, project: String) throws {
        try execute(
            sql: """
                INSERT INTO vector_store (id, project, created_at, last_active_at, lifetime, json)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                store.id, project, store.createdAt,
                min(store.lastActiveAt ?? store.createdAt, 253_402_300_799),
                store.expiresAfter?.seconds, store.json.text,
            ])
    }

    func update(_ store: VectorStore, at now: Int) throws {
        try execute(
            sql: """
                UPDATE vector_store SET json = ?, lifetime = ?, last_active_at = ? WHERE id = ?
                """,
            arguments: [
                store.json.text, store.expiresAfter?.seconds, now, store.id,
            ])
    }

    /// Notes that a store was used; told to the minute, so that searches do not all write.
    func touchVectorStore(_ id: VectorStore.ID, at now: Int) throws {
        try execute(
            sql: "UPDATE vector_store SET last_active_at = ? WHERE id = ? AND last_active_at < ?",
            arguments: [now, id, now - 59])
    }

    func deleteVectorStore(_ id: VectorStore.ID) throws {
        try deletePassages(in: id)
        try execute(sql: "DELETE FROM vector_store WHERE id = ?", arguments: [id])
    }

    /// Drops the words of stores that have expired: they can only be looked at. A few at a time.
    func dropExpiredPassages(at now: Int) throws {
        let stores = try String.fetchAll(
            self,
            sql: """
                SELECT id FROM vector_store
                WHERE is_indexed = 1 AND lifetime IS NOT NULL AND last_active_at + lifetime <= ?
                LIMIT 100
                """,
            arguments: [now])
        for store in stores { try deletePassages(in: store) }
    }

    // MARK: - The files of a store

    func member(_ id: File.ID, of store: VectorStore.ID) throws -> (VectorStoreFile, Int64) {
        let row = try Row.fetchOne(
            self, sql: "SELECT * FROM vector_store_file WHERE store = ? AND id = ?",
            arguments: [store, id])
        guard let row else {
            throw APIError(
                status: 404, message: "No file found with id '\(id)' in vector store '\(store)'.")
        }
        return (try VectorStoreFile(json: row.object), row["position"])
    }

    /// Adds a file to a store, to be indexed; one that is there already is indexed afresh.
    func insert(_ member: VectorStoreFile, batch: FileBatch.ID? = nil) throws {
        if let position = try Int64.fetchOne(
            self, sql: "SELECT position FROM vector_store_file WHERE store = ? AND id = ?",
            arguments: [member.vectorStoreID, member.id])
        {
            try deletePassages(of: position, in: member.vectorStoreID)
            try execute(
                sql: "DELETE FROM vector_store_file WHERE position = ?", arguments: [position])
        }
        try execute(
            sql: """
                INSERT INTO vector_store_file
                    (id, store, batch, created_at, status, usage_bytes, json)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                member.id, member.vectorStoreID, batch, member.createdAt,
                member.status.wireName, member.usageBytes, member.json.text,
            ])
    }

    func update(_ member: VectorStoreFile, at position: Int64) throws {
        try execute(
            sql: """
                UPDATE vector_store_file SET status = ?, usage_bytes = ?, json = ?
                WHERE position = ?
                """,
            arguments: [
                member.status.wireName, member.usageBytes, member.json.text, position,
            ])
    }

    func deleteMember(_ id: File.ID, of store: VectorStore.ID) throws {
        let (_, position) = try member(id, of: store)
        try deletePassages(of: position, in: store)
        try execute(
            sql: "DELETE FROM vector_store_file WHERE position = ?", arguments: [position])
    }

    /// The files of a store that a search looks at; nil for all of them.
    func searchable(
        in store: VectorStore.ID, _ filter: AttributeFilter?
    ) throws -> Set<Int64>? {
        let isWhole =
            try Bool.fetchOne(
                self,
                sql: """
                    SELECT NOT EXISTS (SELECT 1 FROM vector_store_file
                    WHERE store = ? AND status != 'completed')
                    """, arguments: [store]) ?? false
        if isWhole, filter == nil { return nil }
        var positions: Set<Int64> = []
        let rows = try Row.fetchCursor(
            self,
            sql: """
                SELECT position, json_extract(json, '$.attributes') AS attributes
                FROM vector_store_file WHERE store = ? AND status = 'completed'
                """, arguments: [store])
        while let row = try rows.next() {
            let text: String? = row["attributes"]
            let attributes = text.flatMap { try? JSONValue(parsing: $0).objectValue } ?? [:]
            if filter?.matches(attributes) ?? true { positions.insert(row["position"]) }
        }
        return positions
    }

    // MARK: - Batches

    func insert(_ batch: FileBatch) throws {
        try execute(
            sql: "INSERT INTO file_batch (id, store, created_at) VALUES (?, ?, ?)",
            arguments: [batch.id, batch.vectorStoreID, batch.createdAt])
    }

    func fileBatch(_ id: FileBatch.ID, in store: VectorStore.ID) throws -> FileBatch {
        let row = try row(
            "file_batch", id, Condition("store = ?", [store]), called: "file batch")
        let rows = try Row.fetchAll(
            self,
            sql: """
                SELECT status, count(*) AS count FROM vector_store_file WHERE batch = ?
                GROUP BY status
                """,
            arguments: [id])
        let counts = FileCounts(rows)
        let isCancelled: Bool = row["is_cancelled"]
        let status: IndexingStatus =
            if isCancelled {
                .cancelled
            } else if counts.inProgress > 0 {
                .inProgress
            } else {
                counts.completed == 0 && counts.failed > 0 ? .failed : .completed
            }
        return FileBatch(
            id: id, createdAt: row["created_at"], vectorStoreID: store, status: status,
            fileCounts: counts)
    }

    /// Leaves out the files of a batch that are not indexed yet.
    func cancelBatch(_ id: FileBatch.ID, in store: VectorStore.ID) throws {
        let batch = try fileBatch(id, in: store)
        if batch.status != .inProgress {
            throw APIError.invalid("Cannot cancel file batch with status '\(batch.status)'.")
        }
        try execute(sql: "UPDATE file_batch SET is_cancelled = 1 WHERE id = ?", arguments: [id])
        let rows = try Row.fetchAll(
            self,
            sql: """
                SELECT position, json FROM vector_store_file
                WHERE batch = ? AND status = 'in_progress'
                """, arguments: [id])
        for row in rows {
            var member = try VectorStoreFile(json: row.object)
            member.status = .cancelled
            try deletePassages(of: row["position"], in: store)
            try update(member, at: row["position"])
        }
    }
}

extension FileCounts {
    /// Reads rows of a status and a count each.
    fileprivate init(_ rows: [Row]) {
        self.init()
        for row in rows {
            let count: Int = row["count"]
            switch IndexingStatus(wireName: row["status"]) {
            case .inProgress: inProgress += count
            case .completed: completed += count
            case .cancelled: cancelled += count
            case .failed, .unknown: failed += count
            }
        }
    }
}

extension VectorStoreExpiry {
    /// As long as a store can live; imports may say anything.
    fileprivate var seconds: Int { min(max(days, 0), 36_500) * 86_400 }
}

extension APIError {
    static func expiredStore(_ id: VectorStore.ID) -> APIError {
        .invalid("The vector store \(id) has expired. Make a new one of its files.")
    }
}
