import Assistants
import FoundationEssentials
import GRDB
import TestSupport
import Testing

@testable import AssistantsEngine

@Suite("A data directory", .timeLimit(.minutes(5))) struct OpeningTests {
    private func open(_ directory: String) async throws(EngineError) -> Engine {
        try await Engine.open(
            directory: directory, models: ScriptedModel([]), clock: ManualClock())
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    @Test("is used by one process, and says which")
    func lock() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let pid = Int(ProcessInfo.processInfo.processIdentifier)
        do {
            _ = try await open(host.directory)
            Issue.record("Two engines host one directory")
        } catch {
            #expect(error.kind == .hosted(processID: pid))
            #expect(error.message.contains("process \(pid)"))
        }
        await host.close()
        let next = try await open(host.directory)
        await next.close()
    }

    @Test("can be read while another process hosts it, and after")
    func reading() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let thread = try await host.thread("Hello")
        let reader = try Engine.openToRead(directory: host.directory)
        #expect(
            try await reader.threads(PageRequest(), for: .trusted).data.map(\.id) == [thread.id])
        await expectError(500, code: "storage_failed") {
            _ = try await reader.createThread(ThreadRequest(), for: .trusted)
        }
        let another = try await host.thread("Later")
        #expect(try await reader.thread(another.id, for: .trusted) == another)
        await reader.close()
        await host.close()
        let later = try Engine.openToRead(directory: host.directory)
        #expect(try await later.threads(PageRequest(), for: .trusted).data.count == 2)
        await later.close()
    }

    @Test("can be let go of while it is read, with many others at the same time")
    func closing() async throws {
        // More than there are threads for tasks.
        let directories = (0..<64).map { _ in TestEngine.newDirectory() }
        await withThrowingTaskGroup { group in
            for directory in directories {
                group.addTask {
                    let engine = try await open(directory)
                    let readers = (0..<4).map { _ in
                        Task { try await engine.threads(PageRequest(), for: .trusted) }
                    }
                    await Task.yield()
                    await engine.close()
                    for reader in readers { _ = await reader.result }
                }
            }
        }
        for directory in directories { try FileManager.default.removeItem(atPath: directory) }
    }

    @Test("that is empty or not there cannot be read")
    func missing() {
        #expect {
            _ = try Engine.openToRead(directory: TestEngine.newDirectory())
        } throws: {
            ($0 as? EngineError)?.kind == .missing
        }
    }

    @Test("with a damaged store is refused, and nothing in it changes")
    func corrupt() async throws {
        let directory = TestEngine.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        let path = directory + "/" + StoreFile.name
        let rubbish = Array(String(repeating: "This is no database. ", count: 500).utf8)
        try Data(rubbish).write(to: URL(filePath: path))
        do {
            _ = try await open(directory)
            Issue.record("Rubbish was opened")
        } catch {
            #expect(error.kind == .corrupt)
        }
        #expect(throws: EngineError.self) { try Engine.openToRead(directory: directory) }
        #expect(try bytes(path) == rubbish)
    }

    @Test(
        "of a newer version, or with somebody else's database, is refused and not touched",
        arguments: ["PRAGMA user_version = 99", "PRAGMA application_id = 7"])
    func newer(sql: String) async throws {
        let directory = TestEngine.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let first = try await open(directory)
        await first.close()
        let path = directory + "/" + StoreFile.name
        let queue = try DatabaseQueue(path: path)
        try await queue.write { try $0.execute(sql: sql) }
        try queue.close()
        let before = try bytes(path)
        do {
            _ = try await open(directory)
            Issue.record("It was opened")
        } catch {
            #expect(error.kind == (sql.contains("99") ? .newer(version: 99) : .corrupt))
        }
        #expect(try bytes(path) == before)
    }

    @Test("that cannot be written is refused with a sentence")
    func unwritable() async throws {
        do {
            _ = try await open("/proc/switchboard")
            Issue.record("A directory was made where none can be")
        } catch {
            #expect(error.kind == .unwritable)
            #expect(error.message.contains("--data"))
        }
    }

    @Test("says that the disk is full, and goes on when it is not any more")
    func fullDisk() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let thread = try await host.thread()
        let pages = try await host.engine.store.write { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            return try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages)") ?? 0
        }
        await expectError(500, code: "storage_full") {
            _ = try await host.engine.createMessage(
                MessageRequest(String(repeating: "x", count: 200_000)), in: thread.id,
                for: .trusted)
        }
        try await host.engine.store.write { db in
            try db.execute(sql: "PRAGMA max_page_count = \(pages + 1000)")
        }
        _ = try await host.engine.createMessage(
            MessageRequest(String(repeating: "x", count: 200_000)), in: thread.id, for: .trusted)
        #expect(try await host.engine.messageCount(in: thread.id, for: .trusted) == 2)
        await host.close()
    }
}
