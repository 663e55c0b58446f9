import Assistants
import AssistantsEngine
import TestSupport
import Testing

@Suite("Keys and projects", .timeLimit(.minutes(5))) struct KeyTests {
    private func hash(_ byte: UInt8) -> [UInt8] { Array(repeating: byte, count: 32) }

    @Test("open a project until they are taken back, and what was made stays")
    func life() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let engine = host.engine
        #expect(try await engine.caller(forKeyHash: hash(1)) == nil)
        let key = try await engine.createKey(
            hash: hash(1), hint: "…abcd", name: "laptop", project: "team")
        let other = try await engine.createKey(
            hash: hash(2), hint: "…efgh", name: "", project: "team")
        #expect(try await engine.caller(forKeyHash: hash(1)) == .project("team"))
        #expect(try await engine.caller(forKeyHash: hash(1)) == .project("team"))
        let thread = try await engine.createThread(ThreadRequest(), for: .project("team"))
        let revoked = try await engine.revokeKey(key.id)
        #expect(revoked.revokedAt == host.clock.seconds)
        #expect(try await engine.caller(forKeyHash: hash(1)) == nil)
        #expect(try await engine.caller(forKeyHash: hash(2)) == .project("team"))
        #expect(try await engine.keys(of: "team") == [revoked, other])
        #expect(try await engine.keys(of: "none").isEmpty)
        _ = try await engine.thread(thread.id, for: .project("team"))
        await host.close()
        let next = try await TestEngine(ScriptedModel([]), directory: host.directory)
        #expect(try await next.engine.caller(forKeyHash: hash(1)) == nil)
        #expect(try await next.engine.caller(forKeyHash: hash(2)) == .project("team"))
        await next.close()
    }

    @Test("are refused twice, for a project without a proper name, and when unknown")
    func refusals() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let engine = host.engine
        _ = try await engine.createKey(hash: hash(1), hint: "", name: "", project: "a")
        await expectError(400, code: "key_exists") {
            _ = try await engine.createKey(hash: hash(1), hint: "", name: "", project: "b")
        }
        #expect(try await engine.projects().map(\.id) == ["a"])
        for name in ["", "a b", "../a", String(repeating: "a", count: 65)] {
            await expectError(400) {
                _ = try await engine.createKey(hash: hash(3), hint: "", name: "", project: name)
            }
        }
        await expectError(404, "No key found with id 'key_x'.") {
            _ = try await engine.revokeKey("key_x")
        }
        await host.close()
    }

    @Test("know every project that has anything")
    func projects() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        _ = try await host.engine.createThread(ThreadRequest(), for: .trusted)
        host.clock.advance(by: .seconds(5))
        _ = try await host.engine.createKey(hash: hash(1), hint: "", name: "", project: "team")
        let projects = try await host.engine.projects()
        #expect(projects.map(\.id) == ["local", "team"])
        #expect(projects[1].createdAt == projects[0].createdAt + 5)
        await host.close()
    }

    @Test("have the tokens of a day counted, each run once")
    func tokens() async throws {
        let host = try await TestEngine(ScriptedModel(texts: "One two.", "Three."))
        _ = try await host.ask("Hello?")
        let first = try await host.engine.tokensUsedToday(by: "local")
        #expect(first == 12)
        _ = try await host.ask("Hello?")
        #expect(try await host.engine.tokensUsedToday(by: "local") == first + 11)
        #expect(try await host.engine.tokensUsedToday(by: "other") == 0)
        host.clock.advance(by: .seconds(86_400))
        #expect(try await host.engine.tokensUsedToday(by: "local") == 0)
        await host.close()
    }
}
