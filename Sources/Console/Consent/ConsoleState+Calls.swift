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
            assistantID: run.assistantID, callID: call.id, function: entry.key,
            command: entry.value, input: arguments)
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
            return calls.work[CallKey(run: run.id, call: call.id)] == .typed
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
        settleCalls(of: run)
        guard !questions(of: run).isEmpty else { return }
        if popups.isEmpty, conversation.draft.isEmpty { openConsent() } else { sayWhatWaits(run) }
    }

    /// Begins what may run without a question and refuses what never may.
    mutating func settleCalls(of run: Run) {
        for order in questions(of: run) {
            if let reason = reason(for: order) {
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
        calls.begun.insert(order.runID)
        effects.append(.runCommand(order, reason))
        conversations[order.threadID]?.lastSign = now.monotonic
    }

    /// A command has answered.
    mutating func take(output: String, of order: CommandOrder) {
        guard case .running = calls.work[order.key] else { return }
        calls.work[order.key] = .answered(output)
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

    /// Takes outputs that the person typed.
    mutating func give(
        typed outputs: [ToolOutput], to run: Run.ID, on thread: Assistants.Thread.ID
    ) {
        for output in outputs {
            calls.work[CallKey(run: run, call: output.toolCallID)] = .answered(output.output)
        }
        submitWhenComplete(run, on: thread)
    }

    /// Gives a run its outputs, once there is one for every call that waits.
    @discardableResult
    mutating func submitWhenComplete(_ id: Run.ID, on thread: Assistants.Thread.ID) -> Bool {
        guard let run = conversations[thread]?.activeRun, run.id == id,
            run.status == .requiresAction, !calls.submitted.contains(id),
            conversations[thread]?.stopping != id
        else { return false }
        let outputs = run.requiredAction.compactMap { call -> ToolOutput? in
            guard case .answered(let output) = calls.work[CallKey(run: id, call: call.id)] else {
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
        calls.work = calls.work.filter { $0.key.run != run }
        calls.submitted.remove(run)
        calls.questions[run] = nil
        let hasBegun = calls.consents.begun.contains { $0.runID.isExactly(run) }
        guard calls.begun.remove(run) != nil || hasBegun else { return }
        calls.consents.removeCalls(of: run, service: options.service)
        effects.append(.endCommands(run, forgets: true))
    }

    /// What the person was to type is not typed now: it can be asked about again.
    mutating func putTypedAside(of run: Run.ID) {
        calls.work = calls.work.filter { $0.key.run != run || $0.value != .typed }
    }
}
