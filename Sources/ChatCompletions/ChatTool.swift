public import Wire

/// A function that a model may call.
public struct ChatTool: Hashable, Sendable {
    /// Its name: letters, digits, `_` and `-`, at most 64.
    public var name: String
    /// What it does, for the model.
    public var description: String?
    /// The JSON schema of its arguments.
    public var parameters: JSONValue?
    /// Whether the arguments must follow the schema exactly.
    public var strict: Bool?

    /// Creates a function.
    public init(
        name: String, description: String? = nil, parameters: JSONValue? = nil,
        strict: Bool? = nil
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.strict = strict
    }
}

/// Whether and what a model must call.
public enum ChatToolChoice: Hashable, Sendable {
    /// Nothing may be called.
    case none
    /// The model decides.
    case auto
    /// Something must be called.
    case required
    /// This function must be called.
    case function(String)
}

/// The form an answer must have.
public enum ChatResponseFormat: Hashable, Sendable {
    /// Any text.
    case text
    /// A JSON object.
    case jsonObject
    /// JSON after a schema; the value is the whole `json_schema` member: name, schema, strict.
    case jsonSchema(JSONValue)
    /// A form of the server's own, sent as it is.
    case other(JSONValue)
}
