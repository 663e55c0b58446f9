import Assistants
import AssistantsEngine
import TestSupport
import Testing
import Wire

@Suite("Code in a run", .timeLimit(.minutes(5))) struct CodeRunTests {
    private func model(_ code: String..., answer: String) -> ScriptedModel {
        ScriptedModel(
            code.enumerated().map { number, code in
                [
                    .say(
                        .toolCall(
                            index: 0, id: "call_\(number)", name: "code_interpreter",
                            arguments: (["code": .string(code)] as JSONValue).text)),
                    .say(.finished(.toolCalls)),
                ]
            } + [ScriptedModel.text(answer)])
    }

    private func messages(_ host: TestEngine, _ run: Run) async throws -> [Message] {
        try await host.engine.messages(
            in: run.threadID, run: run.id, PageRequest(order: .ascending), for: .trusted
        ).data
    }

    private func content(_ host: TestEngine, _ id: File.ID) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in try await host.engine.fileContent(id, for: .trusted) {
            bytes += piece
        }
        return bytes
    }

    @Test("becomes logs, a picture in the message, and a file behind a link")
    func whole() async throws {
        let interpreter = ScriptedInterpreter(
            [
                .printed("45"), .printed("\n"), .drew([0x89, 0x50, 0x4E, 0x47]),
                .finished(files: ["out/a.csv", "b.csv"]),
            ], files: ["out/a.csv": "1,2"])
        let host = try await TestEngine(
            model("print(45)", answer: "[a](sandbox:/mnt/data/out/a.csv)"),
            interpreter: interpreter)
        let events = try await host.ask("Sum?", tools: [.codeInterpreter])
        guard case .run(.completed, let run)? = events.last(where: { $0.name.contains("run.c") })
        else {
            Issue.record("\(events.collapsedNames)")
            return
        }
        #expect(interpreter.runs.map(\.code) == ["print(45)"])
        let message = try #require(try await messages(host, run).last)
        guard case .imageFile(let picture, _) = message.content.first,
            case .text(let text) = message.content.last,
            case .filePath(let file)? = text.annotations.first?.target
        else {
            Issue.record("\(message.content)")
            return
        }
        #expect(try await content(host, picture) == [0x89, 0x50, 0x4E, 0x47])
        #expect(try await content(host, file) == Array("1,2".utf8))
        let made = try await host.engine.file(file, for: .trusted)
        #expect(made.filename == "a.csv" && made.purpose == "assistants_output")
        let all = try await host.engine.files(
            PageRequest(), purpose: "assistants_output", for: .trusted)
        #expect(all.data.count == 2, "what no message names is not kept")
        _ = try await host.engine.deleteThread(run.threadID, for: .trusted)
        #expect(interpreter.forgotten == [run.threadID])
        await host.close()
    }

    @Test("finds the files of the assistant, the thread and the message") func inputs() async throws
    {
        let interpreter = ScriptedInterpreter([.finished(files: [])])
        let model = model("open('a.txt')", answer: "Read.")
        let host = try await TestEngine(model, interpreter: interpreter)
        var files: [File] = []
        for name in ["a.txt", "b.txt", "c.txt"] { files.append(try await host.file(name, name)) }
        var request = AssistantRequest(model: "scripted", tools: [.codeInterpreter])
        request.toolResources = ["code_interpreter": ["file_ids": [.string(files[0].id)]]]
        let assistant = try await host.engine.createAssistant(request, for: .trusted)
        var thread = ThreadRequest()
        thread.toolResources = ["code_interpreter": ["file_ids": [.string(files[1].id)]]]
        var message = MessageRequest("Read them.")
        message.attachments = [
            ["file_id": .string(files[2].id), "tools": [["type": "code_interpreter"]]]
        ]
        thread.messages = [message]
        let made = try await host.engine.createThread(thread, for: .trusted)
        _ = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: made.id, for: .trusted
        ).all()
        #expect(interpreter.runs.first?.inputs.map(\.id) == files.map(\.id))
        #expect(interpreter.runs.first?.inputs.map(\.name) == ["a.txt", "b.txt", "c.txt"])
        #expect(
            model.requests.first?.instructions.contains("a.txt, b.txt, c.txt") == true)
        await host.close()
    }

    @Test("that nobody can run says why, and the run goes on") func off() async throws {
        let host = try await TestEngine(model("1", answer: "I could not run it."))
        let events = try await host.ask("Sum?", tools: [.codeInterpreter])
        #expect(events.collapsedNames.suffix(2) == ["thread.run.completed", "done"])
        let logs = events.compactMap { event -> String? in
            guard case .stepDelta(let delta) = event, case .toolCalls(let calls) = delta.details,
                case .codeInterpreter(_, let outputs)? = calls.first?.kind,
                case .logs(let text)? = outputs.first?.output
            else { return nil }
            return text
        }
        #expect(logs == ["The code interpreter is off here."])
        await host.close()
    }

    @Test("that goes on for ever is stopped with its run, and one that vanishes is told")
    func stopping() async throws {
        let interpreter = ScriptedInterpreter([.printed("tick")], [])
        let host = try await TestEngine(
            model("while True: pass", answer: "Never."), interpreter: interpreter)
        let assistant = try await host.assistant([.codeInterpreter])
        let thread = try await host.thread()
        let stream = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted)
        var names: [String] = []
        for try await event in stream {
            names.append(event.name)
            guard case .stepDelta(let delta) = event, case .toolCalls(let calls) = delta.details,
                case .codeInterpreter(_, let outputs)? = calls.first?.kind, !outputs.isEmpty,
                let run = try await host.onlyRun(of: thread.id)
            else { continue }
            _ = try await host.engine.cancelRun(run.id, on: thread.id, for: .trusted)
        }
        #expect(names.suffix(2) == ["thread.run.cancelled", "done"])
        try await until { interpreter.isStopped }
        let other = try await TestEngine(
            model("1", answer: "Gone."), interpreter: ScriptedInterpreter([]))
        let events = try await other.ask("Sum?", tools: [.codeInterpreter])
        #expect(events.collapsedNames.suffix(2) == ["thread.run.completed", "done"])
        await host.close()
        await other.close()
    }
}
