import Assistants

/// What was told last, to know what the next event means for its callbacks.
struct CallbackState {
    /// The part of a message that grew last, by its index on the wire.
    var part: (message: Message.ID, index: Int)?
    /// The tool call that grew last, by its index on the wire; nil once it was told to be done.
    var call: (step: RunStep.ID, index: Int)?
}

// The order of callbacks; `docs/decisions/0010-callback-order.md` says why it is so.
extension RunStream {
    /// Tells of an event, takes it in, and tells what it means in particular.
    func dispatch(_ event: AssistantEvent) async throws {
        for handler in handlers { try await handler.onEvent(event) }
        switch event {
        case .messageDelta(let delta): try await dispatch(delta)
        case .stepDelta(let delta): try await dispatch(delta)
        case .run(let phase, let run):
            if run.status.isTerminal || run.status == .requiresAction { try await endCall() }
            transcript.apply(event)
            for handler in handlers { try await handler.tell(phase, run) }
        case .step(let phase, let step): try await dispatch(phase, step)
        case .message(let phase, let message): try await dispatch(phase, message)
        case .threadCreated, .error, .done, .unknown: transcript.apply(event)
        }
    }

    // MARK: - Messages

    private func dispatch(_ phase: MessagePhase, _ message: Message) async throws {
        transcript.apply(message)
        switch phase {
        case .created:
            callbacks.part = nil
            for handler in handlers { try await handler.onMessageCreated(message) }
        case .inProgress: break
        case .completed, .incomplete:
            if let part = callbacks.part, part.message == message.id {
                callbacks.part = nil
                if part.index < message.content.count {
                    try await end(message.content[part.index], in: message)
                }
            }
            for handler in handlers { try await handler.onMessageDone(message) }
        }
    }

    private func dispatch(_ delta: MessageDelta) async throws {
        guard let (place, new) = Self.add(delta, to: &transcript) else { return }
        for index in new {
            guard let text = Self.text(index, place, &transcript) else { continue }
            for handler in handlers { try await handler.onTextCreated(text) }
        }
        for part in delta.parts {
            if case .text(let value, let annotations) = part.content,
                let snapshot = Self.text(part.index, place, &transcript)
            {
                let delta = TextDelta(index: part.index, value: value, annotations: annotations)
                for handler in handlers { try await handler.onTextDelta(delta, snapshot: snapshot) }
            }
            guard let ended = partThatEnds(before: part.index, of: delta.id, at: place) else {
                continue
            }
            try await end(ended, in: transcript.messages[place])
        }
        for handler in handlers {
            try await handler.onMessageDelta(delta, snapshot: transcript.messages[place])
        }
    }

    /// Takes note of which part grew; the one before it when that grows no more.
    private func partThatEnds(
        before index: Int, of id: Message.ID, at place: Int
    ) -> MessageContent? {
        let last = callbacks.part
        if let last, last.index == index, last.message == id { return nil }
        callbacks.part = (id, index)
        guard let last, last.message == id,
            let position = transcript.position(ofPart: last.index, inMessageAt: place)
        else { return nil }
        return transcript.messages[place].content[position]
    }

    // What is done for each delta takes the transcript as `inout`: a method called on the property
    // copies all of its references first.

    /// Adds a delta, and says where its message stands and which texts begin with it; nil when it
    /// was no good and left out.
    private static func add(
        _ delta: MessageDelta, to transcript: inout Transcript
    ) -> (place: Int, new: [Int])? {
        let known = transcript.place(ofMessage: delta.id)
        var new: [Int] = []
        for part in delta.parts {
            if let known, transcript.position(ofPart: part.index, inMessageAt: known) != nil {
                continue
            }
            if case .text = part.content, !new.contains(part.index) { new.append(part.index) }
        }
        transcript.apply(.messageDelta(delta))
        guard let place = known ?? transcript.place(ofMessage: delta.id) else { return nil }
        return (place, new)
    }

    private static func text(
        _ index: Int, _ place: Int, _ transcript: inout Transcript
    ) -> MessageText? {
        guard let position = transcript.position(ofPart: index, inMessageAt: place),
            case .text(let text) = transcript.messages[place].content[position]
        else { return nil }
        return text
    }

    private func end(_ part: MessageContent, in message: Message) async throws {
        switch part {
        case .text(let text):
            for handler in handlers { try await handler.onTextDone(text, in: message) }
        case .imageFile(let id, let detail):
            let file = ImageFile(fileID: id, detail: detail)
            for handler in handlers { try await handler.onImageFileDone(file, in: message) }
        case .imageURL, .refusal, .unknown: break
        }
    }

    // MARK: - Run steps

    private func dispatch(_ phase: StepPhase, _ step: RunStep) async throws {
        let snapshot = transcript.step(step.id) ?? step
        transcript.apply(step)
        switch phase {
        case .created:
            for handler in handlers { try await handler.onRunStepCreated(step) }
        case .inProgress: break
        case .completed, .failed, .cancelled, .expired:
            if callbacks.call?.step == step.id { try await endCall(snapshot) }
            for handler in handlers { try await handler.onRunStepDone(step, snapshot: snapshot) }
        }
    }

    private func dispatch(_ delta: RunStepDelta) async throws {
        guard let place = Self.add(delta, to: &transcript) else { return }
        if case .toolCalls(let calls) = delta.details {
            for call in calls { try await dispatch(call, of: delta.id, at: place) }
        }
        for handler in handlers {
            try await handler.onRunStepDelta(delta, snapshot: transcript.steps[place])
        }
    }

    private static func add(_ delta: RunStepDelta, to transcript: inout Transcript) -> Int? {
        transcript.apply(.stepDelta(delta))
        return transcript.place(ofStep: delta.id)
    }

    private func dispatch(
        _ delta: ToolCallDelta, of id: RunStep.ID, at place: Int
    ) async throws {
        guard let snapshot = Self.call(delta.index, place, &transcript) else { return }
        if let last = callbacks.call, last.index == delta.index, last.step == id {
            for handler in handlers {
                try await handler.onToolCallDelta(delta, snapshot: snapshot)
            }
            return
        }
        try await endCall()
        callbacks.call = (id, delta.index)
        for handler in handlers { try await handler.onToolCallCreated(snapshot) }
    }

    private static func call(
        _ index: Int, _ place: Int, _ transcript: inout Transcript
    ) -> ToolCall? {
        guard case .toolCalls(let calls) = transcript.steps[place].details,
            let position = transcript.position(ofCall: index, inStepAt: place)
        else { return nil }
        return calls[position]
    }

    /// Tells that the open call is done, if one is, as its whole step says or as it adds up.
    private func endCall(_ snapshot: RunStep? = nil) async throws {
        guard let open = callbacks.call else { return }
        callbacks.call = nil
        guard let place = transcript.place(ofStep: open.step) else { return }
        var call: ToolCall?
        for step in [transcript.steps[place], snapshot].compactMap({ $0 }) where call == nil {
            guard case .toolCalls(let calls) = step.details else { continue }
            if let position = transcript.position(ofCall: open.index, inStepAt: place),
                position < calls.count
            {
                call = calls[position]
            }
        }
        guard let call else { return }
        for handler in handlers { try await handler.onToolCallDone(call) }
    }
}

extension AssistantEventHandler {
    /// Tells what happened to a run. Some servers name an event otherwise than what the run says;
    /// then the run is right.
    fileprivate func tell(_ phase: RunPhase, _ run: Run) async throws {
        let phase = run.status.isTerminal ? RunPhase(rawValue: run.status.wireName) ?? phase : phase
        switch phase {
        case .created: try await onRunCreated(run)
        case .queued: try await onRunQueued(run)
        case .inProgress: try await onRunInProgress(run)
        case .requiresAction: try await onRunRequiresAction(run)
        case .completed: try await onRunCompleted(run)
        case .incomplete: try await onRunIncomplete(run)
        case .failed: try await onRunFailed(run)
        case .cancelling: try await onRunCancelling(run)
        case .cancelled: try await onRunCancelled(run)
        case .expired: try await onRunExpired(run)
        }
    }
}
