import Assistants
import AssistantsEngine
import FoundationEssentials
import Processes
import TestSupport
import Testing
import Wire

@Suite(
    "Code of runs in a sandbox", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: SandboxPresence.isPresent, "bubblewrap and python3 are needed"))
struct SandboxInterpreterTests {
    /// A call of the code interpreter, as the model's whole answer.
    private static func call(_ code: String) -> [ScriptedModel.Line] {
        [
            .say(
                .toolCall(
                    index: 0, id: nil, name: "code_interpreter",
                    arguments: (["code": .string(code)] as JSONValue).text)),
            .say(.finished(.toolCalls)),
        ]
    }

    private static func engine(
        _ model: ScriptedModel, in directory: String
    ) async throws -> TestEngine {
        var settings = KernelPool.Settings()
        settings.keepsSpare = false
        return try await TestEngine(
            model,
            interpreter: SandboxInterpreter(Sandbox(), settings: settings, directory: directory),
            directory: directory)
    }

    /// Asks on a thread, and gives what the code printed, call by call, and the last message.
    private static func ask(
        _ host: TestEngine, _ assistant: Assistant, on thread: Assistants.Thread.ID
    ) async throws -> (logs: [String], message: MessageText) {
        let events = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread, for: .trusted
        ).all()
        var logs: [String] = []
        var message = MessageText("")
        for event in events {
            switch event {
            case .step(.completed, let step):
                guard case .toolCalls(let calls) = step.details else { continue }
                for case .codeInterpreter(_, let outputs) in calls.map(\.kind) {
                    logs.append(
                        outputs.map { if case .logs(let text) = $0 { text } else { "" } }.joined())
                }
            case .message(.completed, let whole):
                if case .text(let text) = whole.content.last { message = text }
            default: break
            }
        }
        return (logs, message)
    }

    private static func content(_ host: TestEngine, _ id: File.ID) async throws -> String {
        var bytes: [UInt8] = []
        for try await piece in try await host.engine.fileContent(id, for: .trusted) {
            bytes += piece
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("keeps a file that a later answer names, and says once that what it defined is gone")
    func dayToDay() async throws {
        let directory = TestEngine.newDirectory()
        let link = ScriptedModel.text("See [a](sandbox:/mnt/data/a.csv).")
        let model = ScriptedModel([
            Self.call("x = open('/mnt/data/a.csv', 'w').write('1,2')"),
            Self.call("print('x is', x)"), ScriptedModel.text("Done."), link,
        ])
        let host = try await Self.engine(model, in: directory)
        let assistant = try await host.assistant([.codeInterpreter])
        let thread = try await host.thread().id
        let first = try await Self.ask(host, assistant, on: thread)
        #expect(first.logs == ["", "x is 3\n"] && first.message.annotations.isEmpty)
        let second = try await Self.ask(host, assistant, on: thread)
        guard case .filePath(let file)? = second.message.annotations.first?.target else {
            Issue.record("\(second)")
            return
        }
        #expect(second.logs.isEmpty)
        #expect(try await Self.content(host, file) == "1,2")
        await host.close()
        let code = "import os\nprint('x' in globals(), os.listdir('/mnt/data'))"
        let later = ScriptedModel([
            Self.call(code), Self.call(code), ScriptedModel.text("Gone."), link,
        ])
        let next = try await Self.engine(later, in: directory)
        let third = try await Self.ask(next, assistant, on: thread)
        #expect(
            third.logs == [
                "[Python was started anew: nothing is defined any more, and files that earlier "
                    + "code wrote are gone.]\nFalse []\n", "False []\n",
            ])
        // What is gone is no file any more that an answer could hand over.
        #expect(try await Self.ask(next, assistant, on: thread).message.annotations.isEmpty)
        let other = try await next.thread().id
        #expect(try await Self.ask(next, assistant, on: other).logs.isEmpty)
        await next.close()
    }

    @Test(
        "is stopped with its run, before the thread runs anything else",
        arguments: [
            ("signal.SIGINT", "True\n"),
            // What does not mind an interruption is killed half a second later.
            ("signal.SIG_IGN", "[Python was started anew: nothing is defined any more.]\nFalse\n"),
        ])
    func cancelled(handler: String, printed: String) async throws {
        let code = """
            import signal
            x = 1
            if "IGN" in "\(handler)": signal.signal(signal.SIGINT, signal.SIG_IGN)
            print("go")
            while True: pass
            """
        let model = ScriptedModel([
            Self.call(code), Self.call("print('x' in globals())"), ScriptedModel.text("Yes."),
        ])
        let host = try await Self.engine(model, in: TestEngine.newDirectory())
        let assistant = try await host.assistant([.codeInterpreter])
        let thread = try await host.thread().id
        let stream = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread, for: .trusted)
        var names: [String] = []
        for try await event in stream {
            names.append(event.name)
            guard case .stepDelta(let delta) = event, case .toolCalls(let calls) = delta.details,
                case .codeInterpreter(_, let outputs)? = calls.first?.kind, !outputs.isEmpty,
                let run = try await host.onlyRun(of: thread)
            else { continue }
            _ = try await host.engine.cancelRun(run.id, on: thread, for: .trusted)
        }
        #expect(names.suffix(2) == ["thread.run.cancelled", "done"])
        #expect(try await Self.ask(host, assistant, on: thread).logs == [printed])
        await host.close()
    }

    @Test("finds the files of assistant, thread and message under names that tell them apart")
    func inputs() async throws {
        let code = "import os\nprint({n: open(n).read() for n in sorted(os.listdir())})"
        let model = ScriptedModel([Self.call(code), ScriptedModel.text("Read.")])
        let host = try await Self.engine(model, in: TestEngine.newDirectory())
        var request = AssistantRequest(model: "scripted", tools: [.codeInterpreter])
        var files: [JSONValue] = []
        for (name, text) in [("data.csv", "1"), ("data.csv", "2"), ("../e\u{202E}vil\n.csv", "3")] {
            files.append(.string(try await host.file(name, text).id))
        }
        request.toolResources = ["code_interpreter": ["file_ids": [files[0]]]]
        let assistant = try await host.engine.createAssistant(request, for: .trusted)
        var thread = ThreadRequest()
        thread.toolResources = ["code_interpreter": ["file_ids": [files[1]]]]
        var message = MessageRequest("Read them.")
        message.attachments = [["file_id": files[2], "tools": [["type": "code_interpreter"]]]]
        thread.messages = [message]
        let made = try await host.engine.createThread(thread, for: .trusted)
        let heard = try await Self.ask(host, assistant, on: made.id)
        #expect(
            heard.logs == ["{'data-2.csv': '2', 'data.csv': '1', 'e_vil_.csv': '3'}\n"])
        let told = try #require(model.requests.first?.instructions)
        #expect(told.hasSuffix("Files there now: data-2.csv, data.csv, e_vil_.csv."))
        await host.close()
    }
}
