/// One entry of the `functions` section: how calls of a function are answered, by a command or by
/// a person in a form.
package struct FunctionSettings: Hashable, Sendable {
    /// When the command may run.
    package enum Consent: String, CaseIterable, Sendable {
        case ask, always, never
    }

    /// The function's name.
    package var name = ""
    /// The program and its arguments; empty where only a person answers.
    package var command: [String] = []
    /// When it may run.
    package var consent = Consent.ask
    /// How long it may take.
    package var time = Duration.seconds(60)
    /// The most bytes of its output.
    package var output = 256 << 10
    /// What a person who answers fills in; nil where the output is typed as it is.
    package var outputSchema: OutputSchema?
}

extension FunctionSettings: Decodable {
    package init(from decoder: any Decoder) {
        let fields = Fields(
            decoder, allowed: ["command", "consent", "time", "output", "output-schema"])
        command = fields.arguments("command")
        outputSchema = fields.section("output-schema")
        if command.isEmpty, fields.value("output-schema") == nil {
            fields.fail(
                "command", "A function needs a command.",
                advice: "Write command: [program, argument], or an output-schema for a form.")
        }
        consent = fields.choice("consent") ?? consent
        let advice = "Allowed: a time such as 90s, 10m, 1h30m or 1d, at most 365d."
        time = fields.parsed("time", advice: advice, Duration.init(text:)) ?? time
        output = fields.number("output", in: 1...(64 << 20)) ?? output
    }
}

/// The `functions` section: functions by their names.
struct FunctionList: Decodable {
    var functions: [FunctionSettings] = []
    private static let limit = 128

    init(from decoder: any Decoder) {
        let fields = Fields(decoder, allowed: nil)
        for name in fields.names.prefix(Self.limit) {
            guard var function = fields.section(name, as: FunctionSettings.self) else {
                fields.fail(
                    name, "A function needs a command.", advice: "Write command: [program].")
                continue
            }
            function.name = name
            functions.append(function)
        }
    }
}

extension Fields {
    /// A program and its arguments: a list of texts, taken as they are.
    fileprivate func arguments(_ name: String) -> [String] {
        guard let value = value(name) else { return [] }
        let advice = "Allowed: a list such as [program, argument], without control characters."
        guard var list = try? value.unkeyedContainer() else {
            return value.scalarText(advice: advice).map { [$0] } ?? []
        }
        var words: [String] = []
        while !list.isAtEnd {
            guard let word = try? list.decode(String.self), words.count < 256,
                !word.utf8.contains(0)
            else {
                fail(name, "The list of \(name.quoted) holds something else.", advice: advice)
                return words
            }
            words.append(word)
        }
        return words
    }
}
