import Assistants
import AssistantsEngine
import FoundationEssentials
import TestSupport
import Testing
import Wire

@Suite("Objects that were saved and are there already, or belong nowhere", .timeLimit(.minutes(5)))
struct ImportConflictTests {
    @Test("are foreseen exactly, whatever is missing, there already or another project's")
    func foreseen() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let there = try TestFolder([
            "there.jsonl": """
            {"id":"thread_1","object":"thread","created_at":1}
            {"id":"run_there","object":"thread.run","created_at":2,"thread_id":"thread_1",\
            "status":"completed"}
            {"id":"vs_there","object":"vector_store","created_at":1}
            {"id":"file-there","object":"file","purpose":"assistants","filename":"t.md",\
            "created_at":1}
            """, "files/file-there.md": "zebra",
            "projects/team/m.jsonl": """
            {"id":"msg_team","object":"thread.message","created_at":1,"thread_id":"thread_team",\
            "role":"user"}
            {"id":"file-team","object":"file","purpose":"assistants","filename":"t.md",\
            "created_at":1}
            """,
        ])
        _ = try await host.engine.importSaved(.init(path: there.path))
        let saved = try TestFolder([
            "a.jsonl": """
            {"id":"step_1","object":"thread.run.step","created_at":2,"thread_id":"thread_1",\
            "run_id":"run_there"}
            {"id":"step_2","object":"thread.run.step","created_at":2,"thread_id":"thread_2",\
            "run_id":"run_there"}
            {"id":"step_3","object":"thread.run.step","created_at":2,"thread_id":"thread_2",\
            "run_id":"run_2"}
            {"id":"step_4","object":"thread.run.step","created_at":2,"thread_id":"thread_3",\
            "run_id":"run_no"}
            {"id":"run_2","object":"thread.run","created_at":2,"thread_id":"thread_2",\
            "status":"queued"}
            {"id":"run_t","object":"thread.run","created_at":2,"thread_id":"thread_team",\
            "status":"queued"}
            {"id":"msg_1","object":"thread.message","created_at":9,"thread_id":"thread_new",\
            "role":"user"}
            {"id":"msg_1","object":"thread.message","created_at":8,"thread_id":"thread_2",\
            "role":"user"}
            {"id":"msg_team","object":"thread.message","created_at":8,"thread_id":"thread_2",\
            "role":"user"}
            {"id":"msg_2","object":"thread.message","created_at":7,"thread_id":"thread_team",\
            "role":"user"}
            {"id":"file-new","object":"file","purpose":"p","filename":"n.md","created_at":1}
            {"id":"file-there","object":"file","purpose":"p","filename":"t.md","created_at":1}
            {"id":"file-new","object":"vector_store.file","created_at":1,\
            "vector_store_id":"vs_there","status":"completed"}
            {"id":"file-no","object":"vector_store.file","created_at":1,\
            "vector_store_id":"vs_there","status":"completed"}
            {"id":"file-team","object":"vector_store.file","created_at":1,\
            "vector_store_id":"vs_there","status":"completed"}
            {"id":"file-new","object":"vector_store.file","created_at":1,\
            "vector_store_id":"vs_no","status":"completed"}
            """, "files/file-there.md": "other",
        ])
        for overwrites in [false, true, false] {
            var order = ImportOrder(path: saved.path)
            order.overwrites = overwrites
            let before = try await exported(host)
            order.isDryRun = true
            let foreseen = try await host.engine.importSaved(order)
            #expect(try await exported(host) == before)
            order.isDryRun = false
            let done = try await host.engine.importSaved(order)
            #expect(foreseen == done)
            #expect(done.notes.map(\.reason).contains("their run was not saved"))
            #expect(done.notes.map(\.reason).contains("their vector store was not saved"))
        }
        #expect(host.names(in: "").allSatisfy { !$0.hasPrefix("import-") })
        await host.close()
    }

    private func exported(_ host: TestEngine) async throws -> [String: String] {
        let folder = try TestFolder()
        _ = try await host.engine.exportSaved(to: folder.path)
        return try folder.everything()
    }

    @Test("replace no content of a file unasked, and leave no copies behind")
    func otherContent() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let objects = """
            [{"id":"file-a","object":"file","purpose":"assistants","filename":"a.md",\
            "created_at":1},
            {"id":"vs_1","object":"vector_store","created_at":2},
            {"id":"file-a","object":"vector_store.file","created_at":3,"vector_store_id":"vs_1",\
            "status":"completed"}]
            """
        let one = try TestFolder(["o.json": objects, "files/file-a.md": "A zebra."])
        let other = try TestFolder([
            "o.json": """
            {"id":"file-a","object":"file","purpose":"assistants","filename":"a.md","created_at":1}
            """, "files/file-a.md": "A tiger.",
        ])
        func content() async throws -> String {
            var bytes: [UInt8] = []
            for try await piece in try await host.engine.fileContent("file-a", for: .trusted) {
                bytes += piece
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        func take(_ folder: TestFolder, overwriting: Bool = false) async throws -> ImportReport {
            var order = ImportOrder(path: folder.path)
            order.overwrites = overwriting
            let report = try await host.engine.importSaved(order)
            try await host.engine.waitForIndexing()
            return report
        }
        #expect(try await take(one).notes.isEmpty)
        let again = try await take(one)
        #expect(again.counts.map(\.kept) == [1, 1, 1])
        let conflict = try await take(other)
        #expect(conflict.counts.isEmpty)
        #expect(conflict.notes.map(\.example) == ["file-a"])
        #expect(conflict.notes[0].reason.contains("--overwrite"))
        #expect(try await content() == "A zebra.")
        #expect(try await take(one, overwriting: true).counts.map(\.replaced) == [1, 1, 1])
        #expect(host.names(in: "files").count == 1)
        #expect(try await take(other, overwriting: true).counts.map(\.replaced) == [1])
        #expect(try await content() == "A tiger.")
        #expect(host.names(in: "files").count == 1)
        #expect(try await host.found("tiger", in: "vs_1") == ["a.md"])
        #expect(try await host.found("zebra", in: "vs_1").isEmpty)
        await host.close()
    }
}
