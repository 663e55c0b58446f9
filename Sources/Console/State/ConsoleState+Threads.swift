import Assistants

// Going from thread to thread, and what is remembered of each.
extension ConsoleState {
    /// Shows a thread; the empty id is a new one.
    mutating func show(thread id: Assistants.Thread.ID) {
        leaveCurrent()
        if let run = conversation.activeRun { endNotice(of: run.id) }
        current = id
        completion = nil
        if conversations[id] == nil { conversations[id] = restored(id) }
        unread.remove(id)
        focus = .input
        openCurrent()
        sayWhatWaits()
        forgetOldConversations()
        remember { $0.lastThread = id }
        needsFrame = true
    }

    /// Reads the shown thread, unless that was done.
    mutating func openCurrent() {
        updateTitle()
        examineRestored()
        guard !current.isEmpty else { return }
        switch conversation.loading {
        case .asked, .done: return
        case .notAsked, .failed: break
        }
        conversation.loading = .asked
        effects.append(.open(current, limit: Self.windowSize))
    }

    /// Begins a thread, which is kept once something is sent.
    mutating func beginThread() {
        let assistant = conversation.assistantID
        show(thread: "")
        conversation.assistantID = assistant
    }

    /// Goes up or down in the list of threads.
    mutating func showThread(by difference: Int) {
        guard !threads.isEmpty else { return say("There are no threads yet.") }
        guard let place = threads.firstIndex(where: { $0.id == current }) else {
            return show(thread: threads[0].id)
        }
        let next = place + difference
        guard threads.indices.contains(next) else {
            return say(difference > 0 ? "This is the last thread." : "This is the first thread.")
        }
        show(thread: threads[next].id)
    }

    /// Goes to the first thread with something unread.
    mutating func showFirstUnread() {
        guard let thread = threads.first(where: { unread.contains($0.id) }) else {
            return say("Nothing is unread.")
        }
        show(thread: thread.id)
    }

    /// Hides a thread now and has it deleted later, unless that is undone.
    mutating func delete(thread id: Assistants.Thread.ID) {
        guard let place = threads.firstIndex(where: { $0.id == id }) else {
            if id.isEmpty {
                conversation.draft.clear()
                conversation.attached = []
                rememberDraft()
            }
            return
        }
        let summary = threads.remove(at: place)
        deletions.append(
            Deletion(summary: summary, place: place, due: now.monotonic + Self.undoTime))
        if id == current {
            show(thread: threads.isEmpty ? "" : threads[min(place, threads.count - 1)].id)
        }
        let key =
            popups.isEmpty
            ? options.keymap.labels(of: .undoDelete).first
            : options.keymap.labels(of: .listUndo).first
        say(
            "Deleted \(quoted(summary.title)) \(glyphs.dot) \(key ?? "M-x undo") brings it back",
            for: Self.undoTime)
    }

    /// Brings back the thread that was deleted last.
    mutating func undoDeletion() {
        guard let deletion = deletions.popLast() else { return say("Nothing was deleted.") }
        threads.insert(deletion.summary, at: min(deletion.place, threads.count))
        say("\(quoted(deletion.summary.title)) is back.")
        if popups.isEmpty { show(thread: deletion.summary.id) }
    }

    /// Gives a thread a title.
    mutating func rename(thread id: Assistants.Thread.ID, to title: String) {
        guard let place = threads.firstIndex(where: { $0.id == id }) else { return }
        effects.append(.rename(threads[place].thread, to: title))
        threads[place].thread.metadata[Assistants.Thread.titleKey] = title.isEmpty ? nil : title
        if id == current { updateTitle() }
    }

    // MARK: - Memory

    /// Remembers a change, here and in the file.
    mutating func remember(_ make: (inout MemoryChange) -> Void) {
        var change = MemoryChange()
        make(&change)
        remember(change)
    }

    /// Remembers a change, here and in the file.
    mutating func remember(_ change: MemoryChange) {
        guard !change.isEmpty else { return }
        change.apply(to: &memory)
        effects.append(.remember(change))
    }

    /// Remembers what is written in the shown thread and not sent yet.
    mutating func rememberDraft() { rememberDraft(of: current) }

    /// Remembers what is written in a thread and not sent yet: messages under way, the queue, the
    /// draft, with their files. After a crash all of it is back in the input line.
    mutating func rememberDraft(of id: Assistants.Thread.ID) {
        let before = memory.threads[id] ?? .init()
        var entry = before
        entry.draft = conversations[existing: id].unsent
        entry.files = conversations[existing: id].unsentFiles.map(absolute)
        guard entry != before else { return }
        remember(MemoryChange(threads: [id: entry]))
    }

    /// A path that means the same file for a console that is started elsewhere.
    private func absolute(_ path: [UInt8]) -> [UInt8] {
        guard path.first != UInt8(ascii: "/"), !options.folder.isEmpty else { return path }
        return Array((options.folder + "/").utf8) + path
    }

    /// Remembers that the thread was looked at now.
    mutating func remember(seen id: Assistants.Thread.ID) {
        guard !id.isEmpty else { return }
        var entry = memory.threads[id] ?? .init()
        entry.seen = now.wall
        remember { $0.threads[id] = entry }
    }

    /// Remembers where the reader is in the shown thread, before going elsewhere.
    mutating func leaveCurrent() {
        let conversation = conversation
        guard !current.isEmpty else { return }
        var entry = memory.threads[current] ?? .init()
        entry.seen = now.wall
        entry.assistantID = conversation.assistantID
        // Until the place is found, the one that is remembered stays.
        if conversation.loading == .done, conversation.sought == nil {
            entry.place = conversation.readingPlace
        }
        if entry != memory.threads[current] {
            remember(MemoryChange(threads: [current: entry]))
        }
    }
}
