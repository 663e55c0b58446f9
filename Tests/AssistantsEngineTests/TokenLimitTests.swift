import Assistants
import AssistantsEngine
import TestSupport
import Testing

@Suite("A limit of tokens", .timeLimit(.minutes(5))) struct TokenLimitTests {
    @Test("of a run ends it before its next call, and bounds the answer before")
    func run() async throws {
        let model = ScriptedModel([
            ScriptedModel.calls(("f", "{}")), ScriptedModel.text("Never."),
        ])
        let host = try await TestEngine(model, limits: TokenLimits(run: 25))
        let assistant = try await host.assistant([.function(FunctionTool(name: "f"))])
        let thread = try await host.thread()
        _ = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
        ).all()
        #expect(model.requests[0].maxCompletionTokens == 25)
        let waiting = try #require(try await host.onlyRun(of: thread.id))
        _ = try await host.engine.streamToolOutputs(
            [ToolOutput(toolCallID: waiting.requiredAction[0].id, output: "1")], to: waiting.id,
            on: thread.id, for: .trusted
        ).all()
        let run = try #require(try await host.onlyRun(of: thread.id))
        #expect(run.status == .failed)
        #expect(run.lastError?.code == .rateLimitExceeded)
        #expect(run.lastError?.message.contains("25 tokens") == true)
        #expect(model.requests.count == 1)
        await host.close()
    }

    @Test("of a day lets no more runs begin, until the next day, and for that project alone")
    func day() async throws {
        let host = try await TestEngine(
            ScriptedModel([]), limits: TokenLimits(projectDay: 10))
        _ = try await host.ask("Hello?")
        await expectError(429, code: "rate_limit_exceeded") { _ = try await host.ask("More?") }
        let team = Caller.project("team")
        let assistant = try await host.engine.createAssistant(
            AssistantRequest(model: "scripted", instructions: "x"), for: team)
        _ = try await host.engine.createThreadAndRun(
            ThreadRequest(), RunRequest(assistantID: assistant.id), for: team)
        host.clock.advance(by: .seconds(86_400))
        _ = try await host.ask("More?")
        await host.close()
    }
}
