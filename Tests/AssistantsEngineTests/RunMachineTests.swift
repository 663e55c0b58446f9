import Assistants
import Testing
import Wire

@testable import AssistantsEngine

@Suite("A run machine") struct RunMachineTests {
    static let beginning = [
        "thread.run.created", "thread.run.queued", "thread.run.in_progress",
    ]
    static let messageOpens = [
        "thread.run.step.created", "thread.run.step.in_progress", "thread.message.created",
        "thread.message.in_progress", "thread.message.delta",
    ]
    static let messageCloses = ["thread.message.completed", "thread.run.step.completed"]
    static let stepOpens = [
        "thread.run.step.created", "thread.run.step.in_progress", "thread.run.step.delta",
    ]

    @Test("tells a text in the recorded order")
    func text() {
        var trace = MachineTrace()
        trace.answer([.text("The"), .text(" sky"), .finished(.stop)])
        #expect(
            trace.names == Self.beginning + Self.messageOpens + Self.messageCloses
                + ["thread.run.completed", "done"])
        #expect(trace.run.status == .completed)
        #expect(trace.machine.transcript.messages.map(\.text) == ["The sky"])
    }

    @Test("creates messages empty and closes them with all their text")
    func wholeMessages() throws {
        var trace = MachineTrace()
        trace.answer([.text("a"), .text("b"), .finished(.stop)])
        let messages = trace.events.compactMap { event -> Message? in
            if case .message(_, let message) = event { message } else { nil }
        }
        #expect(messages.map(\.text) == ["", "", "ab"])
        #expect(messages.first?.content == [])
        #expect(messages.last?.status == .completed)
        #expect(messages.last?.completedAt == MachineTrace.now)
    }

    @Test("writes one empty message when the model says nothing")
    func emptyAnswer() {
        var trace = MachineTrace()
        trace.answer([.usage(Usage(promptTokens: 3)), .finished(.stop)])
        #expect(
            trace.names == Self.beginning + Self.messageOpens + Self.messageCloses
                + ["thread.run.completed", "done"])
        #expect(trace.machine.transcript.messages.map(\.text) == [""])
    }

    @Test("keeps thoughts off the wire")
    func reasoning() {
        var trace = MachineTrace()
        trace.answer([.reasoning("Hm."), .text("Yes"), .finished(.stop)])
        #expect(trace.actions.contains(.tellReasoning("Hm.")))
        #expect(trace.machine.transcript.messages.map(\.text) == ["Yes"])
    }

    @Test("waits for function outputs and goes on in a second stream")
    func functionCall() {
        var trace = MachineTrace(tools: [.function(FunctionTool(name: "weather"))])
        trace.answer([
            .toolCall(index: 0, id: "call_a", name: "weather", arguments: ""),
            .toolCall(index: 0, id: nil, name: nil, arguments: "{\"city\":"),
            .toolCall(index: 0, id: nil, name: nil, arguments: "\"Ulm\"}"),
            .usage(Usage(promptTokens: 7, completionTokens: 2)), .finished(.toolCalls),
        ])
        #expect(
            trace.names == Self.beginning + Self.stepOpens + ["thread.run.requires_action", "done"])
        #expect(trace.run.status == .requiresAction)
        #expect(trace.run.usage == nil)
        #expect(
            trace.run.requiredAction.map(\.kind) == [
                .function(name: "weather", arguments: "{\"city\":\"Ulm\"}", output: nil)
            ])
        #expect(trace.machine.transcript.steps.map(\.status) == [.inProgress])

        trace.take(.outputsSubmitted([ToolOutput(toolCallID: "call_a", output: "rain")]))
        #expect(
            trace.names == [
                "thread.run.step.completed", "thread.run.queued", "thread.run.in_progress",
            ])
        #expect(trace.acknowledged?.status == .queued)
        #expect(trace.acknowledged?.requiredAction == [])
        #expect(
            trace.calls.last?.conversation == [
                .assistant(
                    text: "",
                    toolCalls: [
                        ToolCall(
                            id: "call_a",
                            kind: .function(
                                name: "weather", arguments: "{\"city\":\"Ulm\"}", output: "rain"))
                    ]), .tool(callID: "call_a", output: "rain"),
            ])

        trace.answer([
            .text("It rains."), .usage(Usage(promptTokens: 9, completionTokens: 3)),
            .finished(.stop),
        ])
        #expect(
            trace.names == Self.messageOpens + Self.messageCloses + [
                "thread.run.completed", "done",
            ])
        #expect(trace.run.usage == Usage(promptTokens: 16, completionTokens: 5))
        #expect(
            trace.machine.transcript.steps.map(\.usage) == [
                Usage(promptTokens: 7, completionTokens: 2),
                Usage(promptTokens: 9, completionTokens: 3),
            ])
    }

    @Test("collects parallel calls in one step, with places from 0")
    func parallelCalls() throws {
        var trace = MachineTrace(tools: [
            .function(FunctionTool(name: "f")), .function(FunctionTool(name: "g")),
        ])
        trace.answer([
            .toolCall(index: 3, id: "call_a", name: "f", arguments: "{}"),
            .toolCall(index: 7, id: "call_b", name: "g", arguments: "{\"n\":"),
            .toolCall(index: 7, id: nil, name: nil, arguments: "1}"), .finished(.toolCalls),
        ])
        #expect(
            trace.names == Self.beginning + Self.stepOpens + ["thread.run.requires_action", "done"])
        #expect(trace.run.requiredAction.map(\.id) == ["call_a", "call_b"])
        let places = trace.events.flatMap { event -> [Int] in
            guard case .stepDelta(let delta) = event, case .toolCalls(let calls) = delta.details
            else { return [] }
            return calls.map(\.index)
        }
        #expect(places == [0, 0, 1, 1, 1])
    }

    @Test("takes one call alone where the run allows no parallel ones")
    func noParallelCalls() {
        var trace = MachineTrace(tools: [.function(FunctionTool(name: "f"))]) {
            $0.allowsParallelToolCalls = false
        }
        trace.answer([
            .toolCall(index: 0, id: "call_a", name: "f", arguments: "{}"),
            .toolCall(index: 1, id: "call_b", name: "f", arguments: "{}"), .finished(.toolCalls),
        ])
        #expect(trace.run.requiredAction.map(\.id) == ["call_a"])
    }

    @Test("makes text before a tool call a step of its own")
    func textBeforeCall() {
        var trace = MachineTrace(tools: [.function(FunctionTool(name: "f"))])
        trace.answer([
            .text("Let me look."),
            .toolCall(index: 0, id: "call_a", name: "f", arguments: "{}"), .finished(.toolCalls),
        ])
        #expect(
            trace.names == Self.beginning + Self.messageOpens + Self.messageCloses
                + Self.stepOpens + ["thread.run.requires_action", "done"])
        trace.take(.outputsSubmitted([ToolOutput(toolCallID: "call_a", output: "1")]))
        guard case .assistant("Let me look.", let calls, _) = trace.calls.last?.conversation.first
        else {
            Issue.record("The model was not reminded of its text and its call together")
            return
        }
        #expect(calls.map(\.id) == ["call_a"])
    }

    @Test("reminds the model of what it wants back with its calls, after a restart too")
    func kept() {
        var trace = MachineTrace(tools: [.function(FunctionTool(name: "f"))])
        trace.answer([
            .kept("sealed"), .toolCall(index: 0, id: "call_a", name: "f", arguments: "{}"),
            .finished(.toolCalls),
        ])
        let memory = RunMemory(json: trace.machine.memory.json)
        #expect(memory == trace.machine.memory && memory.kept.count == 1)
        trace.take(.outputsSubmitted([ToolOutput(toolCallID: "call_a", output: "1")]))
        guard case .assistant("", _, let kept) = trace.calls.last?.conversation.first else {
            Issue.record("The model was not reminded of its call")
            return
        }
        #expect(kept == ["sealed"])
    }

    @Test("answers a call of a tool that does not exist, and lets the model try again")
    func unknownTool() {
        var trace = MachineTrace(tools: [.function(FunctionTool(name: "f"))])
        trace.answer([
            .toolCall(index: 0, id: "call_a", name: "made_up", arguments: "{}"),
            .finished(.toolCalls),
        ])
        #expect(
            trace.names == Self.beginning + Self.stepOpens + ["thread.run.step.completed"])
        #expect(
            trace.calls.last?.conversation.last
                == .tool(callID: "call_a", output: "There is no tool named made_up."))
    }

    @Test("ends incomplete at the token limit: message incomplete, step completed")
    func tokenLimit() {
        var trace = MachineTrace()
        trace.answer([.text("The sky"), .finished(.length)])
        #expect(
            trace.names == Self.beginning + Self.messageOpens + [
                "thread.message.incomplete", "thread.run.step.completed", "thread.run.incomplete",
                "done",
            ])
        #expect(trace.run.incompleteReason == .maxCompletionTokens)
        #expect(trace.machine.transcript.messages.first?.incompleteReason == .maxTokens)
        #expect(trace.machine.transcript.messages.first?.text == "The sky")
        #expect(trace.run.expiresAt == nil)
    }

    @Test("ends incomplete when a filter speaks")
    func contentFilter() {
        var trace = MachineTrace()
        trace.answer([.text("The"), .finished(.contentFilter)])
        #expect(trace.run.status == .incomplete)
        #expect(trace.machine.transcript.messages.first?.incompleteReason == .contentFilter)
    }

    @Test("fails in the middle of a message and keeps its text")
    func failure() {
        var trace = MachineTrace()
        trace.say([.text("The sky")])
        trace.take(.modelFailed(ModelError(.rateLimited, "Too many requests.")))
        #expect(
            trace.names == [
                "thread.message.incomplete", "thread.run.step.failed", "thread.run.failed", "done",
            ])
        #expect(
            trace.run.lastError == RunError(code: .rateLimitExceeded, message: "Too many requests.")
        )
        #expect(trace.run.failedAt == MachineTrace.now)
        #expect(trace.run.usage == Usage())
        #expect(trace.machine.transcript.messages.map(\.text) == ["The sky"])
        #expect(trace.machine.transcript.messages.first?.incompleteReason == .runFailed)
    }

    @Test("fails when the answer breaks off without an end")
    func brokenOff() {
        var trace = MachineTrace()
        trace.say([.text("The sky")])
        trace.take(.modelEnded)
        #expect(trace.run.status == .failed)
        #expect(trace.machine.transcript.messages.map(\.text) == ["The sky"])
    }

    @Test("cancels in the middle of a message and keeps its text")
    func cancel() {
        var trace = MachineTrace()
        trace.say([.text("The sky")])
        trace.take(.cancelAsked)
        #expect(trace.names == ["thread.run.cancelling"])
        #expect(trace.acknowledged?.status == .cancelling)
        #expect(trace.acknowledged?.cancelledAt == nil)
        #expect(trace.actions.last == .stopWork)
        trace.take(.model(.text(" is blue")))
        #expect(trace.names == [])
        trace.take(.workStopped)
        #expect(
            trace.names == [
                "thread.message.incomplete", "thread.run.step.cancelled", "thread.run.cancelled",
                "done",
            ])
        #expect(trace.machine.transcript.messages.map(\.text) == ["The sky"])
        #expect(trace.machine.transcript.messages.first?.incompleteReason == .runCancelled)
    }

    @Test("expires in the middle of a message and while it waits for outputs")
    func expiry() {
        var trace = MachineTrace()
        trace.say([.text("The sky")])
        trace.take(.expired)
        #expect(
            trace.names == [
                "thread.message.incomplete", "thread.run.step.expired", "thread.run.expired",
                "done",
            ])
        var waiting = MachineTrace(tools: [.function(FunctionTool(name: "f"))])
        waiting.answer([
            .toolCall(index: 0, id: "call_a", name: "f", arguments: "{}"), .finished(.toolCalls),
        ])
        waiting.take(.expired)
        #expect(waiting.names == ["thread.run.step.expired", "thread.run.expired", "done"])
        #expect(waiting.run.requiredAction == [])
    }

    @Test("tells a refusal as a part of its own")
    func refusal() {
        var trace = MachineTrace()
        trace.answer([.refusal("I will"), .refusal(" not."), .finished(.stop)])
        #expect(trace.machine.transcript.messages.first?.content == [.refusal("I will not.")])
    }

    @Test("gives up after 25 rounds")
    func roundLimit() {
        var trace = MachineTrace(tools: [.function(FunctionTool(name: "f"))])
        for _ in 0..<25 {
            trace.answer([
                .toolCall(index: 0, id: nil, name: "made_up", arguments: "{}"),
                .finished(.toolCalls),
            ])
        }
        #expect(trace.run.status == .failed)
        #expect(trace.run.lastError?.message.contains("25 times") == true)
        #expect(trace.calls.count == 25)
    }

    @Test("forces a tool only in the first round")
    func toolChoice() {
        var trace = MachineTrace(tools: [.function(FunctionTool(name: "f"))]) {
            $0.toolChoice = .function(name: "f")
        }
        trace.answer([
            .toolCall(index: 0, id: "call_a", name: "f", arguments: "{}"), .finished(.toolCalls),
        ])
        trace.take(.outputsSubmitted([ToolOutput(toolCallID: "call_a", output: "")]))
        #expect(trace.calls.map(\.toolChoice) == [.function(name: "f"), .auto])
    }

    @Test("counts its token budgets over all rounds")
    func budgets() {
        var trace = MachineTrace(tools: [.function(FunctionTool(name: "f"))]) {
            $0.maxCompletionTokens = 100
            $0.maxPromptTokens = 50
        }
        trace.answer([
            .toolCall(index: 0, id: "call_a", name: "f", arguments: "{}"),
            .usage(Usage(promptTokens: 30, completionTokens: 40)), .finished(.toolCalls),
        ])
        trace.take(.outputsSubmitted([ToolOutput(toolCallID: "call_a", output: "")]))
        #expect(trace.calls.map(\.completionTokens) == [100, 60])
        #expect(trace.calls.map(\.promptTokens) == [50, 20])
        trace.answer([
            .toolCall(index: 0, id: "call_b", name: "f", arguments: "{}"),
            .usage(Usage(promptTokens: 30, completionTokens: 40)), .finished(.toolCalls),
        ])
        trace.take(.outputsSubmitted([ToolOutput(toolCallID: "call_b", output: "")]))
        #expect(trace.run.status == .incomplete)
        #expect(trace.run.incompleteReason == .maxPromptTokens)
    }

    @Test("refuses outputs in the wrong state or for other calls, in the recorded words")
    func refusedOutputs() {
        var trace = MachineTrace(tools: [.function(FunctionTool(name: "f"))])
        let output = ToolOutput(toolCallID: "call_a", output: "")
        #expect(
            trace.machine.refusal(of: [output])?.message
                == "Runs in status \"in_progress\" do not accept tool outputs.")
        trace.answer([
            .toolCall(index: 0, id: "call_a", name: "f", arguments: "{}"),
            .toolCall(index: 1, id: "call_b", name: "f", arguments: "{}"), .finished(.toolCalls),
        ])
        #expect(
            trace.machine.refusal(of: [output])?.message
                == "Expected tool outputs for call_ids ['call_a', 'call_b'], got ['call_a']")
        let both = [ToolOutput(toolCallID: "call_b", output: ""), output]
        #expect(trace.machine.refusal(of: both) == nil)
        #expect(trace.machine.refusal(of: both + [output]) != nil)
    }
}
