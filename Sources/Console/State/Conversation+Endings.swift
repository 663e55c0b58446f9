import Assistants
import Settings

// Runs that did not end well, said where they were in the thread.
extension Conversation {
    /// Notes after which message a run began, when it is heard of first.
    mutating func noteOrigin(of run: Run.ID) {
        guard origins[run] == nil, loading == .done, isAtEnd else { return }
        guard let last = transcript.messages.last(where: { $0.runID != run }) else { return }
        place(run, after: last.id)
    }

    /// Finds the places of runs that were read: by their messages, else by their times.
    mutating func placeRuns() {
        let messages = transcript.messages
        let runs = transcript.runs.filter { origins[$0.id] == nil }
        var silent: [Run] = []
        for run in runs {
            guard let first = messages.firstIndex(where: { $0.runID == run.id }) else {
                silent.append(run)
                continue
            }
            if first > 0 { place(run.id, after: messages[first - 1].id) }
        }
        for run in silent {
            guard let place = placeByTime(of: run) else { continue }
            // Behind the last message there may be others that are not loaded.
            guard isAtEnd || place + 1 < messages.count else { continue }
            self.place(run.id, after: messages[place].id)
        }
    }

    /// The message that a run without one of its own answered: the last before it. Times are whole
    /// seconds; of several in its second it is the first that no other run answered.
    private func placeByTime(of run: Run) -> Int? {
        let messages = transcript.messages
        let free = messages.firstIndex {
            $0.createdAt == run.createdAt && $0.role == .user && begun[$0.id] == nil
        }
        // Written just before the second was over in which the run was made.
        let justBefore = messages.lastIndex {
            $0.createdAt == run.createdAt - 1 && $0.role == .user && begun[$0.id] == nil
        }
        return free ?? justBefore ?? messages.lastIndex { $0.createdAt <= run.createdAt }
    }

    private mutating func place(_ run: Run.ID, after message: Message.ID) {
        origins[run] = message
        begun[message, default: []].append(run)
    }

    /// What is said below a message of runs that ended without having said it themselves.
    func endings(after message: Message) -> [(text: String, role: ThemeRole)] {
        // Few runs end badly: only for those the messages are searched.
        let ids = (message.runID.map { [$0] } ?? []) + (begun[message.id] ?? [])
        return ids.compactMap { id in
            guard let run = transcript.run(id), run.status.isTerminal, run.status != .completed
            else { return nil }
            let last = lastMessage(of: id)
            guard last == nil || last?.id == message.id else { return nil }
            return ending(of: run, last: last)
        }
    }

    /// Whether the end of a run is said below one of the messages.
    func hasPlace(_ run: Run.ID) -> Bool {
        lastMessage(of: run) != nil || origins[run].flatMap { transcript.message($0) } != nil
    }

    /// What is said of the end of a run with this last message; nil where it needs no word.
    func ending(of run: Run, last: Message? = nil) -> (text: String, role: ThemeRole)? {
        if last?.status == .incomplete { return nil }
        switch run.status {
        case .failed:
            return ("failed: " + (run.lastError?.message ?? "the run failed").oneRow, .chatError)
        case .expired: return ("the run took too long and was ended", .chatNotice)
        case .cancelled where last == nil:
            return ("stopped before an answer came", .chatNotice)
        case .incomplete where last == nil:
            return ("the run ended before an answer was complete", .chatNotice)
        default: return nil
        }
    }

    /// What is said of a message whose run was cut off, which a run may survive.
    func interruption(of message: Message, dot: String) -> (text: String, role: ThemeRole) {
        let run = message.runID.flatMap { transcript.run($0) }
        let isLast = message.runID.flatMap { lastMessage(of: $0) }?.id == message.id
        switch run?.status {
        case .some(let status) where status.isActive:
            return ("interrupted \(dot) the run goes on", .chatNotice)
        case .failed where isLast, nil:
            return ("failed: " + (run?.lastError?.message ?? "the run failed").oneRow, .chatError)
        case .expired where isLast: return ("the run took too long and was ended", .chatNotice)
        default: return ("interrupted \(dot) what follows was written anew", .chatNotice)
        }
    }

    private func lastMessage(of run: Run.ID) -> Message? {
        transcript.messages.last { $0.runID == run }
    }
}
