import Assistants
import AssistantsEngine
import TestSupport
import Testing

@Suite("The cost of a command") struct CostTests {
    @Test("is one write for a list or a version, and one a message for a thread") func writes()
        async throws
    {
        let home = try ProgramHome()
        let engine = try await Engine.open(directory: home.data, models: NoModels())
        var thread = ""
        for number in 0..<60 {
            thread = try await engine.createThread(ThreadRequest(), for: .trusted).id
            let message = MessageRequest("message \(number)")
            _ = try await engine.createMessage(message, in: thread, for: .trusted)
        }
        for number in 0..<20 {
            let message = MessageRequest("more \(number)")
            _ = try await engine.createMessage(message, in: thread, for: .trusted)
        }
        await engine.close()
        for (arguments, writes) in [
            (["--version"], 1), (["threads", "list"], 1), (["assistants", "list"], 1),
            (["models"], 1), (["threads", "show", thread], 21),
        ] {
            let clock = ContinuousClock()
            let start = clock.now
            let result = try await home.start(arguments, countsWrites: true).result().succeeded()
            print("switchboard \(arguments.joined(separator: " ")): \(clock.now - start)")
            #expect(result.outputPieces <= writes, "\(arguments)")
        }
    }
}
