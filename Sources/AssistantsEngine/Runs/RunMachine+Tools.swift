import Assistants
import Wire

// What happens when an answer is complete, and what its tool calls come to.

extension RunMachine {
    mutating func endAnswer() {
        guard case .answering(var answer) = phase else { return }
        guard let finish = answer.finish else {
            return fail(
                RunError(
                    code: .serverError,
                    message: "The model's answer broke off before its end."))
        }
        memory.usage = memory.usage + answer.usage
        releaseHeldText(&answer)
        placeUnnamed(&answer)
        phase = .answering(answer)
        switch finish {
        case .length: endIncomplete(.maxCompletionTokens)
        case .contentFilter: endIncomplete(.unknown("content_filter"))
        case .stop, .toolCalls:
            if answer.calls.isEmpty { complete(&answer) } else { useTools(&answer) }
        }
    }

    /// Ends a run whose model has nothing more to say.
    private mutating func complete(_ answer: inout ModelAnswer) {
        if !answer.wroteMessage { writeEmptyMessage(&answer) }
        closeMessage(&answer, usage: answer.usage)
        end(.completed) { [now] run in
            run.status = .completed
            run.completedAt = now
        }
    }

    private mutating func useTools(_ answer: inout ModelAnswer) {
        closeMessage(&answer, usage: Usage())
        if let step = answer.toolStep, !answer.kept.isEmpty { memory.kept[step] = answer.kept }
        var open: Set<String> = []
        for (place, call) in answer.calls.enumerated() {
            switch call.tool {
            case .function:
                guard commands.contains(call.name ?? "") else { continue }
                open.insert(call.id)
                startFunction(call)
            case .unknown:
                let sentence =
                    call.name.map { "There is no tool named \($0)." }
                    ?? "A tool was called without its name."
                fillOutput(sentence, of: call.id, in: answer.toolStep)
            case .codeInterpreter:
                if settleCode(of: call, at: place, step: answer.toolStep) { open.insert(call.id) }
            case .fileSearch:
                open.insert(call.id)
                order(.search(search(for: call)))
            }
        }
        phase = .working(answer, open)
        if open.isEmpty { return settleTools() }
        startCode(of: answer, open: open)
    }

    private mutating func search(for call: ModelAnswer.Call) -> SearchCall {
        let arguments = try? JSONValue(parsing: call.arguments)
        var queries = arguments?["queries"]?.arrayValue?.compactMap(\.stringValue) ?? []
        if let query = arguments?["queries"]?.stringValue ?? arguments?["query"]?.stringValue {
            queries.append(query)
        }
        if queries.isEmpty { queries = [call.arguments] }
        queries = queries.prefix(Self.queryLimit).map { String($0.prefix(Self.queryLength)) }
        memory.queries[call.id] = queries
        var options: JSONObject = [:]
        for case .fileSearch(let own) in run.tools { options = own }
        let limit = options["max_num_results"]?.integerValue ?? 20
        return SearchCall(
            callID: call.id, queries: queries, limit: min(max(limit, 1), 50),
            scoreThreshold: options["ranking_options"]?["score_threshold"]?.doubleValue ?? 0)
    }

    /// The most queries of one search, and the most characters of one query.
    private static let queryLimit = 5
    private static let queryLength = 1000

    mutating func finishSearch(_ id: String, _ results: [FileSearchResult]) {
        guard case .working(let answer, var open) = phase, open.remove(id) != nil else { return }
        change(id, in: answer.toolStep) { call in
            guard case .fileSearch(let options, _) = call.kind else { return }
            call.kind = .fileSearch(rankingOptions: options, results: results)
        }
        phase = .working(answer, open)
        if open.isEmpty { settleTools() }
    }

    mutating func failSearch(_ id: String, _ message: String) {
        guard case .working(let answer, let open) = phase, open.contains(id) else { return }
        phase = .answering(answer)
        fail(
            RunError(code: .serverError, message: "The files could not be searched: \(message)"))
    }

    /// Goes on once no built-in tool is at work: to the client, or to the model.
    mutating func settleTools() {
        guard case .working(let answer, _) = phase, let stepID = answer.toolStep,
            case .toolCalls(let calls) = transcript.step(stepID)?.details
        else { return }
        let waiting = calls.filter {
            if case .function(_, _, nil) = $0.kind { true } else { false }
        }
        if waiting.isEmpty {
            completeTools(stepID, usage: answer.usage)
            return callModel()
        }
        memory.waitingUsage = answer.usage
        phase = .requiresAction(stepID)
        tellRun(.requiresAction) { run in
            run.status = .requiresAction
            run.requiredAction = waiting
        }
        emit(.done)
    }

    mutating func takeOutputs(_ outputs: [ToolOutput]) {
        guard case .requiresAction(let stepID) = phase else { return }
        for output in outputs { fillOutput(output.output, of: output.toolCallID, in: stepID) }
        completeTools(stepID, usage: memory.waitingUsage)
        memory.waitingUsage = Usage()
        phase = .queued
        tellRun(.queued) { run in
            run.status = .queued
            run.requiredAction = []
        }
        order(.acknowledge(run))
        proceed()
    }

    mutating func completeTools(_ id: RunStep.ID, usage: Usage) {
        tellStep(id, .completed) { [now, memory] step in
            step.status = .completed
            step.completedAt = now
            step.expiresAt = nil
            step.usage = usage
            guard case .toolCalls(let calls) = step.details else { return }
            for call in calls {
                // What was looked for has no field of its own on the wire.
                guard let queries = memory.queries[call.id] else { continue }
                step.metadata[call.id] = String(queries.joined(separator: "; ").prefix(512))
            }
        }
        if let step = transcript.step(id) { remember(step) }
    }

    mutating func fillOutput(_ text: String, of id: String, in step: RunStep.ID?) {
        change(id, in: step) { call in
            guard case .function(let name, let arguments, _) = call.kind else { return }
            call.kind = .function(name: name, arguments: arguments, output: text)
        }
    }

    /// Changes a call of a step without telling: the step is told when it is complete.
    private mutating func change(
        _ id: String, in stepID: RunStep.ID?, _ change: (inout ToolCall) -> Void
    ) {
        guard let stepID, var step = transcript.step(stepID),
            case .toolCalls(var calls) = step.details,
            let place = calls.firstIndex(where: { $0.id == id })
        else { return }
        change(&calls[place])
        step.details = .toolCalls(calls)
        transcript.apply(step)
    }
}
