import Assistants

// What the service tells.
extension ConsoleState {
    /// Takes in one event. A delta of a thread that is not shown costs no frame.
    mutating func take(_ event: ServiceEvent) {
        let id = event.threadID
        switch event.kind {
        case .run(let run): takeRun(run, thread: id)
        case .reasoning(let text):
            guard !id.isEmpty else { return }
            hear(of: id)
            conversations[id]?.think(text, in: event.runID, at: now.monotonic)
            if id == current { needsFrame = true }
        case .messageAdded(let message):
            guard !id.isEmpty else { return }
            hear(of: id)
            conversations[id]?.add(message)
            loadFiles(of: [message])
            noteActivity(in: id, message: message)
        case .messageDeleted(let message):
            conversations[id]?.removeMessage(message)
            needsFrame = true
        case .threadChanged(let thread): replace(thread)
        case .threadDeleted: forget(thread: id)
        case .assistantChanged(let assistant): replace(assistant)
        case .assistantDeleted(let assistant):
            assistants.removeAll { $0.id == assistant }
            needsFrame = true
        case .streamHealth(let health):
            conversations[id]?.streamHealth = health
            if id == current { needsFrame = true }
        case .modelsChanged:
            effects.append(.loadModels)
            effects += assistants.map(Effect.resolveModel)
        case .objectsImported:
            effects.append(.loadAssistants)
            loadThreads()
            // What they had may be more now; they are read anew when they are opened.
            for conversation in spareConversations { conversations[conversation.id] = nil }
        }
    }

    private mutating func takeRun(_ event: AssistantEvent, thread id: Assistants.Thread.ID) {
        guard !id.isEmpty else { return }
        hear(of: id)
        speak(event, thread: id)
        let change = conversations[id]?.take(event, at: now.monotonic)
        if id == current, change != nil { needsFrame = true }
        switch change {
        case .run(let run):
            guard let run = conversations[id]?.transcript.run(run) else { return }
            noteActivity(in: id, run: run)
            if run.status.isTerminal { finish(run, thread: id) } else { progress(run, thread: id) }
        case .failed(let error):
            conversations[id]?.failure = error.message
        case .thread, .step, .message, .ended, .fault, nil: break
        }
    }

    /// Makes room for a thread that something is heard of.
    private mutating func hear(of id: Assistants.Thread.ID) {
        if conversations[id] != nil { return }
        conversations[id] = restored(id)
        forgetOldConversations()
    }

    /// Keeps few threads in memory: those that are shown, written in or running, and some others.
    mutating func forgetOldConversations() {
        guard conversations.count > Self.openThreadLimit else { return }
        let oldest = spareConversations.sorted {
            ($0.lastSign ?? .zero, $0.id) < ($1.lastSign ?? .zero, $1.id)
        }
        for conversation in oldest.prefix(conversations.count - Self.openThreadLimit) {
            conversations[conversation.id] = nil
        }
    }

    /// Threads that are neither shown, written in nor running.
    private var spareConversations: [Conversation] {
        conversations.values.filter {
            $0.id != current && !$0.isBusy && $0.queue.isEmpty && $0.pending.isEmpty
                && $0.attached.isEmpty
        }
    }

    /// A run went on to another state.
    private mutating func progress(_ run: Run, thread id: Assistants.Thread.ID) {
        if conversations[id]?.stopsAtStart == true {
            conversations[id]?.stopsAtStart = false
            stop(run, on: id)
        }
        guard run.status == .requiresAction else {
            endCalls(of: run.id)
            return endNotice(of: run.id)
        }
        if id == current, !isAnswering(run.id) {
            sayWhatWaits()
            if !hasFocus { effects.append(.bell) }
        }
    }

    /// Says that a call in the shown thread waits, unless it is being answered: when it begins to
    /// wait, and when somebody comes to the thread later.
    mutating func sayWhatWaits() {
        closeOtherQuestions()
        guard let run = conversation.activeRun, run.status == .requiresAction,
            !isAnswering(run.id)
        else { return }
        if questions(of: run).isEmpty { sayWhatWaits(run) } else { considerCalls() }
    }

    /// Says which call of the shown run waits for the person.
    mutating func sayWhatWaits(_ run: Run) {
        guard !isWorking(run) else { return }
        let name = callToAttend?.name ?? "A tool"
        say(
            "\(name) waits for an answer \(glyphs.dot) \(label(.answerCall))",
            waitingFor: run.id)
    }

    /// Whether the card that answers a run's calls is open.
    private func isAnswering(_ run: Run.ID) -> Bool {
        popups.contains {
            switch $0 {
            case .answer(let prompt): prompt.runID == run
            case .consent(let prompt): prompt.order.runID == run
            default: false
            }
        }
    }

    /// A run ended: what waited for it goes on.
    private mutating func finish(_ run: Run, thread id: Assistants.Thread.ID) {
        endNotice(of: run.id)
        endCalls(of: run.id)
        if id != current {
            unread.insert(id)
        } else {
            remember(seen: id)
        }
        if !hasFocus { effects.append(.bell) }
        let goesOn = sendsAfterStop.remove(id) != nil
        guard conversations[id]?.queue.isEmpty == false else { return }
        switch run.status {
        case .completed, .incomplete: sendFromQueue(of: id)
        case .cancelled where goesOn: sendFromQueue(of: id)
        case .failed where wasQueuedJustNow(on: id): sendFromQueue(of: id)
        default: conversations[id]?.queueIsHeld = true
        }
    }

    /// Whether a message was queued so late that the person meant to send it: a run that failed
    /// at that instant holds nothing back.
    private func wasQueuedJustNow(on id: Assistants.Thread.ID) -> Bool {
        guard let time = conversations[existing: id].queuedAt else { return false }
        return now.monotonic - time < Self.instant
    }

    // MARK: - The list of threads

    private mutating func noteActivity(
        in id: Assistants.Thread.ID, run: Run? = nil, message: Message? = nil
    ) {
        if id == current || !popups.isEmpty { needsFrame = true }
        guard let place = threads.firstIndex(where: { $0.id == id }) else {
            if !deletions.contains(where: { $0.summary.id == id }) { loadThreads() }
            return
        }
        if isLoadingThreads { isListBehind = true }
        var summary = threads[place]
        summary.lastActivity = max(summary.lastActivity, now.wall)
        if let run {
            summary.activeRun = run.status.isActive ? run.id : nil
            summary.assistantID = run.assistantID
        }
        if let message {
            summary.messageCount += 1
            if summary.opening.isEmpty {
                summary.opening = String(message.text.firstLine.prefix(120))
            }
            if id != current { unread.insert(id) }
        }
        threads.remove(at: place)
        let newer = threads.firstIndex { $0.lastActivity <= summary.lastActivity }
        threads.insert(summary, at: newer ?? threads.count)
    }

    private mutating func replace(_ thread: Assistants.Thread) {
        needsFrame = true
        guard let place = threads.firstIndex(where: { $0.id == thread.id }) else {
            if !deletions.contains(where: { $0.summary.id == thread.id }) { loadThreads() }
            return
        }
        threads[place].thread = thread
        if thread.id == current { updateTitle() }
    }

    private mutating func forget(thread id: Assistants.Thread.ID) {
        let isShown = id == current
        forget(missing: id)
        if isShown { say("This thread was deleted.", warning: true) }
    }

    /// Lets go of a thread that is not there; a new one is shown in its place.
    mutating func forget(missing id: Assistants.Thread.ID) {
        needsFrame = true
        threads.removeAll { $0.id == id }
        deletions.removeAll { $0.summary.id == id }
        unread.remove(id)
        if id == current { show(thread: "") }
        conversations[id] = nil
    }

    mutating func replace(_ assistant: Assistant) {
        needsFrame = true
        if let place = assistants.firstIndex(where: { $0.id == assistant.id }) {
            assistants[place] = assistant
        } else {
            assistants.append(assistant)
        }
        effects.append(.resolveModel(assistant))
    }

    /// Asks for the list of threads; once more when one is under way, which may not have it all.
    mutating func loadThreads(after: String? = nil) {
        guard listsThreads else { return }
        guard !isLoadingThreads else {
            if after == nil { isListBehind = true }
            return
        }
        isLoadingThreads = true
        effects.append(.loadThreads(after: after))
    }

    /// Tells the terminal what the window is about.
    mutating func updateTitle() {
        let title = summary?.title.oneRow ?? ""
        effects.append(.setTitle(title.isEmpty ? "Switchboard" : title + " - Switchboard"))
    }
}
