import Assistants

// Messages, runs, the queue.
extension ConsoleState {
    /// Sends what is written, or queues it while a run is active.
    mutating func send() {
        guard !conversation.draft.isBlank else {
            // With nothing written, Enter sends what waits.
            if conversation.queueIsHeld, !conversation.isBusy {
                sendFromQueue(of: current)
            } else if !conversation.attached.isEmpty {
                say("Write what is to be done with what is attached.")
            }
            return
        }
        let text = conversation.draft.text
        guard assistant != nil else {
            return say(
                hasAssistants
                    ? "There is no assistant yet: make one (\(label(.newAssistant)))."
                    : "The assistants are not there yet.", warning: true)
        }
        if let problem = attachmentProblem {
            return say(problem, warning: true, for: .seconds(10))
        }
        let files = takeWritten()
        history.place = nil
        keep(inHistory: text)
        conversation.failure = nil
        follow()
        if conversation.isBusy || !conversation.queue.isEmpty {
            conversation.queue.append(WrittenMessage(text: text, files: files))
            conversation.queuedAt = now.monotonic
            // Written after the stop, it is meant to follow it.
            if conversation.isStopping { sendsAfterStop.insert(current) }
            if !conversation.isBusy { sendFromQueue(of: current) }
        } else {
            start(WrittenMessage(text: text, files: files), on: current)
        }
        rememberDraft()
    }

    /// Empties the input line; the files that were attached.
    private mutating func takeWritten() -> [AttachedFile] {
        conversation.draft.clear()
        defer { conversation.attached = [] }
        return conversation.attached
    }

    /// Stops the run and sends what is written as soon as it has stopped.
    mutating func stopAndSend() {
        guard conversation.isBusy else { return send() }
        let text = conversation.draft.text
        if !conversation.draft.isBlank {
            if let problem = attachmentProblem {
                return say(problem, warning: true, for: .seconds(10))
            }
            keep(inHistory: text)
            let files = takeWritten()
            conversation.queue.insert(WrittenMessage(text: text, files: files), at: 0)
            rememberDraft()
        }
        guard !conversation.queue.isEmpty else { return _ = stopRun() }
        sendsAfterStop.insert(current)
        _ = stopRun()
    }

    /// Sends the first message of the queue.
    mutating func sendFromQueue(of id: Assistants.Thread.ID) {
        guard let message = conversations[id]?.queue.first, assistant(for: id) != nil else {
            return
        }
        conversations[id]?.queue.removeFirst()
        conversations[id]?.queueIsHeld = false
        start(message, on: id)
    }

    /// Starts a run, with a new message or without.
    mutating func start(_ message: WrittenMessage?, on id: Assistants.Thread.ID) {
        guard let assistant = assistant(for: id) else { return }
        lastSending += 1
        if let message {
            conversations[id]?.pending.append(
                .init(number: lastSending, text: message.text, files: message.files))
        }
        conversations[id]?.isStarting = true
        conversations[id]?.failure = nil
        conversations[id]?.lastSign = now.monotonic
        effects.append(
            .send(
                Sending(
                    threadID: id, number: lastSending, text: message?.text,
                    assistantID: assistant.id, instructions: conversations[id]?.instructions,
                    deadline: options.runDeadline, files: message?.files ?? [],
                    fileTools: assistant.fileTools)))
        conversations[id]?.instructions = nil
        needsFrame = true
    }

    /// Stops the run of the shown thread; false when there is none.
    mutating func stopRun() -> Bool {
        if let run = conversation.activeRun {
            if run.status != .cancelling, conversation.stopping == nil { stop(run, on: current) }
            return true
        }
        guard conversation.isStarting else { return false }
        conversation.stopsAtStart = true
        return true
    }

    /// Asks for a run to be stopped.
    mutating func stop(_ run: Run, on id: Assistants.Thread.ID) {
        conversations[id]?.stopping = run.id
        effects.append(.cancelRun(run.id, on: id))
        stopCommands(of: run.id)
        needsFrame = true
    }

    /// Has a stopped answer carried on.
    mutating func continueAnswer() {
        guard !conversation.isBusy else { return say("The answer is still coming.") }
        guard let last = conversation.transcript.messages.last else {
            return say("There is no answer to continue.")
        }
        if last.role == .assistant, last.status == .incomplete {
            let request = "Continue exactly where your last message stopped."
            let given = conversation.instructions.map { $0 + "\n" } ?? ""
            conversation.instructions = given + request
        } else if last.role == .assistant {
            return say("The last answer is complete.")
        }
        follow()
        start(nil, on: current)
    }

    /// Runs the assistant on the thread as it is.
    mutating func runAgain() {
        guard !conversation.isBusy else { return say("A run is still active.") }
        guard !conversation.transcript.messages.isEmpty else {
            return say("There is nothing to answer yet.")
        }
        follow()
        start(nil, on: current)
    }

    // MARK: - The queue

    /// Takes the last queued message back into the input line.
    mutating func editQueue() {
        guard let message = conversation.queue.popLast() else {
            return say("Nothing is queued.")
        }
        let (text, rest) = (message.text, conversation.draft.text)
        takeBack(message.files)
        if conversation.queue.isEmpty { conversation.queueIsHeld = false }
        conversation.draft.replace(with: rest.isEmpty ? text : text + "\n" + rest)
        focus = .input
        rememberDraft()
    }

    /// Removes the last queued message.
    mutating func removeFromQueue() {
        guard let message = conversation.queue.popLast() else {
            return say("Nothing is queued.")
        }
        if conversation.queue.isEmpty { conversation.queueIsHeld = false }
        cut = message.text
        removed = message.files.isEmpty ? nil : message
        rememberDraft()
        let what = message.files.isEmpty ? "its text back" : "it back with its files"
        say("Removed from the queue \(glyphs.dot) \(label(.yank)) brings \(what)")
    }

    // MARK: - Following

    /// Shows the end of the thread, and follows it.
    mutating func follow() {
        conversation.follow()
        if !conversation.isAtEnd, !conversation.isLoadingMore, !current.isEmpty {
            let end = conversation.total
            conversation.isLoadingMore = true
            effects.append(
                .loadMessages(
                    current, max(0, end - Self.windowSize)..<end, purpose: .jump))
        }
    }

    private mutating func keep(inHistory text: String) {
        guard text.utf8.count <= Memory.historyBytesLimit else { return }
        remember { $0.history.append(text) }
    }

    /// The first key of a command, for sentences.
    func label(_ command: Command) -> String {
        options.keymap.labels(of: command).first ?? "M-x \(command.rawValue)"
    }
}
