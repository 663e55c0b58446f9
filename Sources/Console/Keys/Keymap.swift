package import Settings
import Terminal

/// Which keys mean which command, in which place.
package struct Keymap: Sendable {
    /// What keys typed so far mean.
    enum Match: Hashable, Sendable {
        case command(Command)
        /// The keys begin a chord.
        case pending
        case nothing
    }

    /// Keys of a command, with how people read them.
    private struct Bound: Sendable {
        var context: KeyContext
        var keys: KeySequence
        var label: String
        var plainLabel: String
    }

    /// What is wrong with a person's changes, each with its line; the rest of the map works.
    package private(set) var problems: [ConfigurationError.Problem] = []
    /// Whether labels are ASCII: arrows by their names.
    var isASCII = false
    private var commands: [KeyContext: [KeySequence: Command]] = [:]
    private var prefixes: [KeyContext: Set<KeySequence>] = [:]
    private var sequences: [Command: [Bound]] = [:]

    /// The keys of the manual.
    package static let standard = Keymap(KeymapSettings())

    /// The keys of a preset with a person's changes.
    ///
    /// A changed command has exactly the keys that were given, in the widest place it had keys in
    /// before. A key that is given to two commands in one place is a problem that names both; the
    /// change wins over the preset.
    package init(_ settings: KeymapSettings) {
        let changes = known(settings.bindings)
        for entry in Command.table where changes[entry.command] == nil {
            for (context, names) in Self.keys(of: entry, in: settings.preset) {
                for name in names { bind(name, to: entry.command, in: context, from: nil) }
            }
        }
        for (command, binding) in changes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let context = command.entry.keys.first?.context ?? .anywhere
            for name in binding.keys { bind(name, to: command, in: context, from: binding) }
        }
    }

    /// What the keys typed so far mean in a place.
    func match(_ keys: [Key], in context: KeyContext) -> Match {
        let sequence = KeySequence(keys)
        for place in [context, .anywhere] {
            if let command = commands[place]?[sequence] { return .command(command) }
        }
        for place in [context, .anywhere] where prefixes[place]?.contains(sequence) == true {
            return .pending
        }
        return .nothing
    }

    /// Whether a command is bound to these keys, for chords whose first key is a command itself.
    func beginsChord(_ keys: [Key], in context: KeyContext) -> Bool {
        [context, .anywhere].contains { prefixes[$0]?.contains(KeySequence(keys)) == true }
    }

    /// The keys of a command as people read them, those of the place first.
    func labels(of command: Command, in context: KeyContext? = nil) -> [String] {
        let all = sequences[command] ?? []
        guard let context else { return all.map { $0[keyPath: shownLabel] } }
        return all.filter { $0.context == context }.map { $0[keyPath: shownLabel] }
            + all.filter { $0.context == .anywhere && context != .anywhere }.map {
                $0[keyPath: shownLabel]
            }
    }

    /// The keys of a command in one place only.
    func labels(of command: Command, onlyIn context: KeyContext) -> [String] {
        (sequences[command] ?? []).filter { $0.context == context }.map { $0[keyPath: shownLabel] }
    }

    private var shownLabel: KeyPath<Bound, String> { isASCII ? \.plainLabel : \.label }

    private static func keys(
        of entry: CommandEntry, in preset: KeymapSettings.Preset
    ) -> [(context: KeyContext, names: [String])] {
        guard preset == .emacs else { return entry.keys }
        switch entry.command {
        case .palette: return [(.anywhere, ["M-x"]), (.pane, [":"])]
        case .historyPrevious: return [(.input, ["C-p", "M-p"])]
        default: return entry.keys
        }
    }

    private mutating func known(
        _ bindings: [KeymapSettings.Binding]
    ) -> [Command: KeymapSettings.Binding] {
        var changes: [Command: KeymapSettings.Binding] = [:]
        for binding in bindings {
            guard let command = Command(rawValue: binding.command) else {
                problems.append(
                    binding.problem(
                        "There is no command “\(binding.command)”.",
                        advice: "F1 in the console and docs/keys.md name all commands."))
                continue
            }
            changes[command] = binding
        }
        return changes
    }

    private mutating func bind(
        _ name: String, to command: Command, in context: KeyContext,
        from binding: KeymapSettings.Binding?
    ) {
        guard let keys = KeySequence(name: name) else {
            if let binding {
                problems.append(
                    binding.problem(
                        "“\(name)” is not a key.",
                        advice: "Keys are written like F5, C-x c, M-Enter or S-Tab."))
            }
            return
        }
        if let other = commands[context]?[keys], other != command {
            if let binding {
                problems.append(
                    binding.problem(
                        "\(keys.label) is already “\(other.rawValue)” \(context.title); "
                            + "now it is “\(command.rawValue)”.",
                        advice: "Give one of them another key."))
            }
            sequences[other]?.removeAll { $0.context == context && $0.keys == keys }
        }
        commands[context, default: [:]][keys] = command
        sequences[command, default: []].append(
            Bound(
                context: context, keys: keys, label: keys.label,
                plainLabel: keys.label(isASCII: true)))
        for length in 1..<max(1, keys.keys.count) {
            prefixes[context, default: []].insert(KeySequence(Array(keys.keys.prefix(length))))
        }
    }
}
