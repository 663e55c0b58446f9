import Assistants
import Processes
import Terminal

// Asking whether a command may run.
extension ConsoleState {
    /// Asks about the next call of the shown run that somebody must be asked about.
    mutating func openConsent(_ call: String? = nil) {
        guard let run = conversation.activeRun else { return }
        let questions = questions(of: run)
        guard let order = questions.first(where: { $0.callID == call }) ?? questions.first else {
            return
        }
        endNotice(of: run.id)
        let before = calls.questions[run.id] ?? 0
        var prompt = ConsentPrompt(
            order: order, begun: calls.consents.begun(order)?.time, typed: now.monotonic)
        prompt.number = before + 1
        prompt.count = before + questions.count
        open(.consent(prompt))
        if !hasFocus { effects.append(.bell) }
    }

    /// Goes to what waits of a run: the question, what is to be typed, or what could not be given.
    /// False where the person is to type the output of this call.
    mutating func attend(to call: ToolCall, of run: Run) -> Bool {
        switch calls.work[key(of: call, run)] {
        case .elsewhere:
            // That console may be gone by now: then it is asked about.
            effects.append(.readConsents(run.id))
            say("\(call.name) is at work in another console.")
            return true
        case .running:
            say("\(call.name) is at work \(glyphs.dot) \(label(.stop)) stops the run")
            return true
        case .answered:
            if !submitWhenComplete(run.id, on: run.threadID) {
                say("\(call.name) has its output; the other calls still want theirs.")
            }
            return true
        case .typed: return false
        case nil:
            guard order(for: call, of: run) != nil else { return false }
            openConsent(call.id)
            return true
        }
    }

    /// The waiting call that needs the person most.
    var callToAttend: ToolCall? {
        guard let run = conversation.activeRun, run.status == .requiresAction else { return nil }
        let asked = questions(of: run).first.map(\.callID)
        return run.requiredAction.first { $0.id == asked } ?? typedCalls(of: run).first
            ?? run.requiredAction.first
    }

    // MARK: - Answering

    /// Takes a key that answers the question; false where it means something else.
    mutating func answers(_ key: Key, _ prompt: ConsentPrompt) -> Bool {
        guard case .command(let command) = options.keymap.match([key], in: .question),
            let answer = command.consentAnswer
        else { return false }
        var prompt = prompt
        press(answer, &prompt)
        popups[popups.count - 1] = .consent(prompt)
        return true
    }

    /// Scrolls the question; nothing else is done in it by a command.
    mutating func scroll(_ command: Command, _ prompt: ConsentPrompt) {
        // How long it is is known once it was drawn.
        guard prompt.rows > 0 else { return }
        var prompt = prompt
        let page = max(1, calls.view.space - 1)
        switch command {
        case .rowUp, .listUp: prompt.top -= 1
        case .rowDown, .listDown: prompt.top += 1
        case .pageUp: prompt.top -= page
        case .pageDown: prompt.top += page
        default: break
        }
        prompt.top = min(max(0, prompt.top), max(0, calls.view.rows - calls.view.space))
        popups[popups.count - 1] = .consent(prompt)
    }

    private mutating func press(_ answer: ConsentPrompt.Answer, _ prompt: inout ConsentPrompt) {
        guard prompt.isReady(at: now.monotonic) else {
            return say("Too early: only a key that is pressed by itself, a moment later, answers.")
        }
        if answer == .once || answer == .always, !prompt.hasShownEnd {
            return say("Read it to the end first \(glyphs.dot) \(label(.pageDown))")
        }
        if answer == .once || answer == .always, prompt.order.command.program == nil {
            let name = prompt.order.command.arguments.first ?? ""
            return say("\(name.oneRow) was not found, so it cannot run.", warning: true)
        }
        prompt.pressed = .init(answer: answer, time: now.monotonic)
    }

    /// Something was typed or pasted: what was pressed before was not alone, and what comes next
    /// must wait.
    mutating func noteTyping(before popup: Popup?) {
        guard case .consent(var prompt) = popups.last else { return }
        if case .consent(let before)? = popup, before.pressed != nil,
            before.order == prompt.order
        {
            prompt.pressed = nil
        }
        prompt.typed = now.monotonic
        popups[popups.count - 1] = .consent(prompt)
    }

    /// When a key that was pressed holds.
    var consentDeadline: Duration? {
        guard case .consent(let prompt) = popups.last, let pressed = prompt.pressed else {
            return nil
        }
        return pressed.time + ConsentPrompt.holdTime
    }

    /// Takes the answer whose key was pressed, once nothing followed it.
    mutating func settleConsent() {
        guard let deadline = consentDeadline, now.monotonic >= deadline,
            case .consent(let prompt) = popups.last, let pressed = prompt.pressed
        else { return }
        popups.removeLast()
        needsFrame = true
        take(pressed.answer, to: prompt)
    }

    private mutating func take(_ answer: ConsentPrompt.Answer, to prompt: ConsentPrompt) {
        let order = prompt.order
        calls.questions[order.runID, default: 0] += 1
        switch answer {
        case .once: begin(order, by: .asked(begun: prompt.begun))
        case .always:
            remember(order, isAllowed: true)
            begin(order, by: .asked(begun: prompt.begun))
            beginTheSame(as: order)
        case .no: calls.work[order.key] = .answered(Self.refusal)
        case .never:
            remember(order, isAllowed: false)
            calls.work[order.key] = .answered(Self.refusal)
        case .typed: return typeOutput(of: order)
        }
        submitWhenComplete(order.runID, on: order.threadID)
        goOn(after: order)
    }

    private mutating func remember(_ order: CommandOrder, isAllowed: Bool) {
        let answer = Consents.Answer(order, isAllowed: isAllowed, time: now.wall)
        calls.consents.add(answer)
        effects.append(.keepConsent(answer))
    }

    /// Asks about the next call, or says what else waits.
    private mutating func goOn(after order: CommandOrder) {
        guard let run = conversation.activeRun, run.id == order.runID,
            run.status == .requiresAction
        else { return }
        settleCalls(of: run)
        guard popups.isEmpty else { return }
        if !questions(of: run).isEmpty {
            openConsent()
        } else if !typedCalls(of: run).isEmpty {
            sayWhatWaits(run)
        }
    }

    /// What was just allowed always needs no question in the other calls of the run.
    private mutating func beginTheSame(as order: CommandOrder) {
        guard let run = conversation.activeRun, run.id == order.runID else { return }
        for other in questions(of: run)
        where calls.consents.answer(about: other)?.isAllowed == true
            && calls.consents.begun(other) == nil
        {
            begin(other, by: .asked(begun: nil))
        }
    }

    /// The person wants to type the output.
    private mutating func typeOutput(of order: CommandOrder) {
        guard let run = conversation.activeRun, run.id == order.runID,
            let call = run.requiredAction.first(where: { $0.id == order.callID })
        else { return }
        calls.work[order.key] = .typed
        answer(call)
    }

    // MARK: - What the terminal has shown

    /// Notes what a frame shows of a popup: only the innermost can be answered.
    mutating func note(_ popup: Popup, rows: Int, space: Int) {
        guard case .consent(let prompt) = popup else { return calls.frame = nil }
        calls.view = (rows, space)
        let top = min(prompt.top, max(0, rows - space))
        calls.frame = ConsentFrame(
            call: prompt.order.key, first: top, end: min(rows, top + max(0, space)), rows: rows)
    }

    /// The terminal took the frame that was drawn last. What waits at its side may still be unseen:
    /// a sign that it has come this far is asked for.
    mutating func noteFrameTaken() {
        guard let frame = calls.frame, case .consent(var prompt) = popups.last,
            prompt.order.key == frame.call
        else { return }
        prompt.take(frame)
        popups[popups.count - 1] = .consent(prompt)
        guard prompt.shown == nil || prompt.taken >= prompt.rows && !prompt.hasShownEnd else {
            return
        }
        if let asked = calls.asked, now.monotonic - asked.time < CommandCalls.signTime { return }
        calls.asked = ConsentSign(
            call: frame.call, taken: prompt.taken, rows: prompt.rows, time: now.monotonic)
        effects.append(.askTerminal)
    }

    /// The terminal was somebody else's for a while.
    mutating func hideConsent() {
        calls.asked = nil
        calls.frame = nil
        guard case .consent(var prompt) = popups.last else { return }
        prompt.hide(at: now.monotonic)
        popups[popups.count - 1] = .consent(prompt)
    }

    /// The terminal has shown what it was asked about.
    mutating func takeSign() {
        guard let asked = calls.asked else { return }
        calls.asked = nil
        guard case .consent(var prompt) = popups.last, prompt.order.key == asked.call else {
            return noteFrameTaken()
        }
        prompt.shown = prompt.shown ?? now.monotonic
        if asked.rows == prompt.rows, asked.taken >= asked.rows { prompt.hasShownEnd = true }
        popups[popups.count - 1] = .consent(prompt)
        needsFrame = true
        noteFrameTaken()
    }
}

extension Command {
    /// What the command says to the question whether a command may run.
    var consentAnswer: ConsentPrompt.Answer? {
        switch self {
        case .allowOnce: .once
        case .allowAlways: .always
        case .refuse: .no
        case .refuseAlways: .never
        case .typeOutput: .typed
        default: nil
        }
    }
}
