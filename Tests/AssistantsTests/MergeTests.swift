import Assistants
import Events
import TestSupport
import Testing

@Suite("Merged deltas")
struct MergeTests {
    @Test("add up to the same transcript as single ones", arguments: 0..<50)
    func property(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let events = Self.stream(&random)
        var single = Transcript()
        for event in events { single.apply(event) }

        let bus = EventBus<ServiceEvent>()
        let mailbox = bus.subscribe()
        var merged = Transcript()
        for (number, event) in events.enumerated() {
            bus.publish(ServiceEvent(sequence: number, threadID: "t", kind: .run(event)))
            // The reader comes by at random times, sometimes not for long.
            if Int.random(in: 0..<40, using: &random) == 0 { Self.read(mailbox, into: &merged) }
        }
        Self.read(mailbox, into: &merged)
        #expect(merged.messages == single.messages)
        #expect(merged.steps == single.steps)
    }

    @Test("stay few however far the reader is behind")
    func bounded() {
        let bus = EventBus<ServiceEvent>()
        let mailbox = bus.subscribe()
        for number in 0..<100_000 {
            let event: AssistantEvent =
                number.isMultiple(of: 2)
                ? .messageDelta(MessageDelta(id: "m\(number % 3)", text: "x"))
                : .stepDelta(Self.call("s\(number % 5)", 0, "y"))
            bus.publish(ServiceEvent(sequence: number, threadID: "t", kind: .run(event)))
        }
        #expect(mailbox.count <= 8)
    }

    private static func read(_ mailbox: Mailbox<ServiceEvent>, into transcript: inout Transcript) {
        for event in mailbox.take() {
            if case .run(let event) = event.kind { transcript.apply(event) }
        }
    }

    private static func call(_ step: String, _ index: Int, _ text: String) -> RunStepDelta {
        RunStepDelta(
            id: step,
            details: .toolCalls([
                ToolCallDelta(
                    index: index, id: "call_\(index)",
                    kind: .function(name: nil, arguments: text, output: nil))
            ]))
    }

    /// Messages and steps that are created, grow, and are completed, all mixed.
    private static func stream(_ random: inout SeededGenerator) -> [AssistantEvent] {
        var events: [AssistantEvent] = []
        var open: [Int: Bool] = [:]
        for _ in 0..<400 {
            let number = Int.random(in: 0..<5, using: &random)
            let id = "m\(number)"
            switch Int.random(in: 0..<12, using: &random) {
            case 0 where open[number] == nil:
                open[number] = true
                let message = Message(id: id, createdAt: 0, threadID: "t", role: .assistant)
                events.append(.message(.created, message))
            case 1 where open[number] == true:
                open[number] = false
                events.append(
                    .message(
                        .completed,
                        Message(
                            id: id, createdAt: 0, threadID: "t", status: .completed,
                            role: .assistant, content: [.text(MessageText("whole"))])))
            case 2..<6 where open[number] == true:
                let index = Int.random(in: 0..<3, using: &random)
                events.append(.messageDelta(MessageDelta(id: id, text: "\(number)", index: index)))
            case 6..<11:
                let index = Int.random(in: 0..<3, using: &random)
                events.append(.stepDelta(call("s\(number)", index, "{\(index)}")))
            default: break
            }
        }
        return events
    }
}
