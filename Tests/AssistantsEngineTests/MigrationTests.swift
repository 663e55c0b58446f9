import Assistants
import FoundationEssentials
import GRDB
import Testing

@testable import AssistantsEngine

@Suite("A store of an older version") struct MigrationTests {
    private struct Broken: Error {}

    /// A store of the first version with a thread in it.
    private func older() async throws -> String {
        let directory = TestEngine.newDirectory()
        let store = try StoreFile(directory: directory, steps: [Schema.steps[0]]).open()
        let thread = Assistants.Thread(id: "thread_1", createdAt: 1)
        try await store.write { try $0.insert(thread, project: "local", at: 1) }
        await store.close()
        return directory
    }

    private func version(of path: String) throws -> Int? {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        return try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
    }

    @Test("is brought up to date, and a copy from before is kept")
    func upToDate() async throws {
        let directory = try await older()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let second: @Sendable (Database) throws -> Void = { db in
            try db.execute(sql: "ALTER TABLE thread ADD COLUMN colour TEXT")
        }
        let store = try StoreFile(directory: directory, steps: [Schema.steps[0], second]).open()
        let thread = try await store.read { try $0.threadRow("thread_1", for: .trusted).thread }
        #expect(thread.createdAt == 1)
        try await store.write { try $0.execute(sql: "UPDATE thread SET colour = 'red'") }
        await store.close()
        #expect(try version(of: directory + "/" + StoreFile.name) == 2)
        #expect(try version(of: directory + "/switchboard-before-2.sqlite") == 1)
        // The older program refuses it now.
        #expect {
            _ = try StoreFile(directory: directory, steps: [Schema.steps[0]]).open()
        } throws: {
            ($0 as? EngineError)?.kind == .newer(version: 2)
        }
    }

    @Test("has everything of today's version, and keeps what it had")
    func today() async throws {
        let directory = try await older()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try StoreFile(directory: directory).open()
        _ = try await store.read { try $0.threadRow("thread_1", for: .trusted) }
        let tables = try await store.read { db in
            try String.fetchSet(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
        }
        for table in ["file", "vector_store", "vector_store_file", "access_key", "kept_answer"] {
            #expect(tables.contains(table))
        }
        await store.close()
        #expect(try version(of: directory + "/" + StoreFile.name) == Schema.steps.count)
        #expect(try version(of: directory + "/switchboard-before-2.sqlite") == 1)
    }

    @Test("is the only one that is copied: a new store leaves no copies behind")
    func fresh() async throws {
        let directory = TestEngine.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try StoreFile(directory: directory).open()
        await store.close()
        let files = try FileManager.default.contentsOfDirectory(atPath: directory)
        #expect(files.contains(StoreFile.name))
        #expect(!files.contains { $0.contains("before") }, "\(files)")
    }

    @Test("stays as it is when a step fails")
    func failedStep() async throws {
        let directory = try await older()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let broken: @Sendable (Database) throws -> Void = { db in
            try db.execute(sql: "DROP TABLE message")
            throw Broken()
        }
        #expect(throws: EngineError.self) {
            _ = try StoreFile(directory: directory, steps: [Schema.steps[0], broken]).open()
        }
        let store = try StoreFile(directory: directory, steps: [Schema.steps[0]]).open()
        #expect(
            try await store.read { try $0.threadRow("thread_1", for: .trusted).messageCount } == 0)
        await store.close()
    }
}
