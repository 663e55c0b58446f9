import Assistants
import AssistantsEngine
import FoundationEssentials
import Glibc
import Processes
import TestSupport
import Testing

@testable import AssistantsEngine

@Suite("A command that answers calls", .timeLimit(.minutes(2))) struct FunctionCommandTests {
    private static let tools: [Tool] = [
        .function(FunctionTool(name: "f")), .function(FunctionTool(name: "g")),
    ]

    private func host(
        _ commands: [String: FunctionCommand], calls: (String, String)...
    ) async throws -> (TestEngine, ScriptedModel) {
        let lines = calls.enumerated().map { number, call in
            ScriptedModel.Line.say(
                .toolCall(index: number, id: "call_\(number)", name: call.0, arguments: call.1))
        }
        let model = ScriptedModel([
            lines + [.say(.finished(.toolCalls))], ScriptedModel.text("Done."),
        ])
        return (try await TestEngine(model, commands: commands), model)
    }

    private func outputs(_ model: ScriptedModel) -> [String] {
        model.requests.last?.messages.compactMap {
            if case .tool(_, let output) = $0 { output } else { nil }
        } ?? []
    }

    private func shell(
        _ script: String, consent: FunctionCommand.Consent = .always, limit: Int = 1000
    ) -> FunctionCommand {
        FunctionCommand(["sh", "-c", script], consent: consent, outputLimit: limit)
    }

    @Test("gets the arguments as they are, and its output goes to the model; calls run together")
    func answers() async throws {
        let folder = TestEngine.newDirectory()
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // Each waits for the other: one after the other they would never end.
        let meet = "touch \(folder)/$1; until [ -e \(folder)/$2 ]; do :; done; cat"
        let (host, model) = try await host(
            [
                "f": FunctionCommand(["sh", "-c", meet, "f", "a", "b"], consent: .always),
                "g": FunctionCommand(["sh", "-c", meet, "g", "b", "a"], consent: .always),
            ], calls: ("f", "{\"x\": \"$(id) ü\"}"), ("g", "not JSON"))
        let events = try await host.ask("Go", tools: Self.tools)
        #expect(events.collapsedNames.suffix(2) == ["thread.run.completed", "done"])
        #expect(outputs(model) == ["{\"x\": \"$(id) ü\"}", "not JSON"])
        let told = events.compactMap { event -> String? in
            guard case .stepDelta(let delta) = event, case .toolCalls(let calls) = delta.details,
                case .function(_, _, let output?)? = calls.first?.kind
            else { return nil }
            return output
        }
        #expect(Set(told) == Set(outputs(model)))
        await host.close()
    }

    @Test("has no keys in its environment, and no descriptor but its own")
    func environment() async throws {
        let names = ["SOME_API_KEY", "some_key_2", "GITHUB_TOKEN", "DB_PASS", "PGPASSWORD"]
        for name in names { setenv(name, "secret", 1) }
        defer { for name in names { unsetenv(name) } }
        let (host, model) = try await host(
            ["f": shell("env; ls /proc/self/fd | wc -l", limit: 100_000)], calls: ("f", "{}"))
        _ = try await host.ask("Go", tools: Self.tools)
        let output = outputs(model).first ?? ""
        #expect(!output.contains("secret") && output.hasSuffix("4\n"), "\(output)")
        #expect(output.contains("PATH="))
        await host.close()
    }

    @Test(
        "that fails, says too much or is not there is told to the model",
        arguments: [
            ("echo half; echo why >&2; exit 3", "it ended with status 3.\nwhy\n\nhalf\n"),
            ("yes", "it said more than 1000 bytes"), ("kill -9 $$", "signal 9 ended it"),
        ])
    func troubles(script: String, says: String) async throws {
        let (host, model) = try await host(["f": shell(script)], calls: ("f", "{}"))
        _ = try await host.ask("Go", tools: Self.tools)
        #expect(outputs(model).first?.contains(says) == true, "\(outputs(model))")
        await host.close()
        let (other, otherModel) = try await self.host(
            ["f": FunctionCommand(["/no/such/program"], consent: .always)], calls: ("f", "{}"))
        _ = try await other.ask("Go", tools: Self.tools)
        #expect(outputs(otherModel).first?.contains("was not found") == true)
        await other.close()
    }

    @Test(
        "is not run where it is to be asked for, or never",
        arguments: [FunctionCommand.Consent.ask, .never])
    func consent(consent: FunctionCommand.Consent) async throws {
        let mark = TestEngine.newDirectory()
        let (host, _) = try await host(
            ["f": shell("touch \(mark)", consent: consent)], calls: ("f", "{}"))
        let events = try await host.ask("Go", tools: Self.tools)
        #expect(events.collapsedNames.suffix(2) == ["thread.run.requires_action", "done"])
        #expect(!FileManager.default.fileExists(atPath: mark))
        await host.close()
    }

    @Test("may write before it has read all that it is given")
    func large() async {
        let input = String(repeating: "0123456789abcdef", count: 1 << 18)
        let command = FunctionCommand(["cat"], outputLimit: 8 << 20)
        let output = await command.run(input) { try await Task.sleep(for: $0) }
        #expect(output == input)
    }

    @Test("runs beside a call that waits for somebody else") func mixed() async throws {
        let (host, model) = try await host(
            ["f": shell("echo mine")], calls: ("f", "{}"), ("g", "{}"))
        let assistant = try await host.assistant(Self.tools)
        let thread = try await host.thread()
        _ = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
        ).all()
        let run = try #require(try await host.onlyRun(of: thread.id))
        #expect(run.requiredAction.map(\.id) == ["call_1"])
        _ = try await host.engine.submitToolOutputs(
            [ToolOutput(toolCallID: "call_1", output: "yours")], to: run.id, on: thread.id,
            for: .trusted)
        try await until {
            try await host.onlyRun(of: thread.id)?.status == .completed
        }
        #expect(outputs(model) == ["mine\n", "yours"])
        await host.close()
    }

    @Test("is ended with its run, and with all that it started") func cancelled() async throws {
        let mark = TestEngine.newDirectory()
        let (host, _) = try await host(
            ["f": shell("sleep 1000 & echo $! > \(mark).new; mv \(mark).new \(mark); wait")],
            calls: ("f", "{}"))
        let assistant = try await host.assistant(Self.tools)
        let thread = try await host.thread()
        let run = try await host.engine.createRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted)
        try await until { FileManager.default.fileExists(atPath: mark) }
        let process = try String(contentsOf: URL(filePath: mark), encoding: .utf8)
            .filter(\.isNumber)
        _ = try await host.engine.cancelRun(run.id, on: thread.id, for: .trusted)
        try await until { try await host.onlyRun(of: thread.id)?.status == .cancelled }
        try await until { !FileManager.default.fileExists(atPath: "/proc/\(process)/fd/0") }
        await host.close()
    }

    @Test("that was at work when the program died is told, and never run again") func lost() {
        var trace = MachineTrace(
            RunMachine(
                Run(
                    id: "run_1", createdAt: 1, assistantID: "asst_1", threadID: "thread_1",
                    model: "m", tools: Self.tools), commands: ["f"]))
        trace.take(.started)
        trace.answer([
            .toolCall(index: 0, id: "call_f", name: "f", arguments: "{}"),
            .toolCall(index: 1, id: "call_g", name: "g", arguments: "{}"), .finished(.toolCalls),
        ])
        let orders = trace.actions.filter { if case .runFunction = $0 { true } else { false } }
        #expect(orders.count == 1)
        let before = trace.machine
        var next = MachineTrace(
            RunMachine(
                before.run, steps: before.transcript.steps,
                memory: RunMemory(json: before.memory.json), commands: ["f"]))
        next.take(.recovered(interruptions: 1))
        #expect(!next.actions.contains { if case .runFunction = $0 { true } else { false } })
        let told = next.calls.last?.conversation.compactMap {
            if case .tool(_, let output) = $0 { output } else { nil }
        }
        #expect(told?.first == RunMachine.lostCall && told?.count == 2)
        #expect(next.names == ["thread.run.step.completed"])
    }
}
