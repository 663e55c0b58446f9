public import Wire

/// Something an assistant may use (`CONTRACT.md` 3.2).
public enum Tool: Hashable, Sendable {
    case codeInterpreter
    /// Search in the assistant's and the thread's files; the options as they came.
    case fileSearch(options: JSONObject)
    case function(FunctionTool)
    /// A tool this version does not know, as it came.
    case unknown(JSONValue)

    /// Reads a tool; one that is not known is kept.
    public init(json: JSONValue) {
        switch json["type"]?.stringValue {
        case "code_interpreter": self = .codeInterpreter
        case "file_search": self = .fileSearch(options: json["file_search"]?.objectValue ?? [:])
        case "function":
            guard let function = FunctionTool(json: json["function"]) else { fallthrough }
            self = .function(function)
        default: self = .unknown(json)
        }
    }

    /// The tool as it is on the wire.
    public var json: JSONValue {
        switch self {
        case .codeInterpreter: ["type": "code_interpreter"]
        case .fileSearch(let options):
            options.isEmpty
                ? ["type": "file_search"]
                : ["type": "file_search", "file_search": .object(options)]
        case .function(let function): ["type": "function", "function": function.json]
        case .unknown(let json): json
        }
    }
}

/// A function the model may ask for, answered by whoever runs the assistant.
public struct FunctionTool: Hashable, Sendable {
    /// At most 64 of `[A-Za-z0-9_-]`.
    public var name: String
    /// What the function does, for the model.
    public var description: String?
    /// The arguments as a JSON schema.
    public var parameters: JSONValue
    /// Whether arguments must match the schema exactly.
    public var isStrict: Bool

    /// The schema of a function without parameters.
    public static let noParameters: JSONValue = ["type": "object", "properties": [:]]

    /// Makes a function.
    public init(
        name: String, description: String? = nil, parameters: JSONValue = noParameters,
        isStrict: Bool = false
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.isStrict = isStrict
    }

    init?(json: JSONValue?) {
        guard let name = json?["name"]?.stringValue else { return nil }
        self.init(
            name: name,
            description: json?["description"]?.stringValue,
            parameters: json?["parameters"].flatMap { $0.isNull ? nil : $0 } ?? Self.noParameters,
            isStrict: json?["strict"]?.boolValue ?? false)
    }

    var json: JSONValue {
        var object: JSONObject = ["name": .string(name)]
        if let description { object["description"] = .string(description) }
        object["parameters"] = parameters
        object["strict"] = .bool(isStrict)
        return .object(object)
    }
}
