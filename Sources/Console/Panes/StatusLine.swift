import Assistants
import Settings
import Terminal
import TextLayout

/// The last row: what can be done here, and how the run is.
enum StatusLine {
    /// Draws the row.
    static func draw(_ state: ConsoleState, row: Int, into canvas: inout Canvas) {
        let right = rightPieces(state)
        let left: [StyledRow.Piece]
        if let notice = state.notice {
            left = [.init(" " + notice.text, notice.isWarning ? .statusWarning : .status)]
        } else if let silence = silence(state) {
            left = [.init(" " + silence, .statusWarning)]
        } else {
            let width = right.reduce(0) { $0 + columnCount($1.text) }
            left = hints(state, room: state.columns - width - 4)
        }
        canvas.draw(
            StyledRow(left, right: right), row: row, column: 0, columns: state.columns - 1,
            palette: state.palette, glyphs: state.glyphs)
    }

    /// What can be done in the place the person is in, as far as there is room.
    private static func hints(_ state: ConsoleState, room: Int) -> [StyledRow.Piece] {
        var pieces: [StyledRow.Piece] = []
        var columns = 1
        let gap = state.columns >= 100 ? "   " : "  "
        // Help is always offered: the rest shares what it leaves.
        let help = columnCount(gap + (state.keyLabel(.help) ?? "") + " help")
        for (command, title) in state.offers {
            guard let key = state.keyLabel(command) else { continue }
            let lead = pieces.isEmpty ? " " : gap
            let width = columnCount(lead + key + " " + title)
            let reserved = command == .help || !state.popups.isEmpty ? 0 : help
            if columns + width > room - reserved { continue }
            columns += width
            pieces += [.init(lead, .status), .init(key, .statusKey), .init(" " + title, .status)]
        }
        return pieces
    }

    /// What the run is waiting for when nothing came for long.
    static func silence(_ state: ConsoleState) -> String? {
        guard let last = state.conversation.lastSign, state.conversation.isBusy,
            state.conversation.activeRun?.status != .requiresAction
        else { return nil }
        let quiet = state.now.monotonic - last
        guard quiet >= ConsoleState.silenceTime else { return nil }
        return "no answer for \(Int(quiet.seconds)) s \(state.glyphs.dot) Esc stops"
    }

    private static func rightPieces(_ state: ConsoleState) -> [StyledRow.Piece] {
        var parts: [[StyledRow.Piece]] = []
        if let server = state.options.serverName, state.columns >= 100 {
            parts.append([.init(server.oneRow, .status)])
        }
        if let trouble = state.conversation.streamHealth?.trouble, state.columns >= 70 {
            parts.append([.init(trouble, .statusWarning)])
        }
        if let run = state.conversation.shownRun, state.columns >= 70 {
            if let usage = state.usageSoFar(of: run) {
                let (prompt, answer) = (usage.promptTokens, usage.completionTokens)
                let text = "\(prompt.grouped) in \(state.glyphs.dot) \(answer.grouped) out"
                parts.append([.init(text, .status)])
            }
        }
        if !state.speech.waiting.isEmpty {
            parts.append([.init("speaking", .stateRunning)])
        } else if state.speech.speaksNew, state.columns >= 70 {
            parts.append([.init("aloud", .status)])
        }
        if let run = state.conversation.activeRun {
            var sign = state.runSign(run)
            let isWorking = state.isWorking(run)
            if isWorking { sign.role = .stateRunning }
            if run.status != .requiresAction || isWorking { sign.text = state.spinner }
            let words =
                state.conversation.stopping == run.id
                ? "stopping" : isWorking ? RunStatus.inProgress.words : run.status.words
            parts.append([.init(sign.text, sign.role), .init(" " + words, .status)])
        } else if state.conversation.isStarting {
            parts.append([.init(state.spinner, .stateRunning), .init(" sending", .status)])
        }
        if !state.conversation.queue.isEmpty {
            parts.append([.init("\(state.conversation.queue.count) queued", .inputQueued)])
        }
        return Array(parts.joined(separator: [.init(" \(state.glyphs.dot) ", .status)]))
    }
}

extension ConsoleState {
    /// The key of a command in the place the person is in.
    func keyLabel(_ command: Command) -> String? {
        let labels = options.keymap.labels(of: command, in: keyContext)
        // In a pane Esc leaves the pane first.
        if command == .stop, popups.isEmpty, focus != .input || isZoomed {
            return labels.first { $0 != "Esc" }
        }
        return labels.first
    }

    /// What the status line offers, the most needed first.
    var offers: [(command: Command, title: String)] {
        if let popup = popups.last { return popup.offers }
        var offers: [(command: Command, title: String)] = []
        if conversation.isBusy { offers.append((.stop, "stop")) }
        if !speech.waiting.isEmpty { offers.append((.stopSpeaking, "silence")) }
        if !conversation.waitingCalls.isEmpty { offers.append((.answerCall, "answer")) }
        if focus != .input {
            offers += [(.leavePane, "back"), (.nextPane, "panes"), (.zoom, "zoom")]
            if focus == .chat {
                offers += [(.copyMessage, "copy"), (.selectRows, "select"), (.follow, "end")]
            }
            if focus == .tools { offers += [(.fold, "unfold")] }
        } else {
            if conversation.transcript.messages.last?.incompleteReason == .runCancelled,
                !conversation.isBusy
            {
                offers.append((.continueAnswer, "continue"))
            }
            if conversation.shownRun?.status == .failed, !conversation.isBusy {
                offers.append((.retry, "run again"))
            }
            if completion?.isShown == true {
                return [(.send, "attach"), (.down, "down"), (.up, "up"), (.stop, "close")]
            }
            if !conversation.attached.isEmpty, conversation.draft.isEmpty {
                offers.append((.deleteLeft, "remove the file"))
            }
            if !conversation.queue.isEmpty { offers.append((.editQueue, "edit queue")) }
            offers.append((.nextPane, "panes"))
        }
        return offers + [
            (.threads, "threads"), (.assistants, "assistants"), (.palette, "all commands"),
            (.help, "help"),
        ]
    }

    /// The sign of a run's state and its colour.
    func runSign(_ run: Run) -> StyledRow.Piece {
        switch run.status {
        case .queued, .inProgress: .init(glyphs.running, .stateRunning)
        case .requiresAction: .init(glyphs.waiting, .stateWaiting)
        case .cancelling: .init(glyphs.running, .stateCancelled)
        case .completed: .init(glyphs.completed, .stateCompleted)
        case .failed, .expired: .init(glyphs.failed, .stateFailed)
        case .cancelled: .init(glyphs.cancelled, .stateCancelled)
        case .incomplete: .init(glyphs.failed, .stateWaiting)
        case .unknown: .init("?", .dim)
        }
    }

    /// One cell that turns five times a second.
    var spinner: String {
        let step = Int(now.monotonic.seconds * 5)
        return glyphs.spinner[step % glyphs.spinner.count]
    }

    /// What the finished steps of a run cost so far.
    func usageSoFar(of run: Run) -> Usage? {
        if let usage = run.usage { return usage.totalTokens > 0 ? usage : nil }
        let usages = conversation.steps(of: run.id).compactMap(\.usage)
        let sum = usages.reduce(Usage(), +)
        return sum.totalTokens > 0 ? sum : nil
    }
}

extension RunStatus {
    /// The state in a person's words.
    var words: String {
        switch self {
        case .queued: "queued"
        case .inProgress: "running"
        case .requiresAction: "waits for you"
        case .cancelling: "stopping"
        case .completed: "done"
        case .failed: "failed"
        case .cancelled: "stopped"
        case .expired: "took too long"
        case .incomplete: "incomplete"
        case .unknown(let name): name.oneRow
        }
    }
}

extension StreamHealth {
    /// What was not well with a stream, in few words; nil where nothing was.
    fileprivate var trouble: String? {
        if isWell { return nil }
        if !isComplete { return "stream cut" }
        if resumptions > 0 { return "stream resumed" }
        if retries > 0 { return "sent \(retries + 1) times" }
        return "silent for \(longestGap.components.seconds) s"
    }
}
