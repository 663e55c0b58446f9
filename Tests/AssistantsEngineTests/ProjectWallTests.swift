import Assistants
import AssistantsEngine
import TestSupport
import Testing
import Wire

/// Whatever one project has is not there for another.
@Suite("Two projects", .timeLimit(.minutes(5))) struct ProjectWallTests {
    private let owner = Caller.project("owner")
    private let other = Caller.project("other")

    @Test("see no files of each other")
    func files() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let engine = host.engine
        let file = try await host.file("a.txt", "zebra", for: owner)
        await expectError(404) { _ = try await engine.file(file.id, for: other) }
        await expectError(404) { _ = try await engine.fileContent(file.id, for: other) }
        await expectError(404) { try await engine.deleteFile(file.id, for: other) }
        #expect(
            try await engine.files(PageRequest(), purpose: nil, for: other).data.isEmpty)
        await expectError(400) {
            _ = try await engine.files(
                PageRequest(after: file.id), purpose: nil, for: other)
        }
        _ = try await engine.file(file.id, for: owner)
        await host.close()
    }

    @Test("see no vector stores of each other, and nothing in them")
    func vectorStores() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let engine = host.engine
        let store = try await host.vectorStore(["a.txt": "zebra"], for: owner).id
        let file = try await engine.files(PageRequest(), purpose: nil, for: owner).data[0].id
        let own = try await host.file("b.txt", "tiger", for: other)
        let request = VectorStoreFileRequest(fileID: own.id)
        let batch = try await engine.createFileBatch(
            [VectorStoreFileRequest(fileID: file)], in: store, for: owner
        ).id
        let operations: [(String, () async throws -> Void)] = [
            ("get", { _ = try await engine.vectorStore(store, for: other) }),
            ("modify", { _ = try await engine.modifyVectorStore(store, .init(), for: other) }),
            ("delete", { try await engine.deleteVectorStore(store, for: other) }),
            ("search", { _ = try await engine.searchVectorStore(store, .init(["a"]), for: other) }),
            ("add", { _ = try await engine.createVectorStoreFile(request, in: store, for: other) }),
            ("file", { _ = try await engine.vectorStoreFile(file, in: store, for: other) }),
            (
                "files",
                {
                    _ = try await engine.vectorStoreFiles(
                        in: store, status: nil, PageRequest(), for: other)
                }
            ),
            (
                "attributes",
                {
                    _ = try await engine.modifyVectorStoreFile(
                        file, in: store, attributes: [:], for: other)
                }
            ),
            ("remove", { try await engine.deleteVectorStoreFile(file, in: store, for: other) }),
            (
                "content",
                { _ = try await engine.vectorStoreFileContent(file, in: store, for: other) }
            ),
            ("batch", { _ = try await engine.createFileBatch([request], in: store, for: other) }),
            ("get batch", { _ = try await engine.fileBatch(batch, in: store, for: other) }),
            ("cancel", { _ = try await engine.cancelFileBatch(batch, in: store, for: other) }),
            (
                "batch files",
                {
                    _ = try await engine.fileBatchFiles(
                        batch, in: store, status: nil, PageRequest(), for: other)
                }
            ),
        ]
        for (name, operation) in operations {
            await expectError(404, "No vector store found with id '\(store)'.") {
                try await operation()
                Issue.record("\(name) was let through")
            }
        }
        #expect(try await engine.vectorStores(PageRequest(), for: other).data.isEmpty)
        #expect(try await host.indexed(store).fileCounts.total == 1)
        await host.close()
    }

    @Test("cannot use each other's files and stores in objects of their own")
    func references() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let engine = host.engine
        let store = try await host.vectorStore(["a.txt": "zebra"], for: owner).id
        let file = try await engine.files(PageRequest(), purpose: nil, for: owner).data[0].id
        let mine = try await engine.createVectorStore(VectorStoreRequest(), for: other)
        await expectError(404) {
            _ = try await engine.createVectorStoreFile(
                VectorStoreFileRequest(fileID: file), in: mine.id, for: other)
        }
        let resources: [JSONObject] = [
            ["file_search": ["vector_store_ids": [.string(store)]]],
            ["file_search": ["vector_stores": [["file_ids": [.string(file)]]]]],
            ["code_interpreter": ["file_ids": [.string(file)]]],
        ]
        let thread = try await engine.createThread(ThreadRequest(), for: other)
        for resource in resources {
            var request = AssistantRequest(model: "scripted")
            request.toolResources = resource
            let asked = request
            await expectError(404) {
                _ = try await engine.createAssistant(asked, for: other)
            }
            var changes = ThreadChanges()
            changes.toolResources = .set(resource)
            await expectError(404) {
                _ = try await engine.modifyThread(thread.id, changes, for: other)
            }
        }
        var message = MessageRequest("Q")
        message.attachments = [["file_id": .string(file), "tools": [["type": "file_search"]]]]
        let attaching = message
        await expectError(404) {
            _ = try await engine.createMessage(attaching, in: thread.id, for: other)
        }
        await host.close()
    }
}
