/// What was typed for calls and not given yet, while it is shown nowhere.
struct OutputsPutAside: Sendable {
    private var entries: [(key: CallKey, output: AnswerPrompt.Output)] = []

    /// Outputs that are kept; beyond it the oldest goes.
    static let limit = 64

    /// What was typed for a call, also while its step was not known.
    subscript(key: CallKey) -> AnswerPrompt.Output? {
        let early = CallKey(run: key.run, step: "", call: key.call)
        return (entries.last { $0.key == key } ?? entries.last { $0.key == early })?.output
    }

    /// Keeps what was typed in a prompt.
    mutating func keep(_ prompt: AnswerPrompt) {
        remove(prompt.calls.map(\.key))
        entries += prompt.calls.filter(\.output.isBegun).map { ($0.key, $0.output) }
        entries.removeFirst(max(0, entries.count - Self.limit))
    }

    /// Forgets calls.
    mutating func remove(_ keys: [CallKey]) { entries.removeAll { keys.contains($0.key) } }

    /// Forgets the calls of a run.
    mutating func remove(run: String) { entries.removeAll { $0.key.run == run } }
}
