import Assistants
import Testing

@testable import AssistantsEngine

@Suite("A run machine after a restart") struct RecoveryMachineTests {
    /// The machine that the next host makes from what the last one stored.
    private func restarted(_ trace: MachineTrace) -> MachineTrace {
        let machine = trace.machine
        return MachineTrace(
            RunMachine(
                machine.run, steps: machine.transcript.steps,
                messages: machine.transcript.messages,
                memory: RunMemory(json: machine.memory.json)))
    }

    @Test("starts a queued run")
    func queued() {
        let run = Run(
            id: "run_1", createdAt: 0, assistantID: "asst_1", threadID: "thread_1",
            expiresAt: MachineTrace.now + 600, model: "scripted")
        var trace = MachineTrace(RunMachine(run))
        trace.take(.recovered(interruptions: 0))
        #expect(trace.names == ["thread.run.in_progress"])
        #expect(trace.calls.count == 1)
    }

    @Test("leaves a partial message incomplete and asks again")
    func partialMessage() {
        var trace = MachineTrace()
        trace.say([.text("The sk")])
        var next = restarted(trace)
        next.take(.recovered(interruptions: 1))
        #expect(next.names == ["thread.message.incomplete", "thread.run.step.failed"])
        #expect(next.calls.map(\.conversation) == [[]])
        next.answer([.text("The sky"), .finished(.stop)])
        #expect(next.run.status == .completed)
        #expect(next.machine.transcript.messages.map(\.text) == ["The sk", "The sky"])
        #expect(next.machine.transcript.messages.map(\.status) == [.incomplete, .completed])
    }

    @Test("keeps the rounds that were over")
    func laterRound() {
        var trace = MachineTrace(tools: [.function(FunctionTool(name: "f"))])
        trace.answer([
            .toolCall(index: 0, id: "call_a", name: "f", arguments: "{}"),
            .usage(Usage(promptTokens: 5, completionTokens: 1)), .finished(.toolCalls),
        ])
        trace.take(.outputsSubmitted([ToolOutput(toolCallID: "call_a", output: "42")]))
        trace.say([.text("It is")])
        var next = restarted(trace)
        next.take(.recovered(interruptions: 1))
        #expect(next.calls.last?.conversation.last == .tool(callID: "call_a", output: "42"))
        next.answer([.text("42"), .usage(Usage(promptTokens: 6)), .finished(.stop)])
        #expect(next.run.usage == Usage(promptTokens: 11, completionTokens: 1))
    }

    @Test("goes on waiting for outputs, with what the call cost")
    func requiresAction() {
        var trace = MachineTrace(tools: [.function(FunctionTool(name: "f"))])
        trace.answer([
            .toolCall(index: 0, id: "call_a", name: "f", arguments: "{}"),
            .usage(Usage(promptTokens: 5, completionTokens: 1)), .finished(.toolCalls),
        ])
        var next = restarted(trace)
        next.take(.recovered(interruptions: 0))
        #expect(next.actions == [])
        next.take(.outputsSubmitted([ToolOutput(toolCallID: "call_a", output: "42")]))
        #expect(
            next.names == [
                "thread.run.step.completed", "thread.run.queued", "thread.run.in_progress",
            ])
        #expect(
            next.machine.transcript.steps.first?.usage
                == Usage(promptTokens: 5, completionTokens: 1))
    }

    @Test("expires a run whose deadline has passed, in whatever state it was")
    func passedDeadline() {
        var trace = MachineTrace { $0.expiresAt = MachineTrace.now }
        trace.say([.text("The sk")])
        var next = restarted(trace)
        next.take(.recovered(interruptions: 0))
        #expect(
            next.names == [
                "thread.message.incomplete", "thread.run.step.expired", "thread.run.expired",
                "done",
            ])
    }

    @Test("cancels a run that was being cancelled")
    func cancelling() {
        var trace = MachineTrace()
        trace.say([.text("The sk")])
        trace.take(.cancelAsked)
        var next = restarted(trace)
        next.take(.recovered(interruptions: 0))
        #expect(
            next.names == [
                "thread.message.incomplete", "thread.run.step.cancelled", "thread.run.cancelled",
                "done",
            ])
    }

    @Test("gives a run up at its third interruption")
    func poisonPill() {
        var trace = MachineTrace()
        trace.say([.text("The sk")])
        var next = restarted(trace)
        next.take(.recovered(interruptions: 3))
        #expect(
            next.names == [
                "thread.message.incomplete", "thread.run.step.failed", "thread.run.failed", "done",
            ])
        #expect(next.run.lastError?.message.contains("3 times") == true)
    }
}
