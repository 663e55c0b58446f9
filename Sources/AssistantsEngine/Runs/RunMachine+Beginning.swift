import Assistants

extension RunMachine {
    mutating func start() {
        guard case .queued = phase else { return }
        emit(.run(.created, run))
        emit(.run(.queued, run))
        proceed()
    }

    /// Takes the run out of the queue and asks the model.
    mutating func proceed() {
        tellRun(.inProgress) { [now] run in
            run.status = .inProgress
            run.startedAt = now
        }
        callModel()
    }

    /// Asks the model for the next round, where the run's limits allow one.
    mutating func callModel() {
        let run = run
        if memory.rounds >= Self.roundLimit {
            return fail(
                RunError(
                    code: .serverError,
                    message: "The run called the model \(Self.roundLimit) times without coming to "
                        + "an end, which is the most one run may do."))
        }
        let promptTokens = run.maxPromptTokens.map { $0 - memory.usage.promptTokens }
        if let promptTokens, promptTokens <= 0 { return endIncomplete(.maxPromptTokens) }
        let tokensLeft = tokenLimit.map { $0 - memory.usage.totalTokens }
        if let tokenLimit, let tokensLeft, tokensLeft <= 0 {
            return fail(
                RunError(
                    code: .rateLimitExceeded,
                    message: "The run has used \(memory.usage.totalTokens) tokens; the most one "
                        + "run may use here is \(tokenLimit)."))
        }
        let completionTokens = run.maxCompletionTokens.map { $0 - memory.usage.completionTokens }
        if let completionTokens, completionTokens <= 0 {
            return endIncomplete(.maxCompletionTokens)
        }
        memory.rounds += 1
        // A forced tool is forced once, or the run would never end (`ENGINE.md` 2.3).
        let isFirst = memory.rounds == 1 || run.toolChoice == .none
        phase = .answering(ModelAnswer())
        order(
            .callModel(
                ModelCall(
                    conversation: conversation, toolChoice: isFirst ? run.toolChoice : .auto,
                    promptTokens: promptTokens,
                    completionTokens: [completionTokens, tokensLeft].compactMap { $0 }.min())))
    }

    /// Carries on after the host had gone (`RELIABILITY.md` 2.3).
    mutating func recover(after interruptions: Int) {
        let run = run
        if run.status == .cancelling {
            phase = .cancelling(nil)
            return cancel()
        }
        guard run.status.isActive else { return order(.finish) }
        if let expiresAt = run.expiresAt, expiresAt <= now { return expire() }
        switch run.status {
        case .requiresAction: waitAgain()
        case .queued: proceed()
        default:
            if interruptions >= Self.interruptionLimit {
                return fail(
                    RunError(
                        code: .serverError,
                        message: "The run was interrupted \(interruptions) times, so it was given "
                            + "up. Start a new one."))
            }
            if endLostCalls() { return callModel() }
            endOpen(
                message: .runFailed, step: .failed,
                error: RunError(
                    code: .serverError,
                    message: "Switchboard ended while this step was going on; it was begun again."))
            memory.rounds = max(0, memory.rounds - 1)
            callModel()
        }
    }

    private mutating func waitAgain() {
        let open = transcript.steps.last { $0.status == .inProgress }
        phase = .requiresAction(open?.id ?? "")
    }
}
