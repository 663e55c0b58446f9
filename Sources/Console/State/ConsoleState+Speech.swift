import Assistants

// Speaking messages.
extension ConsoleState {
    /// Speaks the chosen message in place of what is spoken, also while it is being written.
    mutating func speakMessage() {
        guard let message = chosenMessage else { return say("There is no message to speak.") }
        stopSpeaking()
        begin(message, thread: current)
        if conversation.activeRun == nil || message.status != .inProgress { endSpoken() }
    }

    /// Turns speaking of new answers on or off.
    mutating func speakNew() {
        speech.speaksNew.toggle()
        if speech.speaksNew {
            say("New answers are spoken \(glyphs.dot) \(label(.stopSpeaking)) is silence.")
        } else {
            stopSpeaking()
            say("New answers are not spoken any more.")
        }
    }

    /// Silence at once.
    mutating func stopSpeaking() {
        speech.growing = nil
        guard !speech.waiting.isEmpty else { return }
        speech.waiting = []
        effects.append(.speech(.stop))
    }

    /// Takes in what an event adds to what is spoken.
    mutating func speak(_ event: AssistantEvent, thread: Assistants.Thread.ID) {
        switch event {
        case .message(.created, let message):
            if speech.speaksNew, message.role == .assistant, isShown(thread) {
                begin(message, thread: thread)
            }
        case .messageDelta(let delta) where delta.id == speech.growing?.message:
            for part in delta.parts { speak(part) }
        case .message(.completed, let message), .message(.incomplete, let message):
            guard message.id == speech.growing?.message else { return }
            // Some services tell no deltas.
            if speech.growing?.isTold == false { tell(message.text) }
            endSpoken()
        case .run(_, let run) where run.status.isTerminal && thread == speech.growing?.thread:
            endSpoken()
        default: break
        }
    }

    /// Whether a thread is the one on the screen, or the one that is just being made for it: its
    /// answer may be heard of before it is known that it is there.
    private func isShown(_ thread: Assistants.Thread.ID) -> Bool {
        if thread == current { return true }
        return current.isEmpty && conversation.isStarting
            && !threads.contains { $0.id == thread }
    }

    private mutating func speak(_ part: MessageDelta.Part) {
        switch part.content {
        case .text(let text, _), .refusal(let text):
            if part.index != speech.growing?.part {
                speech.growing?.part = part.index
                tell("\n\n")
            }
            tell(text)
        case .whole: break
        }
    }

    /// Begins to speak a message with what there is of it.
    private mutating func begin(_ message: Message, thread: Assistants.Thread.ID) {
        if speech.growing != nil { endSpoken() }
        speech.last += 1
        speech.waiting.append(speech.last)
        speech.growing = .init(message: message.id, thread: thread)
        speech.growing?.part = max(0, message.content.count - 1)
        effects.append(.speech(.begin(speech.last)))
        tell(message.text)
    }

    private mutating func tell(_ text: String) {
        if text.isEmpty { return }
        speech.growing?.isTold = true
        effects.append(.speech(.more(text)))
    }

    private mutating func endSpoken() {
        speech.growing = nil
        effects.append(.speech(.finish))
    }

    /// A text was spoken, or could not be.
    mutating func takeSpoken(_ number: Int, _ failure: String?) {
        guard let place = speech.waiting.firstIndex(of: number) else { return }
        speech.waiting.remove(at: place)
        if number == speech.last { speech.growing = nil }
        guard let failure else { return }
        stopSpeaking()
        say(failure, warning: true, for: .seconds(10))
    }
}
