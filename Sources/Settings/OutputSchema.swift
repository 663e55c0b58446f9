/// What a function gives back, for the form in which a person gives it: the part of JSON Schema
/// that a form can show.
package struct OutputSchema: Hashable, Sendable {
    /// One property of the object.
    package struct Property: Hashable, Sendable {
        /// What its value must be.
        package enum Kind: String, CaseIterable, Hashable, Sendable {
            case string, number, integer, boolean
        }

        package var name: String
        package var kind = Kind.string
        /// The texts it can be chosen from (`enum`); empty where anything of its kind goes.
        package var choices: [String] = []
        /// What it means, for whoever fills it in; empty for nothing.
        package var explanation = ""
        /// Whether it must be given.
        package var isRequired = false

        /// A text that may be given.
        package init(_ name: String) { self.name = name }
    }

    /// What the whole is, for whoever fills it in; empty for nothing.
    package var explanation = ""
    /// In the order of the file.
    package var properties: [Property] = []

    /// A schema without properties.
    package init() {}
}

extension OutputSchema: Decodable {
    package init(from decoder: any Decoder) {
        let fields = Fields(
            decoder, allowed: ["type", "description", "properties", "required"])
        if let type = fields.text("type"), type != "object" {
            fields.fail(
                "type", "A form gives an object, not \(type.quoted).",
                advice: "Write type: object, or leave it out.")
        }
        explanation = fields.explanation
        properties = fields.section("properties", as: OutputProperties.self)?.properties ?? []
        if properties.isEmpty, fields.value("properties") == nil {
            decoder.fail("An output schema needs properties.", "Write properties: {NAME: {…}}.")
        }
        for name in fields.texts("required", limit: OutputProperties.limit) {
            guard let place = properties.firstIndex(where: { $0.name == name }) else {
                fields.fail(
                    "required", "\(name.quoted) is required and is no property.",
                    advice: "Allowed: names that stand under properties.")
                continue
            }
            properties[place].isRequired = true
        }
    }
}

/// The properties of an output schema, by their names.
private struct OutputProperties: Decodable {
    var properties: [OutputSchema.Property] = []
    static let limit = 64

    init(from decoder: any Decoder) {
        let fields = Fields(decoder, allowed: nil)
        let names = fields.names.map { ($0, fields.place(of: $0) ?? Place(line: 0, column: 0)) }
            .sorted { ($0.1.line, $0.1.column) < ($1.1.line, $1.1.column) }
        for (name, _) in names {
            guard properties.count < Self.limit else {
                fields.fail(
                    name, "These are too many properties.",
                    advice: "Allowed: at most \(Self.limit).")
                break
            }
            guard var property = fields.section(name, as: OutputSchema.Property.self) else {
                fields.fail(name, "A property needs a type.", advice: "Write type: string.")
                continue
            }
            property.name = name
            properties.append(property)
        }
    }
}

extension OutputSchema.Property: Decodable {
    package init(from decoder: any Decoder) {
        self.init("")
        let fields = Fields(decoder, allowed: ["type", "description", "enum"])
        choices = fields.texts("enum", limit: OutputProperties.limit)
        explanation = fields.explanation
        if fields.value("type") != nil {
            kind = fields.choice("type") ?? kind
        } else if choices.isEmpty {
            decoder.fail("A property needs a type.", "Allowed: string, number, integer, boolean.")
        }
        if fields.value("enum") != nil, kind != .string {
            fields.fail(
                "enum", "Only texts can be chosen from a list.",
                advice: "Write type: string, or leave enum out.")
        }
    }
}

extension Fields {
    /// What something means, in at most 2,000 bytes; empty where nothing is said.
    fileprivate var explanation: String {
        parsed("description", advice: "Allowed: at most 2000 bytes of text.") { text in
            text.utf8.count <= 2_000 ? text : nil
        } ?? ""
    }

    /// A list of at most `limit` texts, none of them twice.
    fileprivate func texts(_ name: String, limit: Int) -> [String] {
        guard let value = value(name) else { return [] }
        let advice = "Allowed: a list of at most \(limit) texts, as [one, other]."
        var texts: [String] = []
        guard var list = try? value.unkeyedContainer() else {
            fail(name, "This should be a list.", advice: advice)
            return []
        }
        while !list.isAtEnd {
            guard let text = try? list.decode(String.self), texts.count < limit,
                !text.isEmpty, !texts.contains(text)
            else {
                fail(name, "The list of \(name.quoted) holds something else.", advice: advice)
                return texts
            }
            texts.append(text)
        }
        return texts
    }
}

extension Decoder {
    /// Adds a problem at this value.
    fileprivate func fail(_ message: String, _ advice: String) {
        ProblemLog.of(self).add(message, advice: advice, at: place)
    }
}
