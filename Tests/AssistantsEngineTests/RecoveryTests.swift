import Assistants
import FoundationEssentials
import TestSupport
import Testing

@testable import AssistantsEngine

/// A crash is the directory as it lies there while the engine runs: it is copied, and the copy is
/// opened.
@Suite("A crash of the host", .timeLimit(.minutes(5))) struct RecoveryTests {
    /// Runs until the model waits, and until what it said is in the store.
    private func interrupted(
        _ model: ScriptedModel, tools: [Tool] = []
    ) async throws -> (TestEngine, Assistants.Thread) {
        let host = try await TestEngine(model)
        let assistant = try await host.assistant(tools)
        let thread = try await host.thread("Q")
        let stream = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted)
        for try await event in stream {
            if case .messageDelta(let delta) = event,
                delta == MessageDelta(id: delta.id, text: "sky")
            {
                break
            }
        }
        // The deadline and the timer of the growing message.
        try await until { host.clock.sleeperCount > 1 }
        host.clock.advance(by: RunLoop.saveInterval)
        try await until { try await host.texts(of: thread.id).last == "The sky" }
        return (host, thread)
    }

    @Test("keeps the partial message as incomplete, and the run comes to its end")
    func partialMessage() async throws {
        let (host, thread) = try await interrupted(
            ScriptedModel([[.say(.text("The ")), .say(.text("sky")), .wait]]))
        let copy = try host.crashed()
        await host.close()
        let model = ScriptedModel(texts: "The sky is blue.")
        let next = try await TestEngine(model, directory: copy)
        let run = try await next.ended(on: thread.id)
        #expect(run.status == .completed)
        #expect(try await next.texts(of: thread.id) == ["Q", "The sky", "The sky is blue."])
        #expect(model.requests.map(\.texts) == [["Q"]])
        _ = try await next.engine.createMessage(
            MessageRequest("More"), in: thread.id, for: .trusted)
        await next.close()
    }

    @Test("finds what grew after it was stored once")
    func growth() async throws {
        let model = ScriptedModel([
            [.say(.text("The ")), .say(.text("sky")), .wait, .say(.text(" is")), .wait]
        ])
        let (host, thread) = try await interrupted(model)
        model.goOn()
        try await until { host.clock.sleeperCount > 1 }
        host.clock.advance(by: RunLoop.saveInterval)
        try await until { try await host.texts(of: thread.id).last == "The sky is" }
        await host.close()
    }

    @Test("gives a run up after the third time")
    func thirdTime() async throws {
        let script: [ScriptedModel.Line] = [.say(.text("The ")), .say(.text("sky")), .wait]
        var (host, thread) = try await interrupted(ScriptedModel([script]))
        for crash in 1...3 {
            let copy = try host.crashed()
            await host.close()
            host = try await TestEngine(ScriptedModel([script]), directory: copy)
            if crash == 3 { break }
            let next = host
            try await until { try await next.onlyRun(of: thread.id)?.status == .inProgress }
        }
        let run = try await host.ended(on: thread.id)
        #expect(run.status == .failed)
        #expect(run.lastError?.message.contains("3 times") == true)
        await host.close()
    }

    @Test("is no interruption when the host said good-bye")
    func goodBye() async throws {
        let script: [ScriptedModel.Line] = [.say(.text("The ")), .say(.text("sky")), .wait]
        var (host, thread) = try await interrupted(ScriptedModel([script]))
        for _ in 1...5 {
            await host.close()
            let copy = try host.crashed()
            host = try await TestEngine(ScriptedModel([script]), directory: copy)
        }
        #expect(try await host.onlyRun(of: thread.id)?.status == .inProgress)
        await host.close()
    }

    @Test("leaves a run waiting for its outputs, which can be given after")
    func requiresAction() async throws {
        let host = try await TestEngine(
            ScriptedModel([ScriptedModel.calls(("weather", "{}"))]))
        let assistant = try await host.assistant([EngineRunTests.function])
        let thread = try await host.thread("Q")
        _ = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
        ).all()
        let copy = try host.crashed()
        await host.close()
        let next = try await TestEngine(ScriptedModel(texts: "Rain."), directory: copy)
        let run = try #require(try await next.onlyRun(of: thread.id))
        #expect(run.status == .requiresAction)
        let events = try await next.engine.streamToolOutputs(
            [ToolOutput(toolCallID: "call_0", output: "rain")], to: run.id, on: thread.id,
            for: .trusted
        ).all()
        #expect(events.collapsedNames.suffix(2) == ["thread.run.completed", "done"])
        await next.close()
    }

    @Test("expires a run that waited beyond its deadline")
    func passedDeadline() async throws {
        let host = try await TestEngine(
            ScriptedModel([ScriptedModel.calls(("weather", "{}"))]))
        let assistant = try await host.assistant([EngineRunTests.function])
        let thread = try await host.thread("Q")
        _ = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
        ).all()
        let copy = try host.crashed()
        await host.close()
        let clock = ManualClock(seconds: host.clock.seconds + 601)
        let next = try await TestEngine(ScriptedModel([]), directory: copy, clock: clock)
        #expect(try await next.ended(on: thread.id).status == .expired)
        await next.close()
    }

    @Test("loses no acknowledged message")
    func acknowledged() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let thread = try await host.thread("0")
        for index in 1...8 {
            _ = try await host.engine.createMessage(
                MessageRequest("\(index)"), in: thread.id, for: .trusted)
            let copy = try host.crashed()
            let next = try await TestEngine(ScriptedModel([]), directory: copy)
            #expect(try await next.texts(of: thread.id) == (0...index).map { "\($0)" })
            await next.close()
        }
        await host.close()
    }

    @Test("leaves the old host unable to write to its run")
    func fencing() async throws {
        let (host, thread) = try await interrupted(
            ScriptedModel([
                [.say(.text("The ")), .say(.text("sky")), .wait, .say(.text(" is red"))]
            ]))
        // Another host takes the run over behind the first one's back.
        let records = try await host.engine.store.write {
            try $0.claimActiveRuns(lease: 0)
        }
        #expect(records.map(\.attempt) == [2])
        let run = try #require(try await host.onlyRun(of: thread.id))
        _ = try? await host.engine.cancelRun(run.id, on: thread.id, for: .trusted)
        #expect(try await host.onlyRun(of: thread.id)?.status == .inProgress)
        await host.close()
    }
}

extension TestEngine {
    /// The directory as a crash at this moment would leave it.
    func crashed() throws -> String {
        let copy = Self.newDirectory()
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        // The log of a test is too short for SQLite to move it into the file meanwhile.
        for name in try FileManager.default.contentsOfDirectory(atPath: directory).sorted() {
            // The shared memory belongs to the processes that are gone.
            if name.hasSuffix("-shm") { continue }
            try FileManager.default.copyItem(
                atPath: directory + "/" + name, toPath: copy + "/" + name)
        }
        return copy
    }

    /// The texts of a thread's messages, oldest first.
    func texts(of thread: Assistants.Thread.ID) async throws -> [String] {
        try await engine.messages(
            in: thread, run: nil, PageRequest(limit: 100, order: .ascending), for: .trusted
        ).data.map(\.text)
    }

    /// Waits until the newest run has ended.
    func ended(on thread: Assistants.Thread.ID) async throws -> Run {
        while true {
            try Task.checkCancellation()
            if let run = try await onlyRun(of: thread), run.status.isTerminal { return run }
            await Task.yield()
        }
    }
}
