import Assistants
import TestSupport
import Testing
import Wire

@testable import Console

@Suite("A file of this machine")
struct LocalFileTests {
    private func problem(_ path: [UInt8]) -> String? {
        do throws(LocalFile.Problem) {
            _ = try LocalFile(path: path)
            return nil
        } catch {
            return error.message
        }
    }

    @Test("is an ordinary file, or refused with a sentence, without waiting")
    func kinds() throws {
        let files = try TestFiles()
        files.write("a.csv", "1,2")
        files.makeFolder("sub")
        files.makePipe("pipe")
        #expect(try LocalFile(path: files.bytes("a.csv")).facts.size == 3)
        #expect(problem(files.bytes("no.csv")) == "no.csv is not there.")
        #expect(problem(files.bytes("a.csv/b")) == "b is not there.")
        #expect(problem(files.bytes("sub")) == "sub is a folder; only files can be attached.")
        #expect(
            problem(files.bytes("pipe")) == "pipe is no ordinary file and cannot be attached.")
        #expect(
            problem(Array("/dev/zero".utf8))
                == "zero is no ordinary file and cannot be attached.")
        #expect(problem([]) == "There is no file of this name.")
        #expect(problem([0x61, 0]) == "There is no file of this name.")
    }

    @Test(
        "is a picture by what it holds",
        arguments: [
            ([0x89, 0x50, 0x4E, 0x47, 1], true), ([0xFF, 0xD8, 0xFF], true),
            (Array("GIF89a".utf8), true), (Array("RIFF1234WEBP".utf8), true),
            (Array("RIFF1234WAVE".utf8), false), ([], false), ([0x89], false),
        ] as [([UInt8], Bool)])
    func pictures(bytes: [UInt8], isPicture: Bool) throws {
        let files = try TestFiles()
        files.write("x.png", bytes)
        #expect(try LocalFile(path: files.bytes("x.png")).facts.isPicture == isPicture)
    }

    private func results(
        of sending: Sending, on service: ScriptedService
    ) async -> [EffectResult] {
        let runner = EffectRunner(service: service, options: ConsoleOptions())
        runner.perform(.send(sending))
        runner.finish()
        await runner.run()
        return runner.takeResults()
    }

    private func sending(_ files: [AttachedFile], tools: [Tool] = [.codeInterpreter]) -> Sending {
        Sending(
            threadID: "", number: 7, text: "Look.", assistantID: "asst_1",
            deadline: .seconds(60), files: files, fileTools: tools)
    }

    @Test("is uploaded before its message is made, pictures as parts of it")
    func upload() async throws {
        let files = try TestFiles()
        files.write("a.csv", "1,2")
        files.write("p.png", [0x89, 0x50, 0x4E, 0x47, 1])
        let service = ScriptedService(assistants: [Stage.analyst])
        let attached = ["a.csv", "p.png"].map { AttachedFile(path: files.bytes($0)) }
        let results = await results(of: sending(attached), on: service)
        #expect(
            service.calls.prefix(4) == [
                "createFile", "createFile", "createThread", "createMessage",
            ])
        #expect(service.files.map(\.purpose) == ["assistants", "vision"])
        #expect(service.files.map(\.filename) == ["a.csv", "p.png"])
        #expect(service.bytes(of: service.files[0].id) == Array("1,2".utf8))
        let thread = try #require(service.threads.first)
        let message = try #require(service.messages(in: thread.id).first)
        #expect(message.text == "Look." && message.content.count == 2)
        #expect(
            message.content.last == .imageFile(fileID: service.files[1].id, detail: nil))
        #expect(
            message.attachments == [
                [
                    "file_id": .string(service.files[0].id),
                    "tools": [["type": "code_interpreter"]],
                ]
            ])
        guard case .uploaded(_, _, number: 7, place: 0)? = results.first else {
            Issue.record("other results: \(results)")
            return
        }
    }

    @Test("that is not there keeps everything from being sent, and leaves nothing behind")
    func missing() async throws {
        let files = try TestFiles()
        files.write("a.csv", "1,2")
        let service = ScriptedService(assistants: [Stage.analyst])
        let attached = ["a.csv", "gone.csv"].map { AttachedFile(path: files.bytes($0)) }
        let results = await results(of: sending(attached), on: service)
        guard case .sendingFailed(7, "", .files, "gone.csv is not there.")? = results.last else {
            Issue.record("other results: \(results)")
            return
        }
        #expect(service.calls.isEmpty)
    }

    @Test("is not uploaded twice where it is as it was")
    func again() async throws {
        let files = try TestFiles()
        files.write("a.csv", "1,2")
        let service = ScriptedService(assistants: [Stage.analyst])
        service.fail("createThread", with: APIError(status: 500, message: "It broke."))
        var file = AttachedFile(path: files.bytes("a.csv"))
        for case .uploaded(let uploaded, let facts, _, _) in await results(
            of: sending([file]), on: service)
        {
            (file.fileID, file.facts) = (uploaded.id, facts)
        }
        service.fail("createThread", with: nil)
        _ = await results(of: sending([file]), on: service)
        #expect(service.files.count == 1)
        #expect(service.threads.count == 1)
        files.write("a.csv", "1,2,3")
        _ = await results(of: sending([file]), on: service)
        #expect(service.files.map(\.byteCount) == [3, 5])
    }

    @Test("is refused by a service or for an assistant that has no use for it")
    func refused() async throws {
        let files = try TestFiles()
        files.write("a.csv", "1,2")
        let service = ScriptedService(assistants: [Stage.analyst])
        let file = AttachedFile(path: files.bytes("a.csv"))
        for case .sendingFailed(_, _, let step, let text) in await results(
            of: sending([file], tools: []), on: service)
        {
            #expect(step == .files && text.contains("neither runs code nor searches files"))
        }
        service.fail("createFile", with: APIError(status: 413, message: "Too large."))
        let results = await results(of: sending([file]), on: service)
        guard case .sendingFailed(_, _, .files, let text)? = results.last else {
            Issue.record("other results: \(results)")
            return
        }
        #expect(text == "a.csv could not be uploaded: Too large.")
    }
}
