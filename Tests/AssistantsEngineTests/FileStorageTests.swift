import Assistants
import AssistantsEngine
import FoundationEssentials
import TestSupport
import Testing
import Wire

@Suite("Files in the engine", .timeLimit(.minutes(5))) struct FileStorageTests {
    @Test("lie under names of our own making, for nobody else to read")
    func names() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let file = try await host.file("../../etc/passwd", "secret")
        let names = host.names(in: "files")
        #expect(names.count == 1)
        #expect(names.allSatisfy { $0.hasPrefix("content_") })
        #expect(host.names(in: "uploads").isEmpty)
        let facts = try FileManager.default.attributesOfItem(
            atPath: host.directory + "/files/" + names[0])
        #expect(facts[.posixPermissions] as? Int == 0o600)
        try await host.engine.deleteFile(file.id, for: .trusted)
        #expect(host.names(in: "files").isEmpty)
        await host.close()
    }

    @Test("are copied where the original is somebody's own")
    func copies() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let place = try host.upload(Array("mine".utf8))
        let file = try await host.engine.createFile(
            FileUpload(path: place, filename: "mine.txt", purpose: "user_data"), for: .trusted)
        try Data("changed".utf8).write(to: URL(filePath: place))
        var bytes: [UInt8] = []
        for try await piece in try await host.engine.fileContent(file.id, for: .trusted) {
            bytes += piece
        }
        #expect(String(decoding: bytes, as: UTF8.self) == "mine")
        await host.close()
    }

    @Test("are refused where there is none to take, and leave nothing behind")
    func refusals() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let folder = host.engine.uploadFolder ?? ""
        await expectError(500, code: "storage_failed") {
            _ = try await host.engine.createFile(
                FileUpload(path: folder + "/none", filename: "a", purpose: "vision"), for: .trusted)
        }
        await expectError(400) {
            _ = try await host.engine.createFile(
                FileUpload(path: folder, filename: "a", purpose: "vision"), for: .trusted)
        }
        await expectError(400) {
            _ = try await host.engine.createFile(
                FileUpload(path: folder, filename: "a", purpose: "assistants_output"),
                for: .project("a"))
        }
        #expect(host.names(in: "files").isEmpty)
        await host.close()
    }

    @Test("go by themselves when their time is over")
    func expiry() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let file = try await host.file("a.txt", "a", expiresAfter: 3600)
        #expect(file.expiresAt == file.createdAt + 3600)
        host.clock.advance(by: .seconds(3599))
        _ = try await host.engine.file(file.id, for: .trusted)
        host.clock.advance(by: .seconds(1))
        await expectError(404) { _ = try await host.engine.file(file.id, for: .trusted) }
        let page = try await host.engine.files(PageRequest(), purpose: nil, for: .trusted)
        #expect(page.data.isEmpty)
        // The next one that comes clears up.
        _ = try await host.file("b.txt", "b")
        #expect(host.names(in: "files").count == 1)
        await host.close()
    }

    @Test("are there after a restart, what interrupted uploads left is not")
    func restart() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let file = try await host.file("a.txt", "a")
        _ = try host.upload([1])
        try Data([1]).write(to: URL(filePath: host.directory + "/files/.content_x"))
        await host.close()
        let next = try await TestEngine(ScriptedModel([]), directory: host.directory)
        #expect(next.names(in: "files").count == 1)
        #expect(next.names(in: "uploads").isEmpty)
        #expect(try await next.engine.file(file.id, for: .trusted) == file)
        await next.close()
    }

    @Test("leave the tool resources that named them")
    func toolResources() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let (gone, kept) = (try await host.file("a", "a"), try await host.file("b", "b"))
        var request = AssistantRequest(model: "scripted", tools: [.codeInterpreter])
        request.toolResources = [
            "code_interpreter": ["file_ids": [.string(gone.id), .string(kept.id)]]
        ]
        let assistant = try await host.engine.createAssistant(request, for: .trusted)
        try await host.engine.deleteFile(gone.id, for: .trusted)
        let left = try await host.engine.assistant(assistant.id, for: .trusted)
        #expect(
            left.toolResources == ["code_interpreter": ["file_ids": [.string(kept.id)]]])
        await host.close()
    }
}
