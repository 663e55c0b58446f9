import Assistants
import Settings
import Terminal
import TextLayout

/// The run: its state, and each step with its state in words, time, tokens and place in time.
enum RunStepsPane {
    /// One row of the timeline.
    private struct Entry {
        var sign: StyledRow.Piece
        var name: String
        /// Seconds from the run's beginning; nil where they are not known.
        var start: Double?
        var length: Double?
        /// The time as it is told, where only whole seconds are known.
        var time: String?
        var tokens: Int?
        /// What joins a call to its step.
        var branch = ""

        /// Whether it is a wait in the queue that was hardly one.
        var isShortWait: Bool { name == RunStepsPane.queue && (length ?? 1) < 0.1 }
    }

    private static let queue = "queue"

    /// Draws the pane.
    static func draw(
        _ state: inout ConsoleState, _ area: Area, _ layout: ScreenLayout,
        into canvas: inout Canvas
    ) {
        let run = state.conversation.shownRun
        if layout.arrangement != .tabs {
            canvas.drawRule(
                row: area.row, column: area.column, columns: area.columns, title: "Run steps",
                right: run.map { ruleText($0, state, columns: area.columns) } ?? "",
                hasFocus: state.focus == .steps, palette: state.palette, glyphs: state.glyphs)
        }
        let body = area.dropping(rows: 1)
        let rows =
            run.map { self.rows(of: $0, state, body) }
            ?? [StyledRow("The steps of a run appear here.", .dim, indent: 1)]
        state.conversation.steps.rowCount = rows.count
        state.conversation.steps.shownRows = body.rows
        let first = state.conversation.steps.firstRow(of: rows.count, in: body.rows)
        for (offset, row) in rows.dropFirst(first).prefix(body.rows).enumerated() {
            canvas.draw(
                row, row: body.row + offset, column: body.column, columns: body.columns - 1,
                palette: state.palette, glyphs: state.glyphs)
        }
    }

    private static func ruleText(_ run: Run, _ state: ConsoleState, columns: Int) -> String {
        columns >= 50
            ? run.id.oneRow.fitted(to: 16, glyphs: state.glyphs) : state.durationText(of: run)
    }

    private static func rows(of run: Run, _ state: ConsoleState, _ body: Area) -> [StyledRow] {
        var rows: [StyledRow] = []
        if body.columns >= 50 || body.rows >= 8 { rows.append(header(of: run, state)) }
        var entries = entries(of: run, state)
        // A short wait is what is missed least.
        if let wait = entries.first, wait.isShortWait, entries.count + 1 > body.rows {
            entries.removeFirst()
        }
        if body.rows >= entries.count + 3, !rows.isEmpty { rows.append(StyledRow()) }
        let scale = scale(of: entries)
        rows += entries.map { row(of: $0, scale: scale, state.glyphs, columns: body.columns - 1) }
        let total = total(of: run, state)
        if !total.isEmpty {
            if body.rows >= rows.count + 2 { rows.append(StyledRow()) }
            rows.append(StyledRow(total, .dim, indent: 1))
        }
        if let error = run.lastError {
            rows += error.message.oneRow.wrapped(to: max(10, body.columns - 3)).prefix(4).map {
                StyledRow(String($0), .stateFailed, indent: 1)
            }
        }
        return rows
    }

    private static func header(of run: Run, _ state: ConsoleState) -> StyledRow {
        let dot = " \(state.glyphs.dot) "
        let sign = state.runSign(run)
        var text = " " + run.status.words
        let time = state.durationText(of: run)
        if !time.isEmpty { text += dot + time }
        if let start = state.conversation.timings[run.id]?.start,
            let first = state.conversation.firstText[run.id]
        {
            text += "\(dot)first token \((first - start).text)"
        }
        return StyledRow([sign, .init(text, .text)], indent: 1)
    }

    private static func total(of run: Run, _ state: ConsoleState) -> String {
        let dot = " \(state.glyphs.dot) "
        var parts: [String] = []
        let count = state.shownCalls.count
        if count > 0 { parts.append("\(count) \(count == 1 ? "tool" : "tools")") }
        if let usage = state.usageSoFar(of: run) {
            parts.append("\(usage.promptTokens.grouped) in")
            parts.append("\(usage.completionTokens.grouped) out")
        }
        return parts.joined(separator: dot)
    }

    // MARK: - The timeline

    private static func entries(of run: Run, _ state: ConsoleState) -> [Entry] {
        let now = state.now.monotonic
        let begin = state.conversation.timings[run.id]?.start
        var entries: [Entry] = []
        if let wait = state.conversation.timings[Conversation.queueKey(run.id)] {
            let isOver = wait.end != nil
            let sign: StyledRow.Piece =
                isOver
                ? .init(state.glyphs.completed, .stateCompleted)
                : .init(state.glyphs.queued, .stateQueued)
            entries.append(
                Entry(
                    sign: sign, name: queue, start: 0,
                    length: ((wait.end ?? now) - wait.start).seconds))
        }
        for step in state.conversation.steps(of: run.id) {
            var entry = Entry(sign: state.stepSign(step), name: step.shortName)
            if let timing = state.conversation.timings[step.id], let begin {
                entry.start = (timing.start - begin).seconds
                entry.length = ((timing.end ?? now) - timing.start).seconds
            } else if step.createdAt > 0, let start = run.startedAt ?? Optional(run.createdAt) {
                entry.start = Double(max(0, step.createdAt - start))
                let end = step.endedAt ?? (step.status == .inProgress ? state.now.wall : nil)
                entry.length = end.map { Double(max(0, $0 - step.createdAt)) }
                entry.time = end.map { max(0, $0 - step.createdAt).wholeSecondsText }
            }
            entry.tokens = step.usage?.completionTokens
            entries.append(entry)
            entries += calls(of: step, state, begin: begin)
        }
        return entries
    }

    /// The calls of a step that has several, as its branches.
    private static func calls(
        of step: RunStep, _ state: ConsoleState, begin: Duration?
    ) -> [Entry] {
        guard case .toolCalls(let calls) = step.details, calls.count > 1 else { return [] }
        return calls.enumerated().map { place, call in
            var layout =
                state.conversation.toolLayouts[ToolCallsPane.layoutKey(step, call)]
                ?? ToolCallLayout(call)
            let callState = state.conversation.callState(
                place, in: step, &layout, now: state.now.monotonic)
            var entry = Entry(sign: callState.sign(state.glyphs), name: call.shortName)
            let isLast = place == calls.count - 1
            entry.branch = (isLast ? state.glyphs.lastBranch : state.glyphs.branch) + " "
            let key = Conversation.callKey(step.id, call.id)
            if let timing = state.conversation.timings[key], let begin {
                entry.start = (timing.start - begin).seconds
                entry.length = ((timing.end ?? state.now.monotonic) - timing.start).seconds
            }
            return entry
        }
    }

    /// Seconds of the whole width: a round number, so that the bars keep still while a run goes on.
    private static func scale(of entries: [Entry]) -> Double {
        let end = entries.map { ($0.start ?? 0) + ($0.length ?? 0) }.max() ?? 1
        let steps: [Double] = [0.5, 1, 2, 3, 5, 8, 12, 20, 30, 60, 120, 300, 600, 1_800, 3_600]
        return steps.first { $0 >= end } ?? end
    }

    private static func row(
        of entry: Entry, scale: Double, _ glyphs: Glyphs, columns: Int
    ) -> StyledRow {
        let nameWidth = columns >= 50 ? 18 : min(16, max(8, columns / 3))
        let room = nameWidth - 1 - columnCount(entry.branch)
        let name = entry.name.fitted(to: room, glyphs: glyphs).padded(to: room + 1)
        let seconds = entry.length.map { Int(max(0, min($0, 1e9)) * 1_000) }
        // A bar moves with the time that is told, not by itself in frames between.
        let tenths = seconds.map { Double($0 / 100) / 10 }
        let time = entry.time ?? seconds.map { Duration.milliseconds($0).text } ?? ""
        let lead = entry.branch.isEmpty ? [] : [StyledRow.Piece(entry.branch, .rule)]
        var pieces =
            lead + [
                entry.sign, StyledRow.Piece(" " + name, .text), .init(time.padded(to: 8), .dim),
            ]
        let tokens = entry.tokens.map { $0 > 0 ? "\($0.grouped) tok" : "" } ?? ""
        let barRoom = columns - 3 - nameWidth - 8 - (columns >= 50 ? 10 : 0)
        if let start = entry.start, let length = tenths, barRoom >= 4 {
            pieces.append(bar(start, length, scale: scale, columns: barRoom, glyphs))
        }
        return StyledRow(
            pieces, right: tokens.isEmpty || columns < 50 ? [] : [.init(tokens, .dim)], indent: 1)
    }

    private static func bar(
        _ start: Double, _ length: Double, scale: Double, columns: Int, _ glyphs: Glyphs
    ) -> StyledRow.Piece {
        let lead = min(columns - 1, max(0, Int(start / scale * Double(columns))))
        let eighths = min(
            (columns - lead) * 8, max(1, Int((length / scale * Double(columns) * 8).rounded())))
        var text = String(repeating: " ", count: lead)
        text += String(repeating: glyphs.blocks[7], count: eighths / 8)
        if eighths % 8 > 0 { text += glyphs.blocks[eighths % 8 - 1] }
        return .init(text, .stepBar)
    }
}

extension ConsoleState {
    /// How long a run took so far, as far as that is known.
    func durationText(of run: Run) -> String {
        if let timing = conversation.timings[run.id] {
            return ((timing.end ?? now.monotonic) - timing.start).text
        }
        guard let start = run.startedAt else { return "" }
        let end = run.completedAt ?? run.failedAt ?? run.cancelledAt
        guard let end = end ?? (run.status.isActive ? now.wall : nil), end >= start else {
            return ""
        }
        return (end - start).wholeSecondsText
    }

    /// How long a step took so far.
    func durationText(ofStep step: RunStep) -> String {
        if let timing = conversation.timings[step.id] {
            return ((timing.end ?? now.monotonic) - timing.start).text
        }
        guard let end = step.endedAt, step.createdAt > 0, end >= step.createdAt else { return "" }
        return (end - step.createdAt).wholeSecondsText
    }

    /// The sign of a step's state and its colour.
    func stepSign(_ step: RunStep) -> StyledRow.Piece {
        switch step.status {
        case .inProgress: .init(glyphs.running, .stateRunning)
        case .completed: .init(glyphs.completed, .stateCompleted)
        case .failed, .expired: .init(glyphs.failed, .stateFailed)
        case .cancelled: .init(glyphs.cancelled, .stateCancelled)
        case .unknown: .init("?", .dim)
        }
    }
}

extension RunStep {
    /// When the step ended, in seconds since 1970.
    var endedAt: Int? { completedAt ?? failedAt ?? cancelledAt ?? expiredAt }

    /// What the step did, in a word.
    var shortName: String {
        switch details {
        case .messageCreation: "message"
        case .toolCalls(let calls):
            calls.count > 1 ? "\(calls.count) calls" : calls.first?.shortName ?? "tools"
        case .unknown: "step"
        }
    }
}

extension ToolCall {
    /// The name, in a short word where it is one of ours.
    var shortName: String { name == "code_interpreter" ? "code" : name.oneRow }
}

extension String {
    /// The text with blanks behind it up to a width.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - columnCount(self)))
    }
}
