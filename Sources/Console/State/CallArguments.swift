import Assistants
import Wire

/// The arguments of a function call as a person reads them: by name, in the order of the
/// function's parameters.
struct CallArguments: Hashable, Sendable {
    /// One argument.
    struct Argument: Hashable, Sendable {
        var name: String
        /// The value as it is shown, nested ones as indented JSON; nil where it is missing.
        var value: String?
        /// What the parameter means; empty where nothing is said.
        var explanation = ""
        /// Whether the function has no such parameter.
        var isUnknown = false
    }

    private(set) var arguments: [Argument] = []
    /// Parameters that need not be given, and were not.
    private(set) var omitted: [String] = []
    /// The arguments as they came, where they are no JSON object.
    private(set) var unreadable: String?

    /// The most bytes that are shown of one call.
    static let limit = 256 << 10

    /// Reads arguments.
    ///
    /// - Parameters:
    ///   - text: As the model wrote them.
    ///   - parameters: The function's JSON schema; nil where it is not known.
    init(_ text: String, parameters: JSONValue?) {
        guard !text.isEmpty else { return }
        guard let given = (try? JSONValue(parsing: text))?.objectValue else {
            // A model may write anything.
            unreadable = Self.shortened(text, to: Self.limit)
            return
        }
        let properties = parameters?["properties"]?.objectValue
        let required = parameters?["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
        var room = Self.limit
        for (name, property) in properties ?? [:] {
            let explanation = property["description"]?.stringValue ?? ""
            if let value = given[name] {
                add(name, value, explanation, isUnknown: false, &room)
            } else if required.contains(name) {
                arguments.append(Argument(name: name, explanation: explanation))
            } else {
                omitted.append(name)
            }
        }
        for name in required where given[name] == nil && properties?[name] == nil {
            arguments.append(Argument(name: name))
        }
        for (name, value) in given where properties?[name] == nil {
            add(name, value, "", isUnknown: properties != nil, &room)
        }
    }

    /// Whether the function was called without any.
    var isEmpty: Bool { arguments.isEmpty && unreadable == nil }

    private mutating func add(
        _ name: String, _ value: JSONValue, _ explanation: String, isUnknown: Bool,
        _ room: inout Int
    ) {
        let whole = value.stringValue.map { $0.isEmpty ? "\"\"" : $0 } ?? value.prettyText
        let text = Self.shortened(whole, to: max(1_024, room))
        room -= text.utf8.count
        arguments.append(
            Argument(name: name, value: text, explanation: explanation, isUnknown: isUnknown))
    }

    private static func shortened(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        let rest = text.utf8.count - limit
        return String(decoding: text.utf8.prefix(limit), as: UTF8.self)
            + "\n(and \(rest.grouped) bytes more)"
    }
}
