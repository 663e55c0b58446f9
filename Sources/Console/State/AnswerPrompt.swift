import Assistants

/// The outputs of waiting function calls, given by the person one after the other.
struct AnswerPrompt: Hashable, Sendable {
    /// One call.
    struct Call: Hashable, Sendable {
        /// Which of all calls it is: a later step of the run may give the same id again.
        var key: CallKey
        var name: String
        /// What the function is for; empty where nothing is said.
        var explanation = ""
        var arguments: CallArguments
        var output: Output
    }

    /// What a call gives back.
    enum Output: Hashable, Sendable {
        case typed(TypedOutput)
        case form(OutputForm)
    }

    var runID: Run.ID
    var threadID: Assistants.Thread.ID
    var calls: [Call]
    /// The call that is answered.
    var place = 0
    /// The first row of its arguments that is shown.
    var top = 0
    /// When it opened, or went on to another call: no key that was meant for something else may
    /// submit it.
    var since: Duration

    /// How long Enter means nothing, after it opened.
    static let pause = Duration.milliseconds(500)

    /// The call that is answered.
    var call: Call { calls[place] }

    /// Whether Enter submits: every other call has its output.
    var isLast: Bool {
        calls.indices.allSatisfy { $0 == place || calls[$0].output.isGiven }
            && call.output.isAtEnd
    }

    /// What the status line offers.
    var offers: [(command: Command, title: String)] {
        var offers: [(command: Command, title: String)] = [(.send, isLast ? "submit" : "next")]
        if case .form = call.output {
            offers.append((.nextPane, "next field"))
        } else {
            if calls.count > 1 { offers.append((.nextPane, "next call")) }
            offers += [(.newline, "new line"), (.editor, "editor")]
        }
        return offers + [(.pageDown, "more arguments"), (.stop, "later")]
    }

    /// Changes what is typed.
    mutating func change(_ make: (inout Draft) -> Void) { calls[place].output.change(make) }

    /// Goes to another call.
    mutating func go(to place: Int) {
        self.place = place
        top = 0
    }

    /// Goes to the next field, and from the last one to the next call.
    mutating func move(by difference: Int) {
        if calls[place].output.move(by: difference) { return }
        go(to: (place + difference + calls.count) % calls.count)
        calls[place].output.begin(atEnd: difference < 0)
    }

    /// The outputs of all calls; nil, at the first call that is not ready, while one is missing.
    mutating func outputs() -> [ToolOutput]? {
        for place in calls.indices where !calls[place].output.check() {
            go(to: place)
            return nil
        }
        return calls.map { ToolOutput(toolCallID: $0.key.call, output: $0.output.text) }
    }
}

extension AnswerPrompt.Output {
    /// The text that is typed now; nil where something is chosen.
    var draft: Draft? {
        switch self {
        case .typed(let typed): typed.draft
        case .form(let form): form.field.choices.isEmpty ? form.field.draft : nil
        }
    }

    /// Whether anything is typed or chosen.
    var isBegun: Bool {
        switch self {
        case .typed(let typed): typed.isGiven
        case .form(let form): form.fields.contains { $0.choice != nil || !$0.draft.isEmpty }
        }
    }

    /// What is typed so far: of a form that is not filled in, the texts of its fields.
    var typedText: String {
        switch self {
        case .typed(let typed): typed.draft.text
        case .form(let form):
            form.output
                ?? form.fields.map(\.draft.text).filter { !$0.isEmpty }.joined(separator: "\n")
        }
    }

    /// Whether there is something to submit.
    var isGiven: Bool {
        switch self {
        case .typed(let typed): typed.isGiven
        case .form(let form): form.output != nil
        }
    }

    /// Whether Enter goes on to the next call rather than to the next field.
    var isAtEnd: Bool {
        if case .form(let form) = self { form.isAtEnd } else { true }
    }

    /// The output as it is submitted.
    var text: String {
        switch self {
        case .typed(let typed): typed.draft.text
        case .form(let form): form.output ?? ""
        }
    }

    /// Changes what is typed.
    mutating func change(_ make: (inout Draft) -> Void) {
        switch self {
        case .typed(var typed):
            typed.change(make)
            self = .typed(typed)
        case .form(var form):
            form.change(make)
            self = .form(form)
        }
    }

    /// Moves the cursor in what is typed.
    mutating func move(to index: Int) {
        switch self {
        case .typed(var typed):
            typed.move(to: index)
            self = .typed(typed)
        case .form(var form):
            form.move(to: index)
            self = .form(form)
        }
    }

    /// Goes to another field; false where there is none.
    mutating func move(by difference: Int) -> Bool {
        guard case .form(var form) = self else { return false }
        defer { self = .form(form) }
        return form.move(by: difference)
    }

    /// Goes to the first field, or the last.
    mutating func begin(atEnd: Bool) {
        guard case .form(var form) = self else { return }
        form.begin(atEnd: atEnd)
        self = .form(form)
    }

    /// Takes another choice.
    mutating func choose(by difference: Int) {
        guard case .form(var form) = self else { return }
        form.choose(by: difference)
        self = .form(form)
    }

    /// Says that what is empty is meant to be.
    mutating func allowEmpty() {
        switch self {
        case .typed(var typed):
            typed.allowEmpty()
            self = .typed(typed)
        case .form(var form):
            form.allowEmpty()
            self = .form(form)
        }
    }

    /// Whether it may be submitted; otherwise it says what is wrong.
    mutating func check() -> Bool {
        switch self {
        case .typed(var typed):
            defer { self = .typed(typed) }
            return typed.check()
        case .form(var form):
            defer { self = .form(form) }
            return form.check()
        }
    }
}
