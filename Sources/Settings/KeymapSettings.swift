/// The `keys` section: a preset, and commands with other keys than the preset's.
package struct KeymapSettings: Hashable, Sendable {
    /// The table the keys start from.
    package enum Preset: String, CaseIterable, Hashable, Sendable {
        /// The keys of the manual.
        case standard = "default"
        /// The same, with Ctrl-P back at history.
        case emacs
    }

    /// One command and all its keys.
    package struct Binding: Hashable, Sendable {
        /// The command's name, such as `thread-new`. Which names exist, only the console knows.
        package var command: String
        /// The keys, such as `C-x c` or `M-Enter`; empty where the command shall have none.
        package var keys: [String]
        /// The file that says so.
        package var file: String
        /// The line of the command in it.
        package var line: Int?
        /// The column of the command in it.
        package var column: Int?

        /// A problem that is found only later, such as a command that does not exist.
        package func problem(
            _ message: String, advice: String? = nil
        ) -> ConfigurationError.Problem {
            .init(file: file, line: line, column: column, message: message, advice: advice)
        }
    }

    /// The table the keys start from.
    package var preset = Preset.standard
    /// The changed commands, in alphabetic order.
    package var bindings: [Binding] = []

    /// The preset of the manual, unchanged.
    package init() {}
}

extension KeymapSettings: Decodable {
    package init(from decoder: any Decoder) {
        let fields = Fields(decoder, allowed: ["preset", "bind"])
        preset = fields.choice("preset") ?? preset
        bindings = fields.section("bind", as: BindingList.self)?.bindings ?? []
    }
}

/// The mapping under `bind`: command to key or list of keys.
private struct BindingList: Decodable {
    var bindings: [KeymapSettings.Binding] = []
    static let limit = 512

    init(from decoder: any Decoder) {
        let fields = Fields(decoder, allowed: nil)
        for command in fields.names.prefix(Self.limit) {
            let place = fields.place(of: command)
            bindings.append(
                .init(
                    command: command, keys: Self.keys(of: command, in: fields),
                    file: fields.log.file, line: place?.line, column: place?.column))
        }
    }

    /// One key, a list of keys, or nothing.
    private static func keys(of command: String, in fields: Fields) -> [String] {
        guard let value = fields.value(command) else { return [] }
        let advice = "Allowed: a key such as F5, C-x c or M-Enter, or a list of keys: [F5, C-x c]."
        guard var list = try? value.unkeyedContainer() else {
            // Not a list, so it is to be one key.
            return value.scalarText(advice: advice).map { [$0] } ?? []
        }
        var keys: [String] = []
        while !list.isAtEnd {
            guard let key = try? list.decode(String.self), isKey(key) else {
                fields.fail(
                    command, "The list of keys of \(command.quoted) holds something else.",
                    advice: advice)
                return keys
            }
            keys.append(key)
        }
        return keys
    }

    private static func isKey(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}
