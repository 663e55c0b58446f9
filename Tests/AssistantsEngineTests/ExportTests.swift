import Assistants
import AssistantsEngine
import FoundationEssentials
import TestSupport
import Testing
import Wire

@Suite("An export", .timeLimit(.minutes(5))) struct ExportTests {
    /// An engine with something of everything, all in the same second.
    private func furnished() async throws -> TestEngine {
        let model = ScriptedModel([
            ScriptedModel.calls(("f", "{}")), ScriptedModel.text("Striped. 🦓"),
        ])
        let host = try await TestEngine(model)
        try await host.engine.addBuiltInAssistants()
        let store = try await host.vectorStore([
            "zebra.md": "A zebra has stripes.", "b.pdf": "%PDF", "odd/../name.x y": "text",
        ])
        var request = AssistantRequest(
            model: "scripted", tools: [.function(FunctionTool(name: "f"))])
        request.toolResources = ["file_search": ["vector_store_ids": [.string(store.id)]]]
        let assistant = try await host.engine.createAssistant(request, for: .trusted)
        let thread = try await host.thread("One")
        for text in ["Two", "Three \"four\"\n"] {
            _ = try await host.engine.createMessage(
                MessageRequest(text), in: thread.id, for: .trusted)
        }
        _ = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
        ).all()
        let run = try #require(try await host.onlyRun(of: thread.id))
        _ = try await host.engine.streamToolOutputs(
            [ToolOutput(toolCallID: run.requiredAction[0].id, output: "{}")], to: run.id,
            on: thread.id, for: .trusted
        ).all()
        try await furnishRarer(host, in: store.id, thread.id)
        _ = try await host.engine.createThread(ThreadRequest(), for: .project("team"))
        _ = try await host.file("team.txt", "theirs", for: .project("team"))
        return host
    }

    /// Adds what few people have: batches, attributes, chunks, lifetimes, pictures, attachments,
    /// runs that did not end well.
    private func furnishRarer(
        _ host: TestEngine, in store: VectorStore.ID, _ thread: Assistants.Thread.ID
    ) async throws {
        let engine = host.engine
        let (one, two) = (
            try await host.file("one.md", "One."), try await host.file("2.png", "PNG")
        )
        let members = [
            VectorStoreFileRequest(
                fileID: one.id, chunkingStrategy: .fixed(tokens: 100, overlap: 50),
                attributes: ["year": 2024, "kind": "note", "isOld": true]),
            VectorStoreFileRequest(fileID: two.id),
        ]
        _ = try await engine.createFileBatch(members, in: store, for: .trusted)
        var changes = VectorStoreChanges()
        changes.expiresAfter = .set(VectorStoreExpiry(days: 3))
        changes.metadata = .set(["k": "v"])
        _ = try await engine.modifyVectorStore(store, changes, for: .trusted)
        _ = try await host.indexed(store)
        var message = MessageRequest("Look")
        message.content.append(.imageFile(fileID: two.id, detail: "low"))
        message.attachments = [["file_id": .string(one.id), "tools": [["type": "file_search"]]]]
        message.metadata = ["source": "test"]
        _ = try await engine.createMessage(message, in: thread, for: .trusted)
        let failing = try await host.assistant([.codeInterpreter], instructions: "Count.")
        _ = try await engine.streamRun(
            RunRequest(assistantID: failing.id), on: thread, for: .trusted
        ).all()
    }

    @Test("taken into an empty directory and exported again gives equal files")
    func roundTrip() async throws {
        let host = try await furnished()
        let (first, second) = (try TestFolder(), try TestFolder())
        let report = try await host.engine.exportSaved(to: first.path)
        #expect(report.missing.isEmpty)
        #expect(report.counts.map(\.kind).count == 8)
        await host.close()
        let next = try await TestEngine(ScriptedModel([]), clock: host.clock)
        next.clock.advance(by: .seconds(1000))
        try await next.engine.addBuiltInAssistants()
        _ = try await next.engine.importSaved(.init(path: first.path))
        try await next.engine.waitForIndexing()
        _ = try await next.engine.exportSaved(to: second.path)
        let (one, other) = (try first.everything(), try second.everything())
        #expect(Set(one.keys) == Set(other.keys))
        for (name, text) in one { #expect(other[name] == text, "\(name)") }
        #expect(one.keys.contains { $0.hasPrefix("projects/team/files/file-") })
        #expect(one.keys.contains { $0.hasPrefix("threads/thread_") && $0.hasSuffix("steps.json") })
        await next.close()
    }

    @Test("can be made by whoever only reads")
    func reading() async throws {
        let host = try await furnished()
        let (first, second) = (try TestFolder(), try TestFolder())
        _ = try await host.engine.exportSaved(to: first.path)
        let reader = try Engine.openToRead(directory: host.directory, clock: host.clock)
        _ = try await reader.exportSaved(to: second.path)
        #expect(try first.everything() == second.everything())
        await reader.close()
        await host.close()
    }

    @Test("writes nowhere else, whatever ids say")
    func hostileIDs() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let saved = try TestFolder([
            "a.json": """
            [{"id":"../../evil","object":"thread","created_at":1},
            {"id":"/etc/x","object":"file","purpose":"p","filename":"../../y","created_at":1}]
            """
        ])
        _ = try await host.engine.importSaved(.init(path: saved.path))
        let folder = try TestFolder()
        let report = try await host.engine.exportSaved(to: folder.path + "/out")
        #expect(report.missing == ["/etc/x"])
        #expect(try folder.everything()["out/threads/%2e%2e%2f%2e%2e%2fevil/messages.json"] != nil)
        await host.close()
    }
}

@Suite("A backup", .timeLimit(.minutes(5))) struct BackupTests {
    @Test("has everything, is made while the store is in use, and can be opened")
    func whole() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let file = try await host.file("a.txt", "zebra")
        let thread = try await host.thread("Hello?")
        let folder = try TestFolder()
        let copy = folder.path + "/copy.sqlite"
        try await host.engine.backUp(to: copy)
        await expectError(400) { try await host.engine.backUp(to: copy) }
        await host.close()
        // Put in place, it is a data directory again.
        let place = TestEngine.newDirectory()
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: copy, toPath: place + "/switchboard.sqlite")
        try FileManager.default.moveItem(atPath: copy + ".files", toPath: place + "/files")
        let next = try await TestEngine(ScriptedModel([]), directory: place)
        _ = try await next.engine.thread(thread.id, for: .trusted)
        var bytes: [UInt8] = []
        for try await piece in try await next.engine.fileContent(file.id, for: .trusted) {
            bytes += piece
        }
        #expect(String(decoding: bytes, as: UTF8.self) == "zebra")
        #expect(try folder.everything().isEmpty)
        await next.close()
    }

    @Test("can be made by whoever only reads, and says where it cannot be written")
    func reading() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        _ = try await host.thread("Hello?")
        let folder = try TestFolder()
        let reader = try Engine.openToRead(directory: host.directory)
        try await reader.backUp(to: folder.path + "/copy.sqlite")
        await expectError(500) { try await reader.backUp(to: folder.path + "/none/copy.sqlite") }
        await reader.close()
        await host.close()
    }
}
