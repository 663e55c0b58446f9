import Assistants
import AssistantsEngine
import TestSupport
import Testing

@Suite("A run on the engine", .timeLimit(.minutes(5))) struct RunOrderTests {
    @Test("tells the recorded order of a plain text")
    func plainText() async throws {
        let engine = try await TestEngine(ScriptedModel(texts: "The sky is blue."))
        let events = try await engine.ask("What colour is the sky?")
        #expect(
            events.collapsedNames == [
                "thread.run.created", "thread.run.queued", "thread.run.in_progress",
                "thread.run.step.created", "thread.run.step.in_progress",
                "thread.message.created", "thread.message.in_progress", "thread.message.delta",
                "thread.message.completed", "thread.run.step.completed", "thread.run.completed",
                "done",
            ])
        await engine.close()
    }
}
