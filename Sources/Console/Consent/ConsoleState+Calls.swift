import Assistants
import Processes

// Calls that commands can answer: which there are, how far they are, and giving the outputs.
extension ConsoleState {
    /// What would run for a call; nil where the person answers it.
    func order(for call: ToolCall, of run: Run) -> CommandOrder? {
        guard case .function(let name, let arguments, nil) = call.kind,
            let entry = options.functions.first(where: { $0.key.isExactly(name) }),
            entry.value.consent != .never
        else { return nil }
        return CommandOrder(
            service: options.service, threadID: run.threadID, runID: run.id,
            stepID: key(of: call, run).step, assistantID: run.assistantID, callID: call.id,
            function: entry.key, command: entry.value, input: arguments, folder: options.folder)
    }

    /// Which of all calls it is.
    func key(of call: ToolCall, _ run: Run) -> CallKey {
        let steps = conversations[run.threadID]?.steps(of: run.id) ?? []
        let step = steps.last { step in
            guard case .toolCalls(let calls) = step.details else { return false }
            return calls.contains { $0.id == call.id }
        }
        return CallKey(run: run.id, step: step?.id ?? "", call: call.id)
    }

    /// What could run for the waiting calls of a run.
    private func orders(of run: Run) -> [CommandOrder] {
        guard run.status == .requiresAction, !options.functions.isEmpty else { return [] }
        return run.requiredAction.compactMap { order(for: $0, of: run) }
    }

    /// Why a command may run without anybody being asked now; nil where somebody must be.
    private func reason(for order: CommandOrder) -> CommandReason? {
        guard calls.consents.begun(order) == nil else { return nil }
        if let answer = calls.consents.answer(about: order) {
            return answer.isAllowed ? .remembered : nil
        }
        // A server is a stranger: what it says was not meant by the configuration.
        return order.command.consent == .always && !options.isServer ? .configured : nil
    }

    /// Whether somebody said that a command may never run.
    private func isRefused(_ order: CommandOrder) -> Bool {
        calls.consents.answer(about: order)?.isAllowed == false
    }

    /// The calls of a run that somebody must be asked about.
    func questions(of run: Run) -> [CommandOrder] {
        orders(of: run).filter { calls.work[$0.key] == nil }
    }

    /// The calls of a run whose outputs the person types.
    func typedCalls(of run: Run) -> [ToolCall] {
        run.requiredAction.filter { call in
            guard order(for: call, of: run) != nil else { return true }
            return calls.work[key(of: call, run)] == .typed
        }
    }

    /// Whether commands are at work for a run and nothing else waits for the person.
    func isWorking(_ run: Run) -> Bool {
        run.status == .requiresAction && questions(of: run).isEmpty
            && typedCalls(of: run).isEmpty && hasWork(run)
    }

    /// Whether a command is at work for a run.
    func hasWork(_ run: Run) -> Bool {
        calls.work.contains { key, work in
            guard key.run == run.id, case .running = work else { return false }
            return true
        }
    }

    // MARK: - Going on

    /// Another thread is shown: its questions are asked when somebody comes back to it.
    mutating func closeOtherQuestions() {
        popups.removeAll {
            if case .consent(let prompt) = $0 { prompt.order.threadID != current } else { false }
        }
    }

    /// A run of the shown thread waits: what was said before is read, since others may have said
    /// more.
    mutating func considerCalls() {
        guard let run = conversation.activeRun, !questions(of: run).isEmpty else { return }
        effects.append(.readConsents(run.id))
    }

    /// What was said before is known: what may run is begun, and the rest is asked about.
    mutating func take(_ consents: Consents, for id: Run.ID) {
        calls.consents = consents
        guard let run = conversation.activeRun, run.id == id else { return }
        calls.work = calls.work.filter { $0.key.run != id || $0.value != .elsewhere }
        settleCalls(of: run)
        guard !questions(of: run).isEmpty else { return }
        if popups.isEmpty, conversation.draft.isEmpty { openConsent() } else { sayWhatWaits(run) }
    }

    /// Begins what may run without a question, refuses what never may, and takes what was done.
    mutating func settleCalls(of run: Run) {
        for order in questions(of: run) {
            if let begun = calls.consents.begun(order), let output = begun.output {
                calls.work[order.key] = .answered(output)
            } else if calls.consents.begun(order)?.isHeld == true {
                calls.work[order.key] = .elsewhere
            } else if let reason = reason(for: order) {
                begin(order, by: reason)
            } else if isRefused(order) {
                calls.work[order.key] = .answered(Self.refusal)
                say("\(order.function) may never run here \(glyphs.dot) switchboard tools forget")
            }
        }
        submitWhenComplete(run.id, on: run.threadID)
    }

    /// What a call is told whose command was not allowed.
    static let refusal = "The person did not allow this function to run."

    /// Has a command begun.
    mutating func begin(_ order: CommandOrder, by reason: CommandReason) {
        calls.work[order.key] = .running(since: now.monotonic)
        calls.begun.insert(order.key)
        effects.append(.runCommand(order, reason))
        conversations[order.threadID]?.lastSign = now.monotonic
    }

    /// A command has answered.
    mutating func take(output: String, of order: CommandOrder) {
        guard case .running = calls.work[order.key] else { return }
        // What is stopped with its run has not answered; where the run goes on, it is asked again.
        let isStopped = conversations[order.threadID]?.stopping == order.runID
        calls.work[order.key] = isStopped ? nil : .answered(output)
        submitWhenComplete(order.runID, on: order.threadID)
    }

    /// A command was not begun.
    mutating func takeNotBegun(_ order: CommandOrder, _ why: CommandRefusal) {
        guard case .running = calls.work[order.key] else { return }
        calls.work[order.key] = nil
        switch why {
        case .changed(let consents):
            if order.threadID == current {
                take(consents, for: order.runID)
            } else {
                calls.consents = consents
            }
        case .notWaiting: break
        case .failed(let text): say(text, warning: true, for: .seconds(10))
        }
    }

    /// Takes outputs that the person typed, each for the call that it was typed for.
    mutating func give(typed outputs: [ToolOutput], for prompt: AnswerPrompt) {
        for (call, output) in zip(prompt.calls, outputs) {
            calls.work[call.key] = .answered(output.output)
        }
        submitWhenComplete(prompt.runID, on: prompt.threadID)
    }

    /// Gives a run its outputs, once there is one for every call that waits.
    @discardableResult
    mutating func submitWhenComplete(_ id: Run.ID, on thread: Assistants.Thread.ID) -> Bool {
        guard let run = conversations[thread]?.activeRun, run.id == id,
            run.status == .requiresAction, !calls.submitted.contains(id),
            conversations[thread]?.stopping != id
        else { return false }
        let outputs = run.requiredAction.compactMap { call -> ToolOutput? in
            guard case .answered(let output) = calls.work[key(of: call, run)] else {
                return nil
            }
            return ToolOutput(toolCallID: call.id, output: output)
        }
        guard outputs.count == run.requiredAction.count, !outputs.isEmpty else { return false }
        calls.submitted.insert(id)
        conversations[thread]?.lastSign = now.monotonic
        effects.append(.submit(outputs, to: id, on: thread))
        return true
    }

    /// The outputs could not be given; they are kept.
    mutating func takeSubmitFailure(of run: Run.ID, _ text: String) {
        guard calls.submitted.remove(run) != nil else { return }
        say(
            "\(text) \(glyphs.dot) \(label(.answerCall)) gives the outputs again", warning: true,
            for: .seconds(10))
    }

    /// A run waits no more: its commands are ended, and nothing of them is kept.
    mutating func endCalls(of run: Run.ID) {
        popups.removeAll {
            if case .consent(let prompt) = $0 { prompt.order.runID == run } else { false }
        }
        closeAnswers(of: run)
        // Each by itself: what comes of a later step of the run is none of them.
        let over = calls.begun.filter { $0.run == run }
            .union(calls.consents.begun.filter { $0.runID.isExactly(run) }.map(\.key))
        calls.begun.subtract(over)
        calls.work = calls.work.filter { $0.key.run != run }
        calls.submitted.remove(run)
        calls.questions[run] = nil
        if over.isEmpty { return }
        calls.consents.remove(over, service: options.service)
        effects.append(.endCommands(over, forgets: true))
    }

    /// Ends the commands of a run that is to stop.
    mutating func stopCommands(of run: Run.ID) {
        let running = calls.work.filter { key, work in
            guard key.run == run, case .running = work else { return false }
            return true
        }
        if running.isEmpty { return }
        effects.append(.endCommands(Set(running.keys), forgets: false))
    }

    /// A run could not be stopped: it goes on, and what was stopped with it is asked about.
    mutating func takeStopFailure(of run: Run.ID, on thread: Assistants.Thread.ID, _ text: String) {
        if conversations[thread]?.stopping == run { conversations[thread]?.stopping = nil }
        say(text, warning: true, for: .seconds(10))
        if thread == current { considerCalls() }
    }

    /// What the person was to type is not typed now: it can be asked about again.
    mutating func putTypedAside(of run: Run.ID) {
        calls.work = calls.work.filter { $0.key.run != run || $0.value != .typed }
    }
}
