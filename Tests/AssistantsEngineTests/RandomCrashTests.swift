import Assistants
import TestSupport
import Testing
import Wire

@testable import AssistantsEngine

@Suite("A crash at any moment", .timeLimit(LongForms.timeLimit)) struct RandomCrashTests {
    private static let tools: [Tool] = [
        .function(FunctionTool(name: "f")), .function(FunctionTool(name: "g")),
    ]

    @Test(
        "loses nothing that was acknowledged, and the run comes to its end",
        arguments: 0..<(LongForms.areAsked ? 200 : 12))
    func anyMoment(seed: Int) async throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let answers = (0..<4).map { _ in RandomWorld.answer(using: &generator) }
        let host = try await TestEngine(ScriptedModel(answers.map { $0.map { .say($0) } }))
        let assistant = try await host.assistant(Self.tools)
        let thread = try await host.thread("Q")
        let moment = Int.random(in: 1..<40, using: &generator)
        let (copy, told) = try await crash(host, assistant, thread, after: moment)
        await host.close()

        let next = try await TestEngine(
            ScriptedModel(texts: "Again.", "And again."), directory: copy)
        let run = try await end(next, on: thread)
        #expect(run.status.isTerminal)
        let steps = try await next.engine.steps(
            of: run.id, on: thread.id, PageRequest(limit: 100), for: .trusted)
        #expect(!steps.data.contains { $0.status == .inProgress })
        let messages = try await next.engine.messages(
            in: thread.id, run: nil, PageRequest(limit: 100, order: .ascending), for: .trusted)
        #expect(!messages.data.contains { $0.status == .inProgress })
        #expect(messages.data.first?.text == "Q")
        for message in told {
            #expect(messages.data.first { $0.id == message.id } == message)
        }
        for step in steps.data where step.runID != run.id { Issue.record("\(step)") }
        #expect(
            try await next.engine.runs(on: thread.id, PageRequest(), for: .trusted).data.count == 1)
        _ = try await next.engine.createMessage(
            MessageRequest("Next"), in: thread.id, for: .trusted)
        await next.close()
    }

    /// Runs up to a moment and gives the directory as it is then, and the messages that were told
    /// as closed before.
    private func crash(
        _ host: TestEngine, _ assistant: Assistant, _ thread: Assistants.Thread, after moment: Int
    ) async throws -> (String, [Message]) {
        var told: [Message] = []
        var count = 0
        var stream = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted)
        while true {
            for try await event in stream {
                count += 1
                if count == moment { return (try host.crashed(), told) }
                if case .message(let phase, let message) = event, phase != .created,
                    phase != .inProgress
                {
                    told.append(message)
                }
            }
            guard let next = try await host.answerCalls(on: thread) else { break }
            stream = next
        }
        return (try host.crashed(), told)
    }

    private func end(_ host: TestEngine, on thread: Assistants.Thread) async throws -> Run {
        while true {
            try Task.checkCancellation()
            let run = try #require(try await host.onlyRun(of: thread.id))
            if run.status.isTerminal { return run }
            if let stream = try await host.answerCalls(on: thread) { _ = try await stream.all() }
            await Task.yield()
        }
    }
}

extension TestEngine {
    /// Answers the calls that wait, if any do; gives the stream that follows.
    func answerCalls(on thread: Assistants.Thread) async throws -> AssistantEventStream? {
        guard let run = try await onlyRun(of: thread.id), run.status == .requiresAction else {
            return nil
        }
        return try await engine.streamToolOutputs(
            run.requiredAction.map { ToolOutput(toolCallID: $0.id, output: "1") }, to: run.id,
            on: thread.id, for: .trusted)
    }
}
