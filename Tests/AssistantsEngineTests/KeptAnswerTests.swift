import Assistants
import AssistantsEngine
import TestSupport
import Testing

@Suite("A request that is sent twice", .timeLimit(.minutes(5))) struct KeptAnswerTests {
    private func mark(
        _ key: String = "k", project: String = "team", path: String = "POST /v1/threads",
        body: UInt8 = 1
    ) -> RequestMark {
        RequestMark(project: project, key: key, path: path, bodyHash: [body])
    }

    private let answer = KeptAnswer(
        status: 200, contentType: "application/json", body: [0, 1, 255])

    @Test("gets the first answer, over a restart too, for a day")
    func answered() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        #expect(try await host.engine.claim(mark()) == .new)
        #expect(try await host.engine.claim(mark()) == .running)
        try await host.engine.keep(answer, for: mark())
        #expect(try await host.engine.claim(mark()) == .answered(answer))
        await host.close()
        let next = try await TestEngine(
            ScriptedModel([]), directory: host.directory, clock: host.clock)
        #expect(try await next.engine.claim(mark()) == .answered(answer))
        next.clock.advance(by: .seconds(86_399))
        #expect(try await next.engine.claim(mark()) == .answered(answer))
        next.clock.advance(by: .seconds(1))
        #expect(try await next.engine.claim(mark()) == .new)
        await next.close()
    }

    @Test("is told from one with another body, path, key or project")
    func different() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let engine = host.engine
        #expect(try await engine.claim(mark()) == .new)
        #expect(try await engine.claim(mark(body: 2)) == .different)
        try await engine.keep(answer, for: mark())
        #expect(try await engine.claim(mark(body: 2)) == .different)
        #expect(try await engine.claim(mark(path: "POST /v1/assistants")) == .different)
        #expect(try await engine.claim(mark("other")) == .new)
        #expect(try await engine.claim(mark(project: "other")) == .new)
        await host.close()
    }

    @Test("is new again where the first came to no answer")
    func released() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let engine = host.engine
        #expect(try await engine.claim(mark()) == .new)
        await engine.release(mark())
        #expect(try await engine.claim(mark()) == .new)
        // What another request lets go of is not this one.
        await engine.release(mark(body: 2))
        #expect(try await engine.claim(mark()) == .running)
        await host.close()
    }

    @Test("is carried out once, however many are sent at once")
    func atOnce() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let claims = try await withThrowingTaskGroup(of: RequestClaim.self) { group in
            for _ in 0..<50 {
                group.addTask { try await host.engine.claim(mark()) }
            }
            var claims: [RequestClaim] = []
            for try await claim in group { claims.append(claim) }
            return claims
        }
        #expect(claims.count { $0 == .new } == 1)
        #expect(claims.count { $0 == .running } == 49)
        await host.close()
    }
}
