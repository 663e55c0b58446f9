import Assistants
import Dispatch
import GRDB

/// The objects of one data directory, in SQLite.
final class Store: Sendable {
    private let pool: DatabasePool
    private let writer: GroupCommit
    private let lock: DirectoryLock?

    init(pool: DatabasePool, lock: DirectoryLock?) {
        self.pool = pool
        self.lock = lock
        writer = GroupCommit(pool)
    }

    /// Reads what was committed.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(APIError) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw Self.apiError(error)
        }
    }

    /// Writes, and returns once it is on disk.
    @discardableResult
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(APIError) -> Value {
        do {
            return try await writer.write(body)
        } catch {
            throw Self.apiError(error)
        }
    }

    /// Writes after everything that was submitted before, without waiting.
    func submit(
        _ body: @escaping @Sendable (Database) throws -> Void,
        ending: @escaping @Sendable (APIError?) -> Void
    ) {
        writer.submit(body) { result in
            switch result {
            case .success: ending(nil)
            case .failure(let error): ending(Self.apiError(error))
            }
        }
    }

    /// Copies the store to a file while it is in use, and checks the copy. Returns the names of
    /// what is in its files.
    func copy(to path: String) async throws -> [String] {
        let copy = try DatabaseQueue(path: path)
        try pool.backup(to: copy)
        let (findings, names) = try await copy.read { db in
            (
                try String.fetchAll(db, sql: "PRAGMA integrity_check"),
                try String.fetchAll(db, sql: "SELECT content FROM file WHERE content IS NOT NULL")
            )
        }
        // The copy is one file, whole without a log beside it.
        try await copy.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = DELETE")
        }
        try copy.close()
        if findings != ["ok"] {
            throw APIError(
                status: 500, code: "backup_damaged",
                message: "The copy is not whole: \(findings.joined(separator: "; "))")
        }
        return names
    }

    /// Ends all connections and lets go of the directory. Nothing can be done with it after.
    func close() async {
        // Readers end on the threads of the tasks: to wait on one of those for them would be to
        // wait for ever, once that many stores close at the same time.
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "store.close").async {
                self.closeNow()
                continuation.resume()
            }
        }
    }

    private func closeNow() {
        // The file alone holds everything then, for copies of it. SQLite would do so itself if its
        // last connection could write; its log stays, so that the file can be read on a full disk.
        try? pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        // A connection that is still busy ends with its last statement.
        try? pool.close()
        lock?.release()
    }

    private static func apiError(_ error: any Error) -> APIError {
        if let error = error as? APIError { return error }
        if error is CancellationError {
            return APIError(status: 499, code: "cancelled", message: "The request was cancelled.")
        }
        let trouble = EngineError(reading: error, at: "")
        return APIError(
            status: 500,
            code: trouble.kind == .diskFull ? "storage_full" : "storage_failed",
            message: trouble.description)
    }
}

extension EngineError {
    /// Reads what SQLite reported, as a sentence about the file at a path.
    init(reading error: any Error, at path: String) {
        let file = path.isEmpty ? "The store" : "The store \(path)"
        guard let error = error as? DatabaseError else {
            self.init(.other, "\(file) cannot be used.", reason: "\(error)")
            return
        }
        let reason = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_FORMAT:
            self.init(
                .corrupt,
                "\(file) is damaged or is no Switchboard store. Nothing was changed. Move it away "
                    + "to start afresh, or put a copy of it back.", reason: reason)
        case .SQLITE_FULL:
            self.init(
                .diskFull, "\(file) cannot grow: the disk is full. Free some space and try again.",
                reason: reason)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_AUTH:
            self.init(
                .unwritable,
                "\(file) cannot be opened or written. Change its permissions, or choose another "
                    + "directory with --data.", reason: reason)
        default:
            // The plain message hides which of SQLite's thirty input and output errors it was.
            self.init(
                .other, "\(file) cannot be used.",
                reason: "\(reason), SQLite \(error.extendedResultCode.rawValue)")
        }
    }
}

extension Store {
    /// Marks a write by a host that has lost the run.
    static let supersededCode = "run_superseded"

    /// Writes what changed in a run.
    func save(_ write: RunWrite) async throws(APIError) {
        try await self.write { db in
            do {
                try db.save(write)
            } catch is RunSuperseded {
                throw APIError(
                    status: 500, code: Self.supersededCode,
                    message:
                        "The run \(write.run.id) is gone, or another process has taken it over.")
            }
        }
    }
}
