import Assistants
import TextLayout

// What a service tells of one thread, folded into its transcript.
extension Conversation {
    /// Thoughts of a run that are kept, in bytes; what comes after is left out.
    static let thoughtLimit = 1 << 20
    /// The key of the timing of a run's wait in the queue.
    static func queueKey(_ run: Run.ID) -> String { run + ".queue" }

    /// Whether the newest messages are in the transcript.
    var isAtEnd: Bool { window.upperBound >= total }

    /// Takes in an event of a run.
    mutating func take(_ event: AssistantEvent, at now: Duration) -> Transcript.Change? {
        lastSign = now
        switch event {
        case .messageDelta(let delta):
            // What stands beyond the messages that are loaded is read when the reader gets there;
            // the middle of what began before we listened comes with the thread.
            if !isAtEnd || loading != .done, transcript.place(ofMessage: delta.id) == nil {
                return nil
            }
            note(firstTextOf: delta.id, at: now)
        case .stepDelta(let delta):
            if loading != .done, transcript.place(ofStep: delta.id) == nil { return nil }
        case .message(let phase, let message):
            guard admit(message, isNew: phase == .created) else { return nil }
        default: break
        }
        let change = transcript.apply(event)
        switch change {
        case .message(let id):
            if case .message = event {
                touch(message: id, replaced: true)
            } else {
                touch(message: id, replaced: false)
            }
        case .run(let id):
            if case .run(.queued, _) = event { streamHealth = nil }
            note(run: id, at: now)
        case .step(let id): note(step: id, at: now)
        case .thread, .failed, .ended, .fault, nil: break
        }
        return change
    }

    /// Takes in a message that a person or a program added.
    mutating func add(_ message: Message) {
        if let sent = pending.firstIndex(where: { $0.text == message.text }),
            message.role == .user
        {
            pending.remove(at: sent)
        }
        guard admit(message, isNew: true) else { return }
        transcript.apply(message)
        touch(message: message.id, replaced: true)
    }

    /// Takes in more of what the model thinks.
    mutating func think(_ text: String, in run: Run.ID, at now: Duration) {
        lastSign = now
        var thought = thoughts.removeValue(forKey: run) ?? Thought()
        if thought.bytes < Self.thoughtLimit {
            thought.bytes += text.utf8.count
            thought.text.append(text.utf8)
        }
        thoughts[run] = thought
        if let place = transcript.messages.lastIndex(where: { $0.runID == run }),
            place < chat.items.count
        {
            chat.items[place].isExact = false
        }
    }

    /// Takes in what was read from the service; what was heard live is newer and stays.
    mutating func open(_ opened: OpenedThread, _ context: ChatContext) {
        loading = .done
        let known = Set(opened.messages.map(\.id))
        let live = transcript.messages.filter { !known.contains($0.id) }.count
        let count = opened.messages.filter { transcript.place(ofMessage: $0.id) == nil }.count
        alignItems()
        transcript.prepend(opened.messages)
        shiftChat(by: count, context: context)
        total = opened.total + live
        window = opened.window.lowerBound..<total
        for run in opened.runs where transcript.run(run.id) == nil { transcript.apply(run) }
        for step in opened.steps where transcript.step(step.id) == nil { transcript.apply(step) }
        placeRuns()
    }

    /// Takes in more messages.
    mutating func take(
        _ messages: [Message], at range: Range<Int>, for purpose: WindowPurpose,
        total newTotal: Int,
        _ context: ChatContext
    ) {
        isLoadingMore = false
        total = max(newTotal, range.upperBound)
        switch purpose {
        case .older:
            guard range.upperBound == window.lowerBound else { return }
            let count = messages.filter { transcript.place(ofMessage: $0.id) == nil }.count
            alignItems()
            transcript.prepend(messages)
            shiftChat(by: count, context: context)
            window = range.lowerBound..<window.upperBound
        case .newer:
            guard range.lowerBound == window.upperBound else { return }
            for message in messages where transcript.place(ofMessage: message.id) == nil {
                transcript.apply(message)
            }
            window = window.lowerBound..<range.upperBound
        case .jump: jump(to: messages, at: range)
        case .place:
            guard let place = sought, !messages.isEmpty else { return sought = nil }
            jump(to: messages, at: range)
            sought = nil
            if !show(place) {
                let last = messages.count - 1
                let number = (place.number ?? 0) - range.lowerBound
                chat.anchor = .init(message: min(max(0, number), last), row: 0)
            }
        }
        placeRuns()
    }

    /// Replaces the messages by others of the same thread; runs and steps stay.
    private mutating func jump(to messages: [Message], at range: Range<Int>) {
        var new = Transcript()
        for run in transcript.runs { new.apply(run) }
        for step in transcript.steps { new.apply(step) }
        for message in messages {
            // A message that was heard live is newer than what was read.
            new.apply(transcript.message(message.id) ?? message)
        }
        transcript = new
        window = range
        let width = chat.width
        chat = ChatView()
        chat.width = width
        chat.anchor = range.upperBound < total ? .init(message: 0, row: 0) : nil
    }

    /// Whether a message belongs among those that are loaded; counts it when it is new.
    private mutating func admit(_ message: Message, isNew: Bool) -> Bool {
        if transcript.place(ofMessage: message.id) != nil { return true }
        let wasAtEnd = isAtEnd
        guard wasAtEnd || isNew else { return false }
        total += 1
        if wasAtEnd { window = window.lowerBound..<total }
        return wasAtEnd
    }

    // MARK: - Times

    private mutating func note(firstTextOf id: Message.ID, at now: Duration) {
        guard let run = transcript.message(id)?.runID, firstText[run] == nil else { return }
        firstText[run] = now
    }

    private mutating func note(run id: Run.ID, at now: Duration) {
        guard let run = transcript.run(id) else { return }
        isStarting = false
        noteOrigin(of: id)
        // Only what began before our eyes is timed by them.
        if timings[id] == nil, run.status == .queued {
            timings[id] = Timing(start: now)
            timings[Self.queueKey(id)] = Timing(start: now)
        }
        if run.status != .queued { end(Self.queueKey(id), at: now) }
        if run.status.isTerminal {
            end(id, at: now)
            if stopping == id { stopping = nil }
        }
    }

    private mutating func note(step id: RunStep.ID, at now: Duration) {
        guard let step = transcript.step(id) else { return }
        if step.status == .inProgress || step.createdAt == 0 {
            if timings[id] == nil { timings[id] = Timing(start: now) }
        } else {
            end(id, at: now)
        }
        note(callsOf: step, at: now)
    }

    private mutating func end(_ key: String, at now: Duration) {
        if timings[key] != nil, timings[key]?.end == nil { timings[key]?.end = now }
    }
}
