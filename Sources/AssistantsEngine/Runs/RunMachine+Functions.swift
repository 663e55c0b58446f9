import Assistants

// Functions that commands of the person's own answer.

extension RunMachine {
    /// What is told of a call that was begun and whose end nobody saw.
    static let lostCall =
        "Switchboard ended while this ran. Whether it did its work is not known; it was not run "
        + "again."

    /// Begins a call that a command answers; once it is begun it is never begun again.
    mutating func startFunction(_ call: ModelAnswer.Call) {
        memory.begun.insert(call.id)
        order(
            .runFunction(
                FunctionCall(callID: call.id, name: call.name ?? "", arguments: call.arguments)))
    }

    /// A command has answered.
    mutating func finishFunction(_ id: String, _ output: String) {
        guard case .working(let answer, var open) = phase, open.remove(id) != nil else { return }
        if let step = answer.toolStep,
            case .toolCalls(let calls) = transcript.step(step)?.details,
            let place = calls.firstIndex(where: { $0.id == id })
        {
            let kind = ToolCallDelta.Kind.function(name: nil, arguments: nil, output: output)
            emit(
                .stepDelta(
                    RunStepDelta(
                        id: step, details: .toolCalls([ToolCallDelta(index: place, kind: kind)]))))
        }
        memory.begun.remove(id)
        phase = .working(answer, open)
        if open.isEmpty { settleTools() }
    }

    /// After the host had gone: a step in which a command was at work is ended with what is known,
    /// so that the model does not have it done twice. False where there is none.
    mutating func endLostCalls() -> Bool {
        let lost = transcript.steps.last { step in
            guard step.status == .inProgress, case .toolCalls(let calls) = step.details else {
                return false
            }
            return calls.contains { memory.begun.contains($0.id) }
        }
        guard let lost, case .toolCalls(let calls) = lost.details else { return false }
        for call in calls {
            guard case .function(_, _, nil) = call.kind else { continue }
            let wasBegun = memory.begun.contains(call.id)
            fillOutput(
                wasBegun ? Self.lostCall : "Switchboard ended before this ran.", of: call.id,
                in: lost.id)
        }
        memory.begun = []
        completeTools(lost.id, usage: Usage())
        return true
    }
}
