import Assistants
import AssistantsEngine
import FoundationEssentials
import TestSupport
import Testing
import Wire

@Suite("Objects that were saved", .timeLimit(.minutes(5))) struct ImportTests {
    private static let dump = """
        {"object":"list","data":[
        {"id":"msg_3","object":"thread.message","created_at":30,"thread_id":"thread_1",\
        "role":"user","content":[{"type":"text","text":{"value":"Third","annotations":[]}}]},
        {"id":"msg_2","object":"thread.message","created_at":20,"thread_id":"thread_1",\
        "role":"assistant","run_id":"run_1","assistant_id":"asst_1",\
        "content":[{"type":"text","text":{"value":"Second","annotations":[]}}]},
        {"id":"msg_1","object":"thread.message","created_at":20,"thread_id":"thread_1",\
        "role":"user","content":[{"type":"text","text":{"value":"First","annotations":[]}}]}],
        "first_id":"msg_3","last_id":"msg_1","has_more":false}
        """
    private static let rest = """
        {"id":"asst_1","object":"assistant","created_at":5,"name":"Old","model":"gpt-4o","tools":[]}
        {"id":"thread_1","object":"thread","created_at":10,"metadata":{"k":"v"}}
        {"id":"run_1","object":"thread.run","created_at":21,"thread_id":"thread_1",\
        "assistant_id":"asst_1","status":"completed","model":"gpt-4o"}
        {"id":"step_1","object":"thread.run.step","created_at":22,"thread_id":"thread_1",\
        "run_id":"run_1","status":"completed","type":"message_creation",\
        "step_details":{"type":"message_creation","message_creation":{"message_id":"msg_2"}}}
        {"id":"step_2","object":"thread.run.step","created_at":22,"thread_id":"thread_1",\
        "run_id":"run_lost","status":"completed","step_details":{}}
        {"id":"batch_1","object":"batch"}
        """

    private func texts(_ host: TestEngine, _ thread: String) async throws -> [String] {
        try await host.engine.messages(
            in: thread, run: nil, PageRequest(limit: 100, order: .ascending), for: .trusted
        ).data.map(\.text)
    }

    @Test("are taken in with their ids and times, in their order, however often it is done")
    func dumps() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let folder = try TestFolder(["a/messages.json": Self.dump, "b.ndjson": Self.rest])
        let report = try await host.engine.importSaved(.init(path: folder.path))
        #expect(
            report.counts.map(\.kind) == ["assistants", "threads", "messages", "runs", "run steps"])
        #expect(report.counts.map(\.added) == [1, 1, 3, 1, 1])
        #expect(
            Set(report.notes.map(\.reason)) == [
                "their run was not saved",
                "objects of the kind \"batch\" are not kept here",
            ])
        #expect(try await texts(host, "thread_1") == ["First", "Second", "Third"])
        let thread = try await host.engine.threads(PageRequest(), for: .trusted).data[0]
        #expect(thread.thread.metadata == ["k": "v"])
        #expect(thread.thread.createdAt == 10)
        #expect(thread.lastActivity == 30)
        #expect(thread.opening == "First")
        #expect(thread.messageCount == 3)
        #expect(thread.assistantID == "asst_1")
        let step = try await host.engine.step(
            "step_1", of: "run_1", on: "thread_1", for: .trusted)
        #expect(step.createdAt == 22)
        let again = try await host.engine.importSaved(.init(path: folder.path))
        #expect(again.added == 0)
        #expect(again.counts.map(\.kept) == [1, 1, 3, 1, 1])
        #expect(try await texts(host, "thread_1") == ["First", "Second", "Third"])
        await host.close()
    }

    @Test("go on where they were saved: a run can be started on them")
    func goesOn() async throws {
        let host = try await TestEngine(ScriptedModel(texts: "Fourth"))
        let folder = try TestFolder(["m.json": Self.dump, "b.ndjson": Self.rest])
        _ = try await host.engine.importSaved(.init(path: folder.path))
        _ = try await host.engine.streamRun(
            RunRequest(assistantID: "asst_1"), on: "thread_1", for: .trusted
        ).all()
        #expect(try await texts(host, "thread_1") == ["First", "Second", "Third", "Fourth"])
        await host.close()
    }

    @Test("change nothing in a dry run, which says what would be done")
    func dryRun() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let folder = try TestFolder(["m.json": Self.dump])
        var order = ImportOrder(path: folder.path)
        order.isDryRun = true
        let report = try await host.engine.importSaved(order)
        #expect(report.counts.map(\.added) == [3])
        #expect(try await host.engine.threads(PageRequest(), for: .trusted).data.isEmpty)
        await host.close()
    }

    @Test("overwrite what is there only when that is asked for")
    func overwriting() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let folder = try TestFolder(["m.json": Self.dump])
        _ = try await host.engine.importSaved(.init(path: folder.path))
        try folder.write(Self.dump.replacing("Second", with: "Changed"), to: "m.json")
        _ = try await host.engine.importSaved(.init(path: folder.path))
        #expect(try await texts(host, "thread_1") == ["First", "Second", "Third"])
        var order = ImportOrder(path: folder.path)
        order.overwrites = true
        let report = try await host.engine.importSaved(order)
        #expect(report.counts.map(\.replaced) == [3])
        #expect(try await texts(host, "thread_1") == ["First", "Changed", "Third"])
        await host.close()
    }

    @Test("that come later go between those that are there")
    func late() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        func line(_ number: Int) -> String {
            """
            {"thread_id":"thread_f","message_id":"m\(number)","role":"user","text":"\(number)",\
            "created_at":\(number)}

            """
        }
        let folder = try TestFolder(["1.jsonl": line(2) + line(4) + line(6)])
        _ = try await host.engine.importSaved(.init(path: folder.path))
        let more = try TestFolder(["2.jsonl": line(1) + line(5) + line(7)])
        _ = try await host.engine.importSaved(.init(path: more.path))
        #expect(try await texts(host, "thread_f") == ["1", "2", "4", "5", "6", "7"])
        #expect(
            try await host.engine.threads(PageRequest(), for: .trusted).data[0].opening == "1")
        await host.close()
    }

    @Test("of the Conversations API become the messages of a thread")
    func conversationItems() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let folder = try TestFolder([
            "conv_9.json": """
            {"object":"list","data":[
            {"type":"function_call","id":"fc_1","name":"f"},
            {"type":"message","id":"i2",
            "role":"assistant","content":[{"type":"output_text","text":"Hi."}]},
            {"type":"message","id":"i1",
            "role":"user","content":[{"type":"input_text","text":"Hello"}]}]}
            """
        ])
        let report = try await host.engine.importSaved(.init(path: folder.path))
        #expect(try await texts(host, "conv_9") == ["Hello", "Hi."])
        #expect(report.notes.map(\.reason) == ["function_call items have no place in a thread"])
        await host.close()
    }

    @Test("bring the content of files, which can be searched again")
    func files() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let folder = try TestFolder([
            "files.json": """
            [{"id":"file-a","object":"file",
            "purpose":"assistants","filename":"a.md","bytes":3,"created_at":1},
            {"id":"file-b","object":"file",
            "purpose":"assistants","filename":"b.md","bytes":3,"created_at":1}]
            """,
            "stores.json": """
            [{"id":"vs_1","object":"vector_store","created_at":2,"name":"Zoo"},
            {"id":"file-a","object":"vector_store.file",
            "created_at":3,"vector_store_id":"vs_1","status":"completed"},
            {"id":"file-b","object":"vector_store.file",
            "created_at":3,"vector_store_id":"vs_1","status":"completed"}]
            """,
            "files/file-a.md": "A zebra has stripes.",
        ])
        let report = try await host.engine.importSaved(.init(path: folder.path))
        #expect(report.notes.map(\.example) == ["file-b"])
        try await host.engine.waitForIndexing()
        #expect(try await host.found("stripes", in: "vs_1") == ["a.md"])
        await expectError(404) {
            _ = try await host.engine.fileContent("file-b", for: .trusted)
        }
        await host.close()
    }

    @Test("of a run in its middle lock no thread")
    func activeRun() async throws {
        let host = try await TestEngine(ScriptedModel(texts: "Yes."))
        let folder = try TestFolder([
            "r.json": """
            [{"id":"run_1","object":"thread.run","created_at":2,"thread_id":"thread_1",
            "assistant_id":"asst_1","status":"requires_action","model":"m"}]
            """, "m.json": Self.dump, "b.ndjson": Self.rest.replacing("run_1", with: "run_2"),
        ])
        let report = try await host.engine.importSaved(.init(path: folder.path))
        #expect(report.notes.contains { $0.example == "run_1" })
        let run = try await host.engine.run("run_1", on: "thread_1", for: .trusted)
        #expect(run.status == .expired)
        _ = try await host.engine.createMessage(
            MessageRequest("More"), in: "thread_1", for: .trusted)
        await host.close()
    }

    @Test("stay out of a project that has none of their ids to give")
    func projects() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let folder = try TestFolder(["m.json": Self.dump, "projects/team/b.ndjson": Self.rest])
        let report = try await host.engine.importSaved(.init(path: folder.path))
        // The team's thread came first; the local messages in it are another project's.
        #expect(report.notes.contains { $0.reason.contains("another project") })
        _ = try await host.engine.assistant("asst_1", for: .project("team"))
        await expectError(404) {
            _ = try await host.engine.assistant("asst_1", for: .project("other"))
        }
        await host.close()
    }

    @Test("with numbers that cannot be are refused, and trap nothing")
    func hugeNumbers() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let most = Int.max
        let folder = try TestFolder([
            "a.json": """
            [{"id":"thread_1","object":"thread","created_at":\(most)},
            {"id":"msg_1","object":"thread.message","created_at":-\(most),"thread_id":"t"},
            {"id":"msg_2","object":"thread.message","created_at":1},
            {"id":"","object":"thread","created_at":1},
            {"id":"vs_1","object":"vector_store","created_at":1,"last_active_at":\(most),
            "expires_after":{"anchor":"last_active_at","days":\(most)}},
            {"id":"run_1","object":"thread.run","created_at":1,"thread_id":"t","status":"queued",
            "expires_at":\(most),"usage":{"prompt_tokens":\(most),"completion_tokens":\(most)}}]
            """
        ])
        let report = try await host.engine.importSaved(.init(path: folder.path))
        #expect(report.counts.map(\.kind) == ["vector stores", "runs"])
        #expect(report.notes.count == 5)
        _ = try await host.engine.vectorStore("vs_1", for: .trusted)
        _ = try await host.engine.exportSaved(to: folder.path + "/out")
        await host.close()
    }

    @Test("that are damaged are told, the rest is taken in")
    func damaged() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let folder = try TestFolder([
            "bad.json": "{\"object\":\"list\",\"data\":[{\"a\":", "m.json": Self.dump,
            "nonsense.json": "hello", "broken.jsonl": "{\"id\":1,}\n",
        ])
        let report = try await host.engine.importSaved(.init(path: folder.path))
        #expect(report.added == 3)
        #expect(report.notes.count >= 3)
        await expectError(404, code: "no_such_file") {
            _ = try await host.engine.importSaved(.init(path: folder.path + "/none"))
        }
        #expect(host.names(in: "").allSatisfy { !$0.hasPrefix("import-") })
        await host.close()
    }
}
