import Assistants

// How messages, steps and the run come to their ends (`CONTRACT.md` 8.4).

extension RunMachine {
    /// Closes the open message and its step as complete, if there is one.
    mutating func closeMessage(_ answer: inout ModelAnswer, usage: Usage) {
        releaseHeldText(&answer)
        linkFiles(&answer)
        guard let (message, step) = answer.message else { return }
        answer.message = nil
        // Now somebody sees them, whatever happens to the host.
        if answer.imageCount > 0 { memory.images.removeFirst(answer.imageCount) }
        answer.imageCount = 0
        tellMessage(message, .completed) { [now] message in
            message.status = .completed
            message.completedAt = now
        }
        closeStep(step, usage: usage)
        if let step = transcript.step(step) { remember(step) }
    }

    /// The model said nothing at all: one message without text, as the hosted service had it.
    mutating func writeEmptyMessage(_ answer: inout ModelAnswer) {
        writeMessage(&answer, answer.leadingSpace)
    }

    /// Tells text that was held back because it might have become a citation.
    mutating func releaseHeldText(_ answer: inout ModelAnswer) {
        let held = answer.citations.finish()
        if !held.isEmpty { tell(text: held, annotation: nil, &answer) }
    }

    private mutating func closeStep(_ id: RunStep.ID, usage: Usage) {
        tellStep(id, .completed) { [now] step in
            step.status = .completed
            step.completedAt = now
            step.expiresAt = nil
            step.usage = usage
        }
    }

    /// Ends the run because a limit was reached or a filter spoke.
    mutating func endIncomplete(_ reason: RunIncompleteReason) {
        if case .answering(var answer) = phase {
            releaseHeldText(&answer)
            closeCut(answer, reason)
        }
        end(.incomplete) { [now] run in
            run.status = .incomplete
            run.incompleteReason = reason
            run.completedAt = now
        }
    }

    private mutating func closeCut(_ answer: ModelAnswer, _ reason: RunIncompleteReason) {
        if let (message, step) = answer.message {
            let isFiltered = reason == .unknown("content_filter")
            tellMessage(message, .incomplete) { [now] message in
                message.status = .incomplete
                message.incompleteReason = isFiltered ? .contentFilter : .maxTokens
                message.incompleteAt = now
            }
            closeStep(step, usage: answer.usage)
        }
        guard let step = answer.toolStep else { return }
        // Nobody can answer a call whose arguments were cut off.
        tellStep(step, .failed) { [now] step in
            step.status = .failed
            step.failedAt = now
            step.expiresAt = nil
            step.usage = answer.usage
            step.lastError = RunError(
                code: .serverError, message: "The answer was cut off inside a tool call.")
        }
    }

    mutating func fail(_ error: RunError) {
        if case .ended = phase { return }
        endOpen(message: .runFailed, step: .failed, error: error)
        end(.failed) { [now] run in
            run.status = .failed
            run.failedAt = now
            run.lastError = error
        }
    }

    mutating func expire() {
        if case .ended = phase { return }
        endOpen(message: .runExpired, step: .expired)
        end(.expired) { $0.status = .expired }
    }

    mutating func beginCancelling() {
        switch phase {
        case .cancelling, .ended: return
        case .answering(let answer), .working(let answer, _): phase = .cancelling(answer)
        case .queued, .requiresAction: phase = .cancelling(nil)
        }
        tellRun(.cancelling) { run in
            run.status = .cancelling
            run.requiredAction = []
        }
        order(.acknowledge(run))
        order(.stopWork)
    }

    mutating func cancel() {
        guard case .cancelling(let answer) = phase else { return }
        if let answer { phase = .answering(answer) }
        endOpen(message: .runCancelled, step: .cancelled)
        end(.cancelled) { [now] run in
            run.status = .cancelled
            run.cancelledAt = now
        }
    }

    /// Ends what is open without having come to its end; the text that came stays.
    mutating func endOpen(
        message reason: MessageIncompleteReason, step phase: StepPhase, error: RunError? = nil
    ) {
        if case .answering(var answer) = self.phase { releaseHeldText(&answer) }
        for message in transcript.messages where message.status == .inProgress {
            tellMessage(message.id, .incomplete) { [now] message in
                message.status = .incomplete
                message.incompleteReason = reason
                message.incompleteAt = now
            }
        }
        for step in transcript.steps where step.status == .inProgress {
            tellStep(step.id, phase) { [now] step in
                step.end(phase, at: now)
                step.lastError = error
            }
        }
    }

    /// Ends the run, with all it cost.
    mutating func end(_ phase: RunPhase, _ change: (inout Run) -> Void) {
        self.phase = .ended
        tellRun(phase) { [memory] run in
            change(&run)
            run.expiresAt = nil
            run.requiredAction = []
            run.usage = memory.usage
        }
        emit(.done)
        order(.finish)
    }
}

extension RunStep {
    fileprivate mutating func end(_ phase: StepPhase, at now: Int) {
        expiresAt = nil
        usage = usage ?? Usage()
        switch phase {
        case .failed: (status, failedAt) = (.failed, now)
        case .cancelled: (status, cancelledAt) = (.cancelled, now)
        case .expired: (status, expiredAt) = (.expired, now)
        case .created, .inProgress, .completed: break
        }
    }
}
