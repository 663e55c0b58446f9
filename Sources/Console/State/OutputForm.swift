import Settings
import Wire

/// The output of a call as a form: one field for each property that the configuration names.
struct OutputForm: Hashable, Sendable {
    /// One property as it is filled in.
    struct Field: Hashable, Sendable {
        var property: OutputSchema.Property
        var draft = Draft()
        /// Which of the choices is taken.
        var choice: Int?
        /// What is wrong with it, in a sentence.
        var problem: String?

        /// What it can be chosen from; empty for a field that is typed.
        var choices: [String] {
            property.kind == .boolean ? ["true", "false"] : property.choices
        }
    }

    /// What a field comes to.
    enum Value: Hashable, Sendable {
        case absent
        case value(JSONValue)
        /// What is wrong, in a sentence.
        case problem(String)
    }

    var explanation: String
    private(set) var fields: [Field]
    private(set) var place = 0
    /// Whether texts that are required may be empty.
    private(set) var allowsEmpty = false

    /// An empty form.
    init(_ schema: OutputSchema) {
        explanation = schema.explanation
        fields = schema.properties.map { Field(property: $0) }
    }

    /// The field that is filled in.
    var field: Field { fields[place] }

    /// Whether the field that is filled in is the last one.
    var isAtEnd: Bool { place == fields.count - 1 }

    /// Changes the field that is typed; a letter in a choice takes what begins with it.
    mutating func change(_ make: (inout Draft) -> Void) {
        fields[place].problem = nil
        allowsEmpty = false
        guard !field.choices.isEmpty else { return make(&fields[place].draft) }
        var typed = Draft()
        make(&typed)
        let start = typed.text.lowercased()
        guard !start.isEmpty else { return fields[place].choice = nil }
        let found = field.choices.firstIndex { $0.lowercased().hasPrefix(start) }
        fields[place].choice = found ?? field.choice
    }

    /// Moves the cursor in the field.
    mutating func move(to index: Int) { fields[place].draft.move(to: index) }

    /// Takes the next or previous choice; what need not be given can be left open.
    mutating func choose(by difference: Int) {
        let count = field.choices.count
        guard count > 0 else { return }
        fields[place].problem = nil
        let open = field.property.isRequired ? 0 : 1
        guard let choice = field.choice else {
            return fields[place].choice = difference > 0 ? 0 : count - 1
        }
        let next = (choice + difference + count + open) % (count + open)
        fields[place].choice = next < count ? next : nil
    }

    /// Goes to another field and says what is wrong with the one that is left; false, staying,
    /// where there is none.
    mutating func move(by difference: Int) -> Bool {
        note(place)
        guard fields.indices.contains(place + difference) else { return false }
        place += difference
        return true
    }

    /// Goes to the first field, or the last.
    mutating func begin(atEnd: Bool) { place = atEnd ? fields.count - 1 : 0 }

    /// Lets texts that are required be empty.
    mutating func allowEmpty() { allowsEmpty = true }

    /// The output; nil while something is missing or wrong.
    var output: String? {
        var object: JSONObject = [:]
        for field in fields {
            switch value(of: field) {
            case .absent: break
            case .value(let value): object[field.property.name] = value
            case .problem: return nil
            }
        }
        return JSONValue.object(object).text
    }

    /// Whether it may be submitted; otherwise says what is wrong and goes there.
    mutating func check() -> Bool {
        for place in fields.indices { note(place) }
        guard let wrong = fields.firstIndex(where: { $0.problem != nil }) else { return true }
        place = wrong
        return false
    }

    private mutating func note(_ place: Int) {
        if case .problem(let text) = value(of: fields[place]) {
            fields[place].problem = text
        } else {
            fields[place].problem = nil
        }
    }

    private func value(of field: Field) -> Value {
        let property = field.property
        if !field.choices.isEmpty {
            guard let choice = field.choice else {
                return property.isRequired ? .problem("One of these is required.") : .absent
            }
            if property.kind == .boolean { return .value(.bool(choice == 0)) }
            return .value(.string(field.choices[choice]))
        }
        let text = field.draft.text
        if property.kind == .string, !text.isEmpty { return .value(.string(text)) }
        let number = text.trimmed
        guard !number.isEmpty else {
            if property.isRequired, property.kind == .string, allowsEmpty {
                return .value(.string(""))
            }
            return property.isRequired ? .problem("This is required.") : .absent
        }
        let isWhole = property.kind == .integer
        switch try? JSONValue(parsing: number) {  // Anything else is no number.
        case .some(.integer(let value)): return .value(.integer(value))
        case .some(.double(let value)) where value.isFinite && !isWhole:
            return .value(.double(value))
        default:
            return .problem(
                isWhole
                    ? "This should be a whole number, such as 12."
                    : "This should be a number, such as 3.5.")
        }
    }
}
