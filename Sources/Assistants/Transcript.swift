import Wire

/// What was said and done so far: the sum of events.
///
/// The only code that adds deltas to messages, steps and tool calls. A delta costs the delta: texts
/// are appended in place, nothing that grew before is copied.
public struct Transcript: Hashable, Sendable {
    /// What an event changed, so that a view can redraw just that.
    public enum Change: Hashable, Sendable {
        case thread
        case run(Run.ID)
        case step(RunStep.ID)
        case message(Message.ID)
        /// The stream said that it failed.
        case failed(APIError)
        /// The stream is complete.
        case ended
        /// The event could not be used and changed nothing, or was repaired; told once an object.
        case fault(TranscriptFault)
    }

    public private(set) var thread: Thread?
    /// In the order in which they were first heard of.
    public private(set) var messages: [Message] = []
    public private(set) var runs: [Run] = []
    public private(set) var steps: [RunStep] = []
    /// What could not be used, once for each object.
    public private(set) var faults: [TranscriptFault] = []
    private var knownFaults: Set<TranscriptFault> = []

    private var messagePlaces: [Message.ID: Int] = [:]
    private var runPlaces: [Run.ID: Int] = [:]
    private var stepPlaces: [RunStep.ID: Int] = [:]
    // Read by the positions of parts and calls.
    var indexes = SparseIndexes()

    /// Makes an empty transcript.
    public init() {}

    /// A message by its id.
    public func message(_ id: Message.ID) -> Message? { messagePlaces[id].map { messages[$0] } }
    /// A run by its id.
    public func run(_ id: Run.ID) -> Run? { runPlaces[id].map { runs[$0] } }
    /// A step by its id.
    public func step(_ id: RunStep.ID) -> RunStep? { stepPlaces[id].map { steps[$0] } }
    /// Where a message stands in `messages`.
    public func place(ofMessage id: Message.ID) -> Int? {
        // Most deltas are of what came last.
        let last = messages.count - 1
        return last >= 0 && messages[last].id == id ? last : messagePlaces[id]
    }
    /// Where a step stands in `steps`.
    public func place(ofStep id: RunStep.ID) -> Int? {
        let last = steps.count - 1
        return last >= 0 && steps[last].id == id ? last : stepPlaces[id]
    }

    /// Adds an event and says what it changed; nil when it changed nothing.
    @discardableResult
    public mutating func apply(_ event: AssistantEvent) -> Change? {
        switch event {
        case .threadCreated(let thread):
            self.thread = thread
            return .thread
        case .run(_, let run): return apply(run)
        case .step(_, let step): return apply(step)
        case .stepDelta(let delta): return apply(delta)
        case .message(_, let message): return apply(message)
        case .messageDelta(let delta): return apply(delta)
        case .error(let error): return .failed(error)
        case .done: return .ended
        case .unknown: return nil
        }
    }

    /// Takes in a whole run; the newest whole object is the truth.
    @discardableResult
    public mutating func apply(_ run: Run) -> Change {
        if let place = runPlaces[run.id] {
            runs[place] = run
        } else {
            runPlaces[run.id] = runs.count
            runs.append(run)
        }
        return .run(run.id)
    }

    /// Takes in a whole step in place of what its deltas gave.
    @discardableResult
    public mutating func apply(_ step: RunStep) -> Change {
        if let place = stepPlaces[step.id] {
            // An event in between may repeat the step as it was created, without what came since.
            if step.status == .inProgress, case .toolCalls(let calls) = step.details, calls.isEmpty
            {
                var merged = step
                merged.details = steps[place].details
                steps[place] = merged
                return .step(step.id)
            }
            steps[place] = step
        } else {
            stepPlaces[step.id] = steps.count
            steps.append(step)
        }
        indexes.forget(step.id)
        return .step(step.id)
    }

    /// Takes in a whole message in place of what its deltas gave.
    @discardableResult
    public mutating func apply(_ message: Message) -> Change {
        if let place = messagePlaces[message.id] {
            if message.status == .inProgress, message.content.isEmpty {
                var merged = message
                merged.content = messages[place].content
                messages[place] = merged
                return .message(message.id)
            }
            messages[place] = message
        } else {
            messagePlaces[message.id] = messages.count
            messages.append(message)
        }
        indexes.forget(message.id)
        return .message(message.id)
    }

    /// Removes a message, as when a person deleted it.
    public mutating func removeMessage(_ id: Message.ID) {
        guard let place = messagePlaces.removeValue(forKey: id) else { return }
        messages.remove(at: place)
        for later in place..<messages.count { messagePlaces[messages[later].id] = later }
    }

    /// Puts older messages in front of what is there, as when a reader scrolls up.
    public mutating func prepend(_ older: [Message]) {
        let new = older.filter { messagePlaces[$0.id] == nil }
        messages.insert(contentsOf: new, at: 0)
        for (place, message) in messages.enumerated() { messagePlaces[message.id] = place }
    }
}

// MARK: - Deltas

extension Transcript {
    private mutating func apply(_ delta: MessageDelta) -> Change? {
        let known = place(ofMessage: delta.id)
        let count = known.map { messages[$0].content.count } ?? 0
        for part in delta.parts
        where !indexes.allow(part.index, at: .part(delta.id), count: count) {
            return report(.indexOutOfRange(delta.id))
        }
        var change = Change.message(delta.id)
        let place = known ?? messages.count
        if known == nil {
            messagePlaces[delta.id] = place
            messages.append(
                Message(id: delta.id, createdAt: 0, threadID: "", role: .unknown("")))
            change = report(.deltaBeforeCreation(delta.id)) ?? change
        }
        for part in delta.parts {
            if !add(part, toMessageAt: place) {
                change = report(.kindChanged(delta.id)) ?? change
            }
        }
        return change
    }

    private mutating func add(_ part: MessageDelta.Part, toMessageAt place: Int) -> Bool {
        let id = messages[place].id
        let (position, isNew) = indexes.position(
            of: part.index, at: .part(id), count: messages[place].content.count)
        if isNew {
            messages[place].content.insert(MessageContent(part.content), at: position)
            if case .text(_, let annotations) = part.content {
                addAnnotations(annotations, position: position, messageAt: place, to: id)
            }
            return true
        }
        switch part.content {
        case .text(let more, let annotations):
            guard messages[place].content[position].appendText(more) else { return false }
            addAnnotations(annotations, position: position, messageAt: place, to: id)
        case .refusal(let more):
            guard messages[place].content[position].appendRefusal(more) else { return false }
        case .whole(let content):
            messages[place].content[position] = content
        }
        return true
    }

    private mutating func addAnnotations(
        _ annotations: [MessageDelta.IndexedAnnotation], position: Int, messageAt place: Int,
        to id: Message.ID
    ) {
        guard !annotations.isEmpty, case .text(var text) = messages[place].content[position]
        else { return }
        messages[place].content[position] = .refusal("")
        for new in annotations {
            let path = SparseIndexes.Path.annotation(id, part: position)
            guard indexes.allow(new.index, at: path, count: text.annotations.count) else {
                continue
            }
            let (position, isNew) = indexes.position(
                of: new.index, at: path, count: text.annotations.count)
            if isNew {
                text.annotations.insert(new.annotation, at: position)
            } else {
                text.annotations[position] = new.annotation
            }
        }
        messages[place].content[position] = .text(text)
    }

    private mutating func apply(_ delta: RunStepDelta) -> Change? {
        var change = Change.step(delta.id)
        guard case .toolCalls(let deltas) = delta.details else {
            guard case .messageCreation(let messageID) = delta.details,
                let place = place(ofStep: delta.id)
            else { return report(.kindChanged(delta.id)) }
            steps[place].details = .messageCreation(messageID: messageID)
            return change
        }
        let known = place(ofStep: delta.id)
        var calls: [ToolCall] = []
        if let known {
            guard case .toolCalls(let existing) = steps[known].details else {
                return report(.kindChanged(delta.id))
            }
            calls = existing
        }
        for call in deltas
        where !indexes.allow(call.index, at: .call(delta.id), count: calls.count) {
            return report(.indexOutOfRange(delta.id))
        }
        let place = known ?? steps.count
        if known == nil {
            stepPlaces[delta.id] = place
            steps.append(
                RunStep(
                    id: delta.id, createdAt: 0, runID: "", assistantID: nil, threadID: "",
                    status: .unknown(""), details: .toolCalls([])))
            change = report(.deltaBeforeCreation(delta.id)) ?? change
        }
        steps[place].details = .unknown(.null)  // Lets go of the calls: texts grow in place.
        for call in deltas where !add(call, to: &calls, step: delta.id) {
            change = report(.kindChanged(delta.id)) ?? change
        }
        steps[place].details = .toolCalls(calls)
        return change
    }

    private mutating func add(
        _ delta: ToolCallDelta, to calls: inout [ToolCall], step id: RunStep.ID
    ) -> Bool {
        let (position, isNew) = indexes.position(
            of: delta.index, at: .call(id), count: calls.count)
        if isNew { calls.insert(ToolCall(startOf: delta), at: position) }
        if let callID = delta.id, calls[position].id != callID { calls[position].id = callID }
        switch delta.kind {
        case .codeInterpreter(let input, let outputs):
            return addCode(input, outputs, to: &calls[position], at: .output(id, call: position))
        case .fileSearch(let options, let results):
            calls[position].kind = .fileSearch(rankingOptions: options, results: results)
            return true
        case .function(let name, let arguments, let output):
            return calls[position].append(name: name, arguments: arguments, output: output)
        case .unknown(let json):
            calls[position].kind = .unknown(json)
            return true
        }
    }

    private mutating func addCode(
        _ more: String?, _ outputs: [ToolCallDelta.IndexedOutput], to call: inout ToolCall,
        at path: SparseIndexes.Path
    ) -> Bool {
        guard case .codeInterpreter(var input, var existing) = call.kind else { return false }
        call.kind = .unknown(.null)  // Lets go of the texts: they grow in place.
        if let more { input += more }
        for output in outputs
        where indexes.allow(output.index, at: path, count: existing.count) {
            let (position, isNew) = indexes.position(
                of: output.index, at: path, count: existing.count)
            if isNew {
                existing.insert(output.output, at: position)
            } else {
                existing[position].append(output.output)
            }
        }
        call.kind = .codeInterpreter(input: input, outputs: existing)
        return true
    }

    /// Notes a fault; nil when the same was told before.
    private mutating func report(_ fault: TranscriptFault) -> Change? {
        if !knownFaults.insert(fault).inserted { return nil }
        faults.append(fault)
        return .fault(fault)
    }
}
