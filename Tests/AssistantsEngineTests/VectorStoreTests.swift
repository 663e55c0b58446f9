import Assistants
import FoundationEssentials
import GRDB
import TestSupport
import Testing
import Wire

@testable import AssistantsEngine

@Suite("A vector store", .timeLimit(.minutes(5))) struct VectorStoreTests {
    @Test("finds nothing of another store, whatever is common there")
    func separate() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let one = try await host.vectorStore(["a.txt": "zebra"])
        let other = try await host.vectorStore(["b.txt": "zebra", "c.txt": "zebra zebra"])
        #expect(try await host.found("zebra", in: one.id) == ["a.txt"])
        #expect(Set(try await host.found("zebra", in: other.id)) == ["b.txt", "c.txt"])
        await host.close()
    }

    @Test("finds Chinese, Japanese and Korean words inside a text")
    func han() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let store = try await host.vectorStore([
            "zh.txt": "我昨天在动物园看到了一只斑马。", "ja.txt": "東京タワーは高いです。", "en.txt": "A zebra.",
        ])
        #expect(try await host.found("斑马", in: store.id) == ["zh.txt"])
        #expect(try await host.found("タワー", in: store.id) == ["ja.txt"])
        await host.close()
    }

    @Test("goes on indexing after a restart")
    func restart() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let store = try await host.engine.createVectorStore(VectorStoreRequest(), for: .trusted)
        for place in 0..<20 {
            let file = try await host.file("\(place).txt", "zebra \(place)")
            _ = try await host.engine.createVectorStoreFile(
                VectorStoreFileRequest(fileID: file.id), in: store.id, for: .trusted)
        }
        await host.close()
        let next = try await TestEngine(ScriptedModel([]), directory: host.directory)
        let done = try await next.indexed(store.id)
        #expect(done.fileCounts.completed == 20)
        #expect(try await next.found("zebra", in: store.id).count == 10)
        await next.close()
    }

    @Test("expires after its days of rest, and each use puts that off")
    func expiry() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let made = try await host.vectorStore(["a.txt": "zebra"])
        var changes = VectorStoreChanges()
        changes.expiresAfter = .set(VectorStoreExpiry(days: 1))
        let store = try await host.engine.modifyVectorStore(made.id, changes, for: .trusted)
        #expect(store.expiresAt == (store.lastActiveAt ?? 0) + 86_400)
        host.clock.advance(by: .seconds(86_399))
        #expect(try await host.found("zebra", in: store.id) == ["a.txt"])
        try await until {
            try await host.engine.vectorStore(store.id, for: .trusted).lastActiveAt
                == host.clock.seconds
        }
        host.clock.advance(by: .seconds(86_399))
        #expect(
            try await host.engine.vectorStore(store.id, for: .trusted).status == .completed)
        host.clock.advance(by: .seconds(1))
        #expect(try await host.engine.vectorStore(store.id, for: .trusted).status == .expired)
        await expectError(400) { _ = try await host.found("zebra", in: store.id) }
        await host.close()
    }

    @Test("that has expired gives its room back at the next start, and still says what it was")
    func expiredRoom() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let made = try await host.vectorStore(["a.txt": "zebra"])
        var changes = VectorStoreChanges()
        changes.expiresAfter = .set(VectorStoreExpiry(days: 1))
        _ = try await host.engine.modifyVectorStore(made.id, changes, for: .trusted)
        await host.close()
        host.clock.advance(by: .seconds(90_000))
        let next = try await TestEngine(
            ScriptedModel([]), directory: host.directory, clock: host.clock)
        let tables = try await next.engine.store.read { db in
            try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_schema WHERE name LIKE 'passages%'")
        }
        #expect(tables.isEmpty)
        let store = try await next.engine.vectorStore(made.id, for: .trusted)
        #expect(store.status == .expired)
        #expect(store.fileCounts.completed == 1)
        await next.close()
    }

    @Test("leaves out what is left of a batch that is cancelled")
    func cancelledBatch() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let store = try await host.engine.createVectorStore(VectorStoreRequest(), for: .trusted)
        let text = String(repeating: "zebras graze here. ", count: 20_000)
        var files: [VectorStoreFileRequest] = []
        for place in 0..<10 {
            files.append(.init(fileID: try await host.file("\(place).txt", text).id))
        }
        let batch = try await host.engine.createFileBatch(files, in: store.id, for: .trusted)
        let cancelled = try await host.engine.cancelFileBatch(
            batch.id, in: store.id, for: .trusted)
        #expect(cancelled.status == .cancelled)
        #expect(cancelled.fileCounts.inProgress == 0)
        #expect(cancelled.fileCounts.cancelled > 0)
        let done = try await host.indexed(store.id)
        #expect(done.fileCounts.completed + done.fileCounts.cancelled == 10)
        await host.close()
    }

    @Test("keeps the text of a long file, whole and in order")
    func longFile() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let text = (0..<5000).map { "Sentence \($0) of the book. " }.joined()
        let file = try await host.file("book.txt", text)
        let store = try await host.engine.createVectorStore(VectorStoreRequest(), for: .trusted)
        _ = try await host.engine.createVectorStoreFile(
            VectorStoreFileRequest(
                fileID: file.id, chunkingStrategy: .fixed(tokens: 100, overlap: 50)),
            in: store.id, for: .trusted)
        let done = try await host.indexed(store.id)
        #expect(done.usageBytes > text.utf8.count)
        let pieces = try await host.engine.vectorStoreFileContent(
            file.id, in: store.id, for: .trusted)
        #expect(pieces.count > 300)
        #expect(pieces.joined() == text)
        await host.close()
    }

    @Test(
        "searches hostile words as words",
        .enabled(if: Fixture.isPresent))
    func hostileQueries() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let store = try await host.vectorStore(["a.txt": "a b zebra"])
        let suite = try JSONValue(
            parsing: Fixture.shared("suites/malicious/search/fts5-queries.json"))
        let queries = suite["cases"]?.arrayValue?.compactMap { $0["query"]?.stringValue } ?? []
        #expect(queries.count > 60)
        for query in queries { _ = try await host.found(query, in: store.id) }
        #expect(try await host.found("zebra", in: store.id) == ["a.txt"])
        await host.close()
    }

    @Test("takes the index away with the store")
    func deletion() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let store = try await host.vectorStore(["a.txt": "zebra"])
        try await host.engine.deleteVectorStore(store.id, for: .trusted)
        let tables = try await host.engine.store.read { db in
            try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_schema WHERE name LIKE 'passages%'")
        }
        #expect(tables.isEmpty)
        await host.close()
    }
}
