import FoundationEssentials
import GRDB

/// The file that a store is kept in: opened, checked, and brought up to date.
struct StoreFile {
    /// The name of the file in the data directory.
    static let name = "switchboard.sqlite"

    let directory: String
    /// How the tables came to be, one step for each version.
    var steps = Schema.steps

    private var path: String { directory + "/" + Self.name }

    /// Opens the store for this process alone, and creates it when it is not there.
    func open() throws(EngineError) -> Store {
        try createDirectory()
        let lock = try DirectoryLock(directory: directory)
        if FileManager.default.fileExists(atPath: path) { try check() }
        do {
            let pool = try DatabasePool(path: path, configuration: Self.configuration)
            try migrate(pool)
            return Store(pool: pool, lock: lock)
        } catch {
            throw error as? EngineError ?? EngineError(reading: error, at: path)
        }
    }

    /// Opens the store to read, whoever hosts it.
    func openToRead() throws(EngineError) -> Store {
        guard FileManager.default.fileExists(atPath: path) else {
            throw EngineError(
                .missing,
                "There is no store in \(directory) yet. Start switchboard once, or "
                    + "choose another directory with --data.")
        }
        try check()
        var configuration = Self.configuration
        configuration.readonly = true
        do {
            return Store(
                pool: try DatabasePool(path: path, configuration: configuration), lock: nil)
        } catch {
            throw EngineError(reading: error, at: path)
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "store"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            // What the API acknowledges survives a power cut (`RELIABILITY.md` 2.4).
            if !db.configuration.readonly { try db.execute(sql: "PRAGMA synchronous = FULL") }
        }
        return configuration
    }

    private func createDirectory() throws(EngineError) {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw EngineError(
                .unwritable,
                "The data directory \(directory) cannot be created. Choose another with --data.",
                reason: "\(error)")
        }
    }

    /// Looks at the file before anything may change it.
    private func check() throws(EngineError) {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let (application, version, tables) = try queue.read { db in
                (
                    try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
                    try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0,
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
                )
            }
            try queue.close()
            if tables > 0, application != Schema.applicationID {
                throw EngineError(
                    .corrupt,
                    "\(path) is a database, but no Switchboard store. Nothing was "
                        + "changed. Move it away, or choose another directory with --data.")
            }
            if version > steps.count {
                throw EngineError(
                    .newer(version: version),
                    "The store \(path) was written by a newer Switchboard (version \(version) of "
                        + "the tables, this one knows \(steps.count)). Nothing was changed. "
                        + "Install the newer version, or choose another directory with --data.")
            }
        } catch {
            throw error as? EngineError ?? EngineError(reading: error, at: path)
        }
    }

    private func migrate(_ pool: DatabasePool) throws {
        let version = try pool.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
        for step in version..<max(version, steps.count) {
            // A store that is only being made has nothing to lose.
            if version > 0 { try keepCopy(of: pool, version: step) }
            try pool.write { db in
                try steps[step](db)
                try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
                try db.execute(sql: "PRAGMA user_version = \(step + 1)")
            }
        }
    }

    /// Copies the file as it is before a step changes it; an older copy of that version stays.
    private func keepCopy(of pool: DatabasePool, version: Int) throws {
        let copy = "\(directory)/switchboard-before-\(version + 1).sqlite"
        if FileManager.default.fileExists(atPath: copy) { return }
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "VACUUM INTO ?", arguments: [copy])
        }
    }
}
