import Assistants

// What each tool call is doing, and since when.
extension Conversation {
    /// When the code or the arguments of a call grew last.
    struct Growth: Hashable, Sendable {
        var bytes: Int
        var time: Duration
    }

    /// How long the model may write nothing of a call before its code is taken for running: that
    /// it began to run is not told.
    static let writingPause = Duration.seconds(1)

    /// The key of the timing of a call.
    static func callKey(_ step: RunStep.ID, _ call: String) -> String { step + "/" + call }

    /// Notes when the calls of a step began, grew and ended, as far as that is seen.
    mutating func note(callsOf step: RunStep, at now: Duration) {
        guard case .toolCalls(let calls) = step.details else { return }
        for (place, call) in calls.enumerated() {
            let key = Self.callKey(step.id, call.id)
            if step.status == .inProgress, timings[key] == nil {
                timings[key] = Timing(start: now)
            }
            if growth[key]?.bytes != call.inputBytes {
                growth[key] = Growth(bytes: call.inputBytes, time: now)
            }
            if Self.isOver(calls, place, in: step), timings[key]?.end == nil {
                timings[key]?.end = now
            }
        }
    }

    /// What a call of a step is doing, or how it ended.
    func callState(
        _ place: Int, in step: RunStep, _ layout: inout ToolCallLayout, now: Duration
    ) -> CallState {
        guard case .toolCalls(let calls) = step.details else { return .done }
        let call = calls[place]
        if waitingCalls.contains(where: { $0.id == call.id }) { return .waiting }
        if !Self.isOver(calls, place, in: step) {
            guard let run = transcript.run(step.runID), run.status.isTerminal else {
                guard isWritten(calls, place, in: step, &layout, now: now) else { return .writing }
                return Self.hasItsTurn(calls, place, in: step) ? .running : .queued
            }
            return run.status == .cancelled ? .cancelled : .failed("not finished")
        }
        switch step.status {
        case .cancelled where !call.hasOutput: return .cancelled
        case .expired where !call.hasOutput: return .failed("expired")
        case .failed where !call.hasOutput:
            let code = step.lastError?.code.wireName ?? ""
            return .failed(
                code.isEmpty ? "failed" : code.split(separator: "_").joined(separator: " "))
        case .cancelled, .expired, .failed, .inProgress, .completed, .unknown:
            let state = layout.ending(of: call)
            return state == .done && step.status == .cancelled ? .cancelled : state
        }
    }

    /// Whether nothing more is written of a call, as far as can be told.
    private func isWritten(
        _ calls: [ToolCall], _ place: Int, in step: RunStep, _ layout: inout ToolCallLayout,
        now: Duration
    ) -> Bool {
        if place + 1 < calls.count { return true }
        switch calls[place].kind {
        case .fileSearch, .unknown: return true
        case .function: return layout.members(of: calls[place]) != nil
        case .codeInterpreter: if calls.contains(where: \.hasOutput) { return true }
        }
        guard let grown = growth[Self.callKey(step.id, calls[place].id)] else { return true }
        return grown.bytes > 0 && now - grown.time >= Self.writingPause
    }

    /// Whether a call does not wait for code before it.
    private static func hasItsTurn(_ calls: [ToolCall], _ place: Int, in step: RunStep) -> Bool {
        guard case .codeInterpreter = calls[place].kind else { return true }
        return !calls[..<place].indices.contains {
            if case .codeInterpreter = calls[$0].kind {
                !isOver(calls, $0, in: step)
            } else {
                false
            }
        }
    }

    /// Whether a call of a step is over: code runs one call after the other.
    private static func isOver(_ calls: [ToolCall], _ place: Int, in step: RunStep) -> Bool {
        if step.status != .inProgress { return true }
        switch calls[place].kind {
        case .function(_, _, let output): return output != nil
        case .codeInterpreter:
            return calls[(place + 1)...].contains {
                if case .codeInterpreter(_, let outputs) = $0.kind {
                    !outputs.isEmpty
                } else {
                    false
                }
            }
        case .fileSearch(_, let results): return !results.isEmpty
        case .unknown: return false
        }
    }
}

extension ToolCall {
    /// Bytes of its code or arguments.
    var inputBytes: Int {
        switch kind {
        case .codeInterpreter(let input, _): input.utf8.count
        case .function(_, let arguments, _): arguments.utf8.count
        case .fileSearch, .unknown: 0
        }
    }

    /// Whether it gave anything back.
    var hasOutput: Bool {
        switch kind {
        case .codeInterpreter(_, let outputs): !outputs.isEmpty
        case .function(_, _, let output): output != nil
        case .fileSearch(_, let results): !results.isEmpty
        case .unknown: false
        }
    }
}

extension ConsoleState {
    /// How long a call took so far.
    func durationText(of call: ToolCall, in step: RunStep) -> String {
        if let timing = conversation.timings[Conversation.callKey(step.id, call.id)] {
            return ((timing.end ?? now.monotonic) - timing.start).text
        }
        // Of calls that were read only the time of all together is known.
        guard case .toolCalls(let calls) = step.details, calls.count == 1 else { return "" }
        return durationText(ofStep: step)
    }
}
