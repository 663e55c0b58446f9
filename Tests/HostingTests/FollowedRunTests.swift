import Assistants
import Events
import Testing
import Wire

@testable import Hosting

@Suite("A run that another process carries on") struct FollowedRunTests {
    private static func run(_ status: String) throws -> Run {
        try Run(
            json: [
                "id": "run_1", "object": "thread.run", "thread_id": "thread_1",
                "status": .string(status),
            ])
    }

    private static func step(_ status: StepStatus) -> RunStep {
        RunStep(
            id: "step_1", createdAt: 1, runID: "run_1", assistantID: nil, threadID: "thread_1",
            status: status,
            details: .toolCalls([
                ToolCall(
                    id: "call_1", kind: .function(name: "f", arguments: "{}", output: nil))
            ]))
    }

    @Test("ends with its answer, however late it is told that it waited for outputs")
    func leftOver() async throws {
        let before: [AssistantEvent] = [
            .run(.inProgress, try Self.run("in_progress")),
            .step(.created, Self.step(.inProgress)),
            .run(.requiresAction, try Self.run("requires_action")), .done,
        ]
        let after: [AssistantEvent] = [
            .step(.completed, Self.step(.completed)), .run(.queued, try Self.run("queued")),
            .run(.completed, try Self.run("completed")), .done,
        ]
        // However much of it was told before the outputs were given.
        for passed in 0...before.count {
            let bus = EventBus<ServiceEvent>()
            let followed = FollowedRun(
                "run_1", bus.subscribe(merges: false), of: bus, answered: ["call_1"])
            for event in before.dropFirst(passed) + after {
                bus.publish(
                    ServiceEvent(threadID: "thread_1", runID: "run_1", kind: .run(event)))
            }
            var told: [AssistantEvent] = []
            while let events = try await followed.next() { told += events }
            #expect(told == after, "after \(passed)")
        }
    }
}
