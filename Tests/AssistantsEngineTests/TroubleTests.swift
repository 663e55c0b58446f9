import Assistants
import Events
import GRDB
import TestSupport
import Testing

@testable import AssistantsEngine

@Suite("A run in trouble", .timeLimit(.minutes(5))) struct TroubleTests {
    @Test("says that the disk is full, and ends as soon as there is room")
    func fullDisk() async throws {
        let big = String(repeating: "x", count: 300_000)
        let model = ScriptedModel([
            [.say(.text("The ")), .wait, .say(.text(big)), .say(.finished(.stop))]
        ])
        let host = try await TestEngine(model)
        let assistant = try await host.assistant()
        let thread = try await host.thread("Q")
        var stream = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
        ).makeAsyncIterator()
        while let event = try await stream.next() {
            if case .messageDelta = event { break }
        }
        let pages = try await host.limitPages(to: nil)
        model.goOn()
        var last: AssistantEvent?
        while let event = try await stream.next() { last = event }
        guard case .error(let error) = last else {
            Issue.record("The stream ended with \(last?.name ?? "nothing")")
            return
        }
        #expect(error.code == "storage_full")
        #expect(error.message.contains("disk is full"))
        let watcher = host.engine.events.subscribe(merges: false)
        _ = try await host.limitPages(to: pages + 1000)
        try await until {
            // The deadline sleeps, and the loop until it tries again.
            if host.clock.sleeperCount > 1 { host.clock.advance(by: RunLoop.retryInterval) }
            return try await host.onlyRun(of: thread.id)?.status.isTerminal == true
        }
        let run = try await host.ended(on: thread.id)
        // The answer had come to its end; only its record was late.
        #expect(run.status == .completed)
        #expect(await watcher.untilDone().last == "done")
        _ = try await host.engine.createMessage(
            MessageRequest("More"), in: thread.id, for: .trusted)
        await host.close()
    }

    @Test("leaves out the middle of a thread that proves too long, once")
    func contextOverflow() async throws {
        let overflow = ModelError(.contextOverflow(prompt: 200, context: 100), "Too long.")
        let model = ScriptedModel([])
        model.refuse([overflow])
        let host = try await TestEngine(model)
        let assistant = try await host.assistant()
        var request = ThreadRequest()
        request.messages = (0..<10).map { MessageRequest("message \($0)") }
        let thread = try await host.engine.createThread(request, for: .trusted)
        let events = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
        ).all()
        #expect(events.collapsedNames.suffix(2) == ["thread.run.completed", "done"])
        #expect(model.requests.map(\.messages.count) == [10, 4])
        #expect(model.requests.last?.texts.last == "message 9")

        model.refuse([overflow, overflow])
        _ = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
        ).all()
        let run = try #require(try await host.onlyRun(of: thread.id))
        #expect(run.lastError == RunError(code: .invalidPrompt, message: "Too long."))
        await host.close()
    }

    @Test("is cancelled although its model does not even answer the call")
    func hangingModel() async throws {
        let host = try await TestEngine(ScriptedModel([[.wait]]))
        let assistant = try await host.assistant()
        let thread = try await host.thread("Q")
        let run = try await host.engine.createRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted)
        _ = try await host.engine.cancelRun(run.id, on: thread.id, for: .trusted)
        #expect(try await host.ended(on: thread.id).status == .cancelled)
        await host.close()
    }
}

extension TestEngine {
    /// Sets how many pages the store may have, nil for those it has; gives how many it may.
    func limitPages(to pages: Int?) async throws -> Int {
        try await engine.store.write { db in
            let now = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            return try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages ?? now)") ?? 0
        }
    }
}
