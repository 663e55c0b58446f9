import Assistants
import Events
import TestSupport
import Testing

@testable import AssistantsEngine

@Suite("Someone who begins to watch in the middle of a run", .timeLimit(.minutes(5)))
struct WatchingTests {
    @Test("has all of it after it was told again, merged or not", arguments: [true, false])
    func retell(merges: Bool) async throws {
        let model = ScriptedModel([
            [
                .say(.text("The ")), .say(.text("sky ")), .wait, .say(.text("is blue.")),
                .say(.finished(.stop)),
            ]
        ])
        let host = try await TestEngine(model)
        let assistant = try await host.assistant()
        let thread = try await host.thread("Q")
        var stream = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
        ).makeAsyncIterator()
        var full = Transcript()
        while full.messages.last?.text != "The sky ", let event = try await stream.next() {
            full.apply(event)
        }
        let mailbox = host.engine.events.subscribe(merges: merges)
        try await host.engine.retellRun(on: thread.id, for: .trusted)
        var late = Transcript()
        var isOver = false
        while !isOver, let batch = await mailbox.next() {
            for event in batch {
                guard case .run(let event) = event.kind else { continue }
                late.apply(event)
                isOver = event == .done
            }
            if late.messages.last?.text == "The sky " { model.goOn() }
        }
        while let event = try await stream.next() { full.apply(event) }
        #expect(late.messages == full.messages)
        #expect(late.steps == full.steps)
        #expect(late.runs == full.runs)
        #expect(late.faults == [])
        await host.close()
    }

    @Test("is told nothing where no run is active, and nothing of another project")
    func nothing() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let thread = try await host.thread("Q")
        let mailbox = host.engine.events.subscribe()
        try await host.engine.retellRun(on: thread.id, for: .trusted)
        #expect(mailbox.count == 0)
        await expectError(404) {
            try await host.engine.retellRun(on: thread.id, for: .project("other"))
        }
        await host.close()
    }
}
