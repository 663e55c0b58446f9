import Assistants

// What came of effects.
extension ConsoleState {
    /// Takes in a result.
    mutating func take(_ result: EffectResult) {
        needsFrame = true
        switch result {
        case .threads(let page, let after): take(page, after: after)
        case .threadsUnavailable:
            listsThreads = false
            isLoadingThreads = false
        case .threadsFailed(let text):
            isLoadingThreads = false
            say(text, warning: true, for: .seconds(10))
        case .assistants(let list): take(list)
        case .models(let list):
            models = list
            hasModels = true
        case .answering(let id, let model):
            answering[id] = model
            resolved.insert(id)
        case .opened(let id, let opened):
            let context = chatContext
            conversations[id]?.open(opened, context)
            loadFiles(of: opened.messages)
            restoreReadingPlace(of: id)
            if let thread = opened.thread, let place = threads.firstIndex(where: { $0.id == id }) {
                threads[place].thread = thread
            }
            if id == current {
                updateTitle()
                sayWhatWaits()
            }
        case .messages(let id, let range, let messages, let purpose, let total):
            let context = chatContext
            conversations[id]?.take(messages, at: range, for: purpose, total: total, context)
            loadFiles(of: messages)
        case .steps(let id, let steps):
            for step in steps where conversations[id]?.transcript.step(step.id) == nil {
                conversations[id]?.transcript.apply(step)
            }
        case .threadCreated(let number, let thread): adopt(thread, number: number)
        case .messageSent(let number, let message):
            loadFiles(of: [message])
            conversations[message.threadID]?.pending.removeAll { $0.number == number }
            conversations[message.threadID]?.add(message)
            rememberDraft(of: message.threadID)
        case .runStarted(_, let run): take(started: run)
        case .sendingFailed(let number, let id, let step, let text):
            takeFailure(number: number, thread: id, step: step, text)
        case .runChanged(let run): take(started: run)
        default: takeRest(result)
        }
    }

    private mutating func takeRest(_ result: EffectResult) {
        switch result {
        case .threadRenamed(let thread):
            if let place = threads.firstIndex(where: { $0.id == thread.id }) {
                threads[place].thread = thread
            }
            if thread.id == current { updateTitle() }
        case .threadDeleted(let id): threads.removeAll { $0.id == id }
        case .folder(let folder, let listing): take(listing, of: folder)
        case .examined(let path, let id, let found): take(examined: path, for: id, found)
        case .uploaded(let file, let facts, let number, let place):
            take(uploaded: file, facts, number: number, place: place)
        case .files(let found): for file in found { files[file.id] = file }
        case .assistantSaved(let assistant):
            replace(assistant)
            conversation.assistantID = assistant.id
            say("\(assistant.name ?? assistant.model) is ready and answers in this thread.")
        case .file(let id, let info):
            shelf.take(info, of: id)
            refreshFiles()
        case .fileNotReached(let id): shelf.takeFailure(of: id, at: now.monotonic)
        case .picture(let request, let picture):
            shelf.take(picture, for: request, at: now.monotonic)
            refreshFiles()
        case .fileDone(let text): say(text, for: .seconds(10))
        case .copied(let what, let routes): takeCopy(what, routes)
        case .edited(let text, let purpose): takeEdited(text, purpose)
        case .threadMissing(let id): leaveMissing(id)
        case .spoken(let number, let failure): takeSpoken(number, failure)
        case .consents(let consents, let run): take(consents, for: run)
        case .commandEnded(let order, let output): take(output: output, of: order)
        case .stopFailed(let run, let thread, let text):
            takeStopFailure(of: run, on: thread, text)
        case .commandNotBegun(let order, let why): takeNotBegun(order, why)
        case .submitFailed(let run, let text): takeSubmitFailure(of: run, text)
        case .failed(let id, let text):
            if let id {
                conversations[id]?.isLoadingMore = false
                if conversations[id]?.loading == .asked {
                    conversations[id]?.loading = .failed(text)
                }
            }
            say(text, warning: true, for: .seconds(10))
        default: break
        }
    }

    private mutating func takeEdited(_ text: String, _ purpose: EditorPurpose) {
        switch purpose {
        case .draft:
            conversation.draft.replace(with: text)
            rememberDraft()
        case .output:
            // Its call may have been answered elsewhere meanwhile.
            guard case .answer = popups.last else { return cut = text }
            change { $0.replace(with: text) }
        case .reading: break
        }
    }

    /// The thread that was to be shown is not there: a new one is.
    private mutating func leaveMissing(_ id: Assistants.Thread.ID) {
        let wasAsked = options.threadID == id
        forget(missing: id)
        if wasAsked { say("There is no thread \(id).", warning: true, for: .seconds(10)) }
    }

    private mutating func take(_ page: Page<ThreadSummary>, after: String?) {
        isLoadingThreads = false
        hasMoreThreads = page.hasMore
        let hidden = Set(deletions.map(\.summary.id))
        let new = page.data.filter { !hidden.contains($0.id) }
        if after == nil {
            let ids = Set(new.map(\.id))
            let others = threads.filter { !ids.contains($0.id) }
            threads = new + (page.hasMore || isListBehind ? others : [])
            if isListBehind { threads.sort { $0.lastActivity > $1.lastActivity } }
        } else {
            let ids = Set(threads.map(\.id))
            threads += new.filter { !ids.contains($0.id) }
        }
        for summary in new where summary.id != current {
            let seen = memory.threads[summary.id]?.seen ?? 0
            if memory.since > 0, summary.lastActivity > max(seen, memory.since) {
                unread.insert(summary.id)
            }
        }
        updateTitle()
        if isListBehind {
            isListBehind = false
            loadThreads()
        }
    }

    private mutating func take(_ list: [Assistant]) {
        assistants = list
        hasAssistants = true
        if let wanted = options.assistant {
            if let found = list.first(where: { $0.id == wanted || $0.name == wanted }) {
                assistantID = found.id
            } else {
                say("There is no assistant \(quoted(wanted)).", warning: true, for: .seconds(10))
            }
            options.assistant = nil
        }
        effects += list.map(Effect.resolveModel)
    }

    /// The thread that a message was sent to is there now.
    private mutating func adopt(_ thread: Assistants.Thread, number: Int) {
        guard let written = conversations.removeValue(forKey: "") else { return }
        // Its run may have been heard of before the answer that the thread is there.
        var conversation = conversations[thread.id] ?? written
        conversation.takeOver(written)
        conversation.id = thread.id
        conversation.loading = .done
        conversation.placeRuns()
        conversations[thread.id] = conversation
        if current == "" { current = thread.id }
        let isShown = current == thread.id
        remember { change in
            change.threads[""] = .init()
            if isShown { change.lastThread = thread.id }
        }
        // Who has just sent something has seen it.
        unread.remove(thread.id)
        remember(seen: thread.id)
        rememberDraft(of: thread.id)
        list(thread, opening: conversation.pending.first?.text ?? "")
        if conversation.stopsAtStart, let run = conversation.activeRun {
            conversations[thread.id]?.stopsAtStart = false
            stop(run, on: thread.id)
        } else if isShown {
            sayWhatWaits()
        }
    }

    /// Puts a new thread into the list at once; what the service says of it follows.
    private mutating func list(_ thread: Assistants.Thread, opening: String) {
        if !threads.contains(where: { $0.id == thread.id }) {
            let summary = ThreadSummary(
                thread: thread, lastActivity: now.wall, messageCount: 0,
                opening: String(opening.firstLine.prefix(120)))
            threads.insert(summary, at: 0)
        }
        loadThreads()
    }

    private mutating func take(started run: Run) {
        conversations[run.threadID]?.isStarting = false
        guard let known = conversations[run.threadID]?.transcript.run(run.id) else {
            takeRunObject(run)
            return
        }
        // Events are newer than answers, unless the run ends here.
        if !known.status.isTerminal, run.status == .cancelling || run.status.isTerminal {
            takeRunObject(run)
        }
    }

    private mutating func takeRunObject(_ run: Run) {
        let phase: RunPhase =
            switch run.status {
            case .queued, .unknown: .queued
            case .inProgress: .inProgress
            case .requiresAction: .requiresAction
            case .cancelling: .cancelling
            case .completed: .completed
            case .failed: .failed
            case .cancelled: .cancelled
            case .expired: .expired
            case .incomplete: .incomplete
            }
        take(ServiceEvent(threadID: run.threadID, runID: run.id, kind: .run(.run(phase, run))))
    }

    private mutating func takeFailure(
        number: Int, thread id: Assistants.Thread.ID, step: SendingStep, _ text: String
    ) {
        conversations[id]?.isStarting = false
        conversations[id]?.stopsAtStart = false
        if let place = conversations[id]?.pending.firstIndex(where: { $0.number == number }),
            let message = conversations[id]?.pending.remove(at: place)
        {
            // What could not be sent goes back to where it can be sent again.
            if conversations[id]?.draft.isEmpty == true,
                conversations[id]?.attached.isEmpty == true
            {
                conversations[id]?.draft = Draft(message.text)
                conversations[id]?.attached = message.files
            } else {
                conversations[id]?.queue.insert(
                    WrittenMessage(text: message.text, files: message.files), at: 0)
            }
            conversations[id]?.failure = "The message was not sent: \(text)"
        } else {
            conversations[id]?.failure = text
        }
        if conversations[id]?.queue.isEmpty == false { conversations[id]?.queueIsHeld = true }
        rememberDraft(of: id)
    }

    private mutating func takeCopy(_ what: String, _ routes: [String]) {
        if routes.isEmpty {
            say(
                "The \(what) could not be copied: the terminal takes no text this long, "
                    + "and neither wl-copy, xclip, xsel nor pbcopy is there.",
                warning: true)
        } else {
            say("Copied the \(what) by \(routes.joined(separator: " and ")).")
        }
    }

    /// Goes back to where the reader was before the program ended.
    private mutating func restoreReadingPlace(of id: Assistants.Thread.ID) {
        guard let place = memory.threads[id]?.place,
            conversations[id]?.chat.isFollowing == true,
            conversations[id]?.show(place) == false, let number = place.number,
            let first = conversations[id]?.window.lowerBound, number < first
        else { return }
        conversations[id]?.sought = place
        conversations[id]?.isLoadingMore = true
        let half = Self.windowSize / 2
        effects.append(
            .loadMessages(
                id, max(0, number - half)..<min(first, number) + half, purpose: .place))
    }
}
