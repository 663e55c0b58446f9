import Assistants
import AssistantsEngine
import TestSupport
import Testing

@Suite("A list of threads", .timeLimit(.minutes(5))) struct ThreadFilterTests {
    @Test("shows only those whose metadata has what is asked for, page by page")
    func metadata() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        func add(_ metadata: [String: String], for caller: Caller = .trusted) async throws {
            _ = try await host.engine.createThread(ThreadRequest(metadata: metadata), for: caller)
        }
        for place in 0..<5 {
            try await add(["user": "ann", "n": "\(place)"])
            try await add(["user": "bob"])
        }
        try await add([:])
        try await add(["user": "ann"], for: .project("team"))
        func numbers(
            _ metadata: [String: String], _ page: PageRequest = PageRequest(),
            for caller: Caller = .project(Caller.localProject)
        ) async throws -> [String?] {
            try await host.engine.threads(with: metadata, page, for: caller).data
                .map { $0.thread.metadata["n"] }
        }
        #expect(try await numbers(["user": "ann"]) == ["4", "3", "2", "1", "0"])
        #expect(try await numbers(["user": "ann", "n": "2"]) == ["2"])
        #expect(try await numbers(["user": "ann"], for: .trusted).count == 6)
        #expect(try await numbers(["user": "eve"]).isEmpty)
        #expect(try await numbers(["user": "' OR 1=1 --"]).isEmpty)
        let first = try await host.engine.threads(
            with: ["user": "bob"], PageRequest(limit: 2), for: .trusted)
        #expect(first.hasMore)
        let rest = try await host.engine.threads(
            with: ["user": "bob"], PageRequest(after: first.data[1].id), for: .trusted)
        #expect(rest.data.count == 3)
        await host.close()
    }
}
