import Assistants

/// The events that lie between what was seen of a run and what became of it.
///
/// They are such as the run's stream would have had: what is new of a text comes as one delta, so
/// that whoever prints deltas prints the whole text, and nothing twice.
struct MissedEvents {
    private let seen: Transcript
    private var events: [AssistantEvent] = []

    init(_ seen: Transcript) { self.seen = seen }

    /// The events, up to the run's last.
    func of(_ run: Run, _ steps: [RunStep], _ messages: [Message]) -> [AssistantEvent] {
        var missed = self
        var rest = messages
        for step in steps {
            missed.begin(step)
            if case .messageCreation(let id) = step.details,
                let place = rest.firstIndex(where: { $0.id == id })
            {
                missed.add(rest.remove(at: place))
            }
            missed.end(step)
        }
        for message in rest { missed.add(message) }
        if missed.seen.run(run.id) != run || missed.seen.run(run.id)?.status.isActive == true {
            missed.events.append(.run(run.status.phase, run))
        }
        return missed.events
    }

    // MARK: - Messages

    private mutating func add(_ message: Message) {
        var message = message
        let known = seen.message(message.id)
        if known?.status == .completed || known?.status == .incomplete { return }
        // Over REST some servers leave out what state a message is in.
        if message.status == nil {
            message.status = message.incompleteReason == nil ? .completed : .incomplete
        }
        if known == nil {
            var begun = message
            (begun.status, begun.content, begun.completedAt) = (.inProgress, [], nil)
            (begun.incompleteReason, begun.incompleteAt) = (nil, nil)
            events.append(.message(.created, begun))
        }
        for (index, part) in message.content.enumerated() {
            let old = known.flatMap { index < $0.content.count ? $0.content[index] : nil }
            guard let content = Self.growth(from: old, to: part) else { continue }
            let parts = [MessageDelta.Part(index: index, content: content)]
            events.append(.messageDelta(MessageDelta(id: message.id, parts: parts)))
        }
        switch message.status {
        case .incomplete: events.append(.message(.incomplete, message))
        case .inProgress: break
        default: events.append(.message(.completed, message))
        }
    }

    private static func growth(
        from old: MessageContent?, to new: MessageContent
    ) -> MessageDelta.Content? {
        switch (old, new) {
        case (nil, .text(let text)):
            return .text(text.value, annotations: indexed(text.annotations, from: 0))
        case (.text(let old)?, .text(let text)):
            guard let more = text.value.suffix(after: old.value) else { return nil }
            let annotations = indexed(text.annotations, from: old.annotations.count)
            return more.isEmpty && annotations.isEmpty
                ? nil : .text(more, annotations: annotations)
        case (nil, .refusal(let text)): return .refusal(text)
        case (.refusal(let old)?, .refusal(let text)):
            return text.suffix(after: old).flatMap { $0.isEmpty ? nil : .refusal($0) }
        case (nil, _): return .whole(new)
        default: return nil
        }
    }

    private static func indexed(
        _ annotations: [Annotation], from start: Int
    ) -> [MessageDelta.IndexedAnnotation] {
        annotations.enumerated().dropFirst(start).map {
            MessageDelta.IndexedAnnotation(index: $0.offset, annotation: $0.element)
        }
    }

    // MARK: - Steps

    private mutating func begin(_ step: RunStep) {
        let known = seen.step(step.id)
        if known == nil {
            var begun = step
            begun.status = .inProgress
            (begun.completedAt, begun.usage, begun.lastError) = (nil, nil, nil)
            (begun.failedAt, begun.cancelledAt, begun.expiredAt) = (nil, nil, nil)
            if case .toolCalls = step.details { begun.details = .toolCalls([]) }
            events.append(.step(.created, begun))
        }
        if let known, known.status != .inProgress, known.status.isKnown { return }
        guard case .toolCalls(let calls) = step.details else { return }
        var old: [ToolCall] = []
        if case .toolCalls(let calls)? = known?.details { old = calls }
        for (index, call) in calls.enumerated() {
            let before = index < old.count ? old[index] : nil
            guard let delta = ToolCallDelta(from: before, to: call, index: index) else { continue }
            events.append(
                .stepDelta(RunStepDelta(id: step.id, details: .toolCalls([delta]))))
        }
    }

    private mutating func end(_ step: RunStep) {
        guard let phase = step.status.endPhase, seen.step(step.id)?.status != step.status
        else { return }
        events.append(.step(phase, step))
    }
}

extension ToolCallDelta {
    /// What a call grew by; nil where that is nothing that a delta could tell.
    fileprivate init?(from old: ToolCall?, to new: ToolCall, index: Int) {
        let id = old == nil ? new.id : nil
        switch (old?.kind, new.kind) {
        case (nil, .function(let name, let arguments, let output)):
            self.init(
                index: index, id: id,
                kind: .function(name: name, arguments: arguments, output: output))
        case (
            .function(_, let before, let oldOutput)?, .function(_, let arguments, let output)
        ):
            guard let more = arguments.suffix(after: before) else { return nil }
            let newOutput = oldOutput == nil ? output : nil
            if more.isEmpty && newOutput == nil { return nil }
            self.init(
                index: index, id: nil,
                kind: .function(name: nil, arguments: more, output: newOutput))
        case (nil, .codeInterpreter(let input, let outputs)):
            self.init(
                index: index, id: id,
                kind: .codeInterpreter(input: input, outputs: Self.indexed(outputs, from: 0)))
        case (
            .codeInterpreter(let before, let known)?, .codeInterpreter(let input, let outputs)
        ):
            guard let more = input.suffix(after: before) else { return nil }
            let missing = Self.indexed(outputs, from: known.count)
            if more.isEmpty && missing.isEmpty { return nil }
            self.init(
                index: index, id: nil, kind: .codeInterpreter(input: more, outputs: missing))
        case (nil, .fileSearch(let options, _)):
            // Passages come with the whole step only.
            self.init(
                index: index, id: id, kind: .fileSearch(rankingOptions: options, results: []))
        case (nil, .unknown(let json)): self.init(index: index, id: id, kind: .unknown(json))
        default: return nil
        }
    }

    private static func indexed(_ outputs: [CodeOutput], from start: Int) -> [IndexedOutput] {
        outputs.enumerated().dropFirst(start).map {
            IndexedOutput(index: $0.offset, output: $0.element)
        }
    }
}

extension String {
    /// What follows a beginning; nil where the text does not begin so.
    fileprivate func suffix(after beginning: String) -> String? {
        let (own, other) = (utf8, beginning.utf8)
        guard own.starts(with: other) else { return nil }
        return String(decoding: own.dropFirst(other.count), as: UTF8.self)
    }
}

extension RunStatus {
    /// What happened to a run that is in this state.
    fileprivate var phase: RunPhase { RunPhase(rawValue: wireName) ?? .inProgress }
}

extension StepStatus {
    fileprivate var isKnown: Bool { unknownName == nil }

    /// What happened to a step that is in this state; nil where it goes on.
    fileprivate var endPhase: StepPhase? {
        switch self {
        case .completed: .completed
        case .failed: .failed
        case .cancelled: .cancelled
        case .expired: .expired
        case .inProgress, .unknown: nil
        }
    }
}
