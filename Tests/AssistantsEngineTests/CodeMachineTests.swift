import Assistants
import Testing
import Wire

@testable import AssistantsEngine

@Suite("The code of a run") struct CodeMachineTests {
    private static let asks: [ModelEvent] = [
        .toolCall(
            index: 0, id: "call_a", name: "code_interpreter", arguments: "{\"code\":\"pri"),
        .toolCall(index: 0, id: nil, name: nil, arguments: "nt(1)\"}"),
        .finished(.toolCalls),
    ]

    private func calls(_ trace: MachineTrace) -> [ToolCall] {
        for step in trace.machine.transcript.steps.reversed() {
            if case .toolCalls(let calls) = step.details { return calls }
        }
        return []
    }

    private func codes(_ trace: MachineTrace) -> [CodeCall] {
        trace.actions.compactMap { if case .runCode(let call) = $0 { call } else { nil } }
    }

    @Test("is told as it is written, and runs as it was told") func written() {
        var trace = MachineTrace(tools: [.codeInterpreter])
        trace.answer(Self.asks)
        let inputs = trace.events.compactMap { event -> String? in
            guard case .stepDelta(let delta) = event, case .toolCalls(let calls) = delta.details,
                case .codeInterpreter(let input, _)? = calls.first?.kind
            else { return nil }
            return input
        }
        #expect(inputs == ["", "pri", "nt(1)"])
        #expect(codes(trace) == [CodeCall(callID: "call_a", code: "print(1)")])
    }

    @Test("prints into one text, around pictures; the model hears of all of it")
    func outputs() {
        var trace = MachineTrace(tools: [.codeInterpreter])
        trace.answer(Self.asks)
        trace.take(.codePrinted(callID: "call_a", "1"))
        #expect(trace.names == ["thread.run.step.delta"])
        trace.take(.codePrinted(callID: "call_a", "2\n"))
        trace.take(.codeDrew(callID: "call_a", "file-1"))
        trace.take(.codePrinted(callID: "call_a", "3"))
        trace.take(.codeFinished(callID: "call_a", files: ["a.csv"]))
        #expect(trace.names == ["thread.run.step.completed"])
        #expect(
            calls(trace).first?.kind
                == .codeInterpreter(
                    input: "print(1)",
                    outputs: [.logs("12\n"), .image(fileID: "file-1"), .logs("3")]))
        guard case .tool("call_a", let told) = trace.calls.last?.conversation.last else {
            Issue.record("The model heard nothing.")
            return
        }
        #expect(told.hasPrefix("12\n\n[A picture,") && told.contains("3"))
        #expect(told.hasSuffix("Files under /mnt/data: a.csv"))
        // The next message begins with the picture; its link makes the file one that is kept.
        trace.answer([.text("See sandbox:/mnt/data/"), .text("a.csv."), .finished(.stop)])
        let message = trace.machine.transcript.messages.last
        #expect(message?.content.first == .imageFile(fileID: "file-1", detail: nil))
        let kept = trace.actions.compactMap { action -> KeptFile? in
            if case .keepFile(let file) = action { file } else { nil }
        }
        #expect(kept.map(\.name) == ["a.csv"])
        guard case .text(let text) = message?.content.last else { return }
        #expect(
            text.annotations == [
                Annotation(
                    target: .filePath(fileID: kept.first?.id ?? ""),
                    text: "sandbox:/mnt/data/a.csv", startIndex: 4, endIndex: 27)
            ])
        #expect(trace.run.status == .completed)
    }

    @Test("has the files of earlier runs: a link to one makes it a file that is kept")
    func earlier() {
        let run = Run(
            id: "run_2", createdAt: MachineTrace.now, assistantID: "asst_1", threadID: "thread_1",
            model: "scripted", tools: [.codeInterpreter])
        var trace = MachineTrace(RunMachine(run, files: ["a.csv"]))
        trace.take(.started)
        trace.answer([.text("Again: sandbox:/mnt/data/a.csv"), .finished(.stop)])
        let kept = trace.actions.compactMap { action -> KeptFile? in
            if case .keepFile(let file) = action { file } else { nil }
        }
        #expect(kept.map(\.name) == ["a.csv"])
        guard case .text(let text) = trace.machine.transcript.messages.last?.content.last else {
            Issue.record("No text came.")
            return
        }
        #expect(text.annotations.map(\.target) == kept.map { .filePath(fileID: $0.id) })
    }

    @Test("is told to the model in part where it printed much, cut between two signs")
    func long() {
        var trace = MachineTrace(tools: [.codeInterpreter])
        trace.answer(Self.asks)
        trace.take(.codePrinted(callID: "call_a", String(repeating: "ж", count: 15_000) + "!"))
        trace.take(.codeFinished(callID: "call_a", files: []))
        guard case .tool(_, let told) = trace.calls.last?.conversation.last else { return }
        #expect(told.utf8.count < RunMachine.printedLimit + 20 && told.hasSuffix("ж!"))
        #expect(told.contains("ж\n[…]\nж") && !told.contains("\u{FFFD}"))
    }

    @Test("shows its pictures in the message that is completed, not in one that was cut")
    func pictureAfterCrash() {
        var trace = MachineTrace(tools: [.codeInterpreter])
        trace.answer(Self.asks)
        trace.take(.codeDrew(callID: "call_a", "file-1"))
        trace.take(.codeFinished(callID: "call_a", files: []))
        trace.say([.text("Half")])
        #expect(trace.machine.memory.images == ["file-1"])
        trace.answer([.text(" and whole."), .finished(.stop)])
        #expect(trace.machine.memory.images.isEmpty)
        let last = trace.machine.transcript.messages.last?.content.first
        #expect(last == .imageFile(fileID: "file-1", detail: nil))
    }

    @Test("runs one call after the other, and beside functions waits for both") func several() {
        var trace = MachineTrace(
            tools: [.codeInterpreter, .function(FunctionTool(name: "f"))])
        trace.answer([
            .toolCall(index: 0, id: "a", name: "code_interpreter", arguments: "{\"code\":\"1\"}"),
            .toolCall(index: 1, id: "f", name: "f", arguments: "{}"),
            .toolCall(index: 2, id: "b", name: "code_interpreter", arguments: "2 + 2"),
            .finished(.toolCalls),
        ])
        #expect(codes(trace).map(\.callID) == ["a"])
        trace.take(.codePrinted(callID: "b", "not its turn, but heard"))
        trace.take(.codeFinished(callID: "a", files: []))
        #expect(codes(trace) == [CodeCall(callID: "b", code: "2 + 2")])
        trace.take(.codeFailed(callID: "b", message: "The sandbox is gone."))
        #expect(trace.run.status == .requiresAction)
        #expect(trace.run.requiredAction.map(\.id) == ["f"])
        trace.take(.codeFinished(callID: "b", files: ["late"]))
        #expect(trace.actions.isEmpty)
        trace.take(.outputsSubmitted([ToolOutput(toolCallID: "f", output: "done")]))
        #expect(
            trace.calls.last?.conversation.contains {
                if case .tool("b", let text) = $0 {
                    text.contains("sandbox is gone")
                } else {
                    false
                }
            } == true)
    }

    @Test("that is not there is told to the model, which may try again")
    func none() {
        var trace = MachineTrace(tools: [.codeInterpreter])
        trace.answer([
            .toolCall(index: 0, id: "a", name: "code_interpreter", arguments: "{\"cod"),
            .finished(.toolCalls),
        ])
        #expect(codes(trace).isEmpty && trace.calls.count == 2)
        guard case .codeInterpreter("", let outputs)? = calls(trace).first?.kind,
            case .logs(let text)? = outputs.first
        else {
            Issue.record("\(calls(trace))")
            return
        }
        #expect(text.contains("had no code"))
    }

    @Test("stops with its run; pictures outlast a restart") func stops() {
        var trace = MachineTrace(tools: [.codeInterpreter])
        trace.answer(Self.asks)
        trace.take(.codeDrew(callID: "call_a", "file-1"))
        let memory = trace.machine.memory
        #expect(RunMemory(json: memory.json) == memory && memory.images == ["file-1"])
        trace.take(.cancelAsked)
        #expect(trace.actions.contains(.stopWork))
        trace.take(.codePrinted(callID: "call_a", "late"))
        #expect(trace.actions.isEmpty)
        trace.take(.workStopped)
        #expect(
            trace.names == ["thread.run.step.cancelled", "thread.run.cancelled", "done"])
    }
}
