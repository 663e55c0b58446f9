public import Wire

/// How the answer of a run is to look (`CONTRACT.md` 4).
public enum ResponseFormat: Hashable, Sendable {
    /// As the model likes.
    case auto
    case text
    /// Some JSON object; say so in the instructions as well.
    case jsonObject
    /// JSON that follows a schema. The name has at most 64 of `[A-Za-z0-9_-]`.
    case jsonSchema(
        name: String, schema: JSONValue, description: String? = nil, isStrict: Bool? = nil)

    /// The format as it is on the wire.
    public var json: JSONValue {
        switch self {
        case .auto: return "auto"
        case .text: return ["type": "text"]
        case .jsonObject: return ["type": "json_object"]
        case .jsonSchema(let name, let schema, let description, let isStrict):
            var object: JSONObject = ["name": .string(name)]
            if let description { object["description"] = .string(description) }
            object["schema"] = schema
            if let isStrict { object["strict"] = .bool(isStrict) }
            return ["type": "json_schema", "json_schema": .object(object)]
        }
    }
}

/// How long a model thinks before it answers; any other word can be given as a literal.
public struct ReasoningEffort: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    /// The word on the wire.
    public var rawValue: String

    /// An effort by its word.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// An effort by its word.
    public init(stringLiteral value: String) { rawValue = value }

    /// `none` on the wire; called so because nil is something else.
    public static let off: ReasoningEffort = "none"
    public static let minimal: ReasoningEffort = "minimal"
    public static let low: ReasoningEffort = "low"
    public static let medium: ReasoningEffort = "medium"
    public static let high: ReasoningEffort = "high"
    public static let xhigh: ReasoningEffort = "xhigh"
    public static let max: ReasoningEffort = "max"
}

/// What the tools of an assistant or a thread may use (`CONTRACT.md` 4).
public struct ToolResources: Hashable, Sendable {
    /// Files for the code interpreter, at most 20.
    public var codeInterpreterFileIDs: [File.ID]
    /// Stores for the file search, at most one.
    public var vectorStoreIDs: [VectorStore.ID]
    /// In place of `vectorStoreIDs`: the files of a store that is to be made, nil for none.
    public var newVectorStoreFileIDs: [File.ID]?

    /// Names resources; what is left out is not used.
    public init(
        codeInterpreterFileIDs: [File.ID] = [], vectorStoreIDs: [VectorStore.ID] = [],
        newVectorStoreFileIDs: [File.ID]? = nil
    ) {
        self.codeInterpreterFileIDs = codeInterpreterFileIDs
        self.vectorStoreIDs = vectorStoreIDs
        self.newVectorStoreFileIDs = newVectorStoreFileIDs
    }

    /// The resources as they are on the wire.
    public var json: JSONObject {
        var object: JSONObject = [:]
        if !codeInterpreterFileIDs.isEmpty {
            object["code_interpreter"] = ["file_ids": Self.list(codeInterpreterFileIDs)]
        }
        if !vectorStoreIDs.isEmpty {
            object["file_search"] = ["vector_store_ids": Self.list(vectorStoreIDs)]
        }
        if let newVectorStoreFileIDs {
            object["file_search"] = [
                "vector_stores": [["file_ids": Self.list(newVectorStoreFileIDs)]]
            ]
        }
        return object
    }

    private static func list(_ ids: [String]) -> JSONValue { .array(ids.map { .string($0) }) }
}

/// A file that comes with a message, and the tools that may use it.
public struct Attachment: Hashable, Sendable {
    public var fileID: File.ID
    /// `.codeInterpreter`, `.fileSearch()` or both.
    public var tools: [Tool]

    /// Makes an attachment.
    public init(fileID: File.ID, tools: [Tool]) {
        self.fileID = fileID
        self.tools = tools
    }

    /// The attachment as it is on the wire.
    public var json: JSONValue {
        ["file_id": .string(fileID), "tools": .array(tools.map(\.json))]
    }
}

extension Tool {
    /// Search in files.
    ///
    /// - Parameters:
    ///   - maxResults: 1…50; nil for the server's choice.
    ///   - scoreThreshold: 0…1; passages that score less are left out.
    ///   - ranker: The name of a ranker; only with a threshold.
    public static func fileSearch(
        maxResults: Int? = nil, scoreThreshold: Double? = nil, ranker: String? = nil
    ) -> Tool {
        var options: JSONObject = [:]
        if let maxResults { options["max_num_results"] = .integer(maxResults) }
        if let scoreThreshold {
            var ranking: JSONObject = ["score_threshold": .double(scoreThreshold)]
            if let ranker { ranking["ranker"] = .string(ranker) }
            options["ranking_options"] = .object(ranking)
        }
        return .fileSearch(options: options)
    }

    /// A function the model may ask for.
    public static func function(
        name: String, description: String? = nil,
        parameters: JSONValue = FunctionTool.noParameters, isStrict: Bool = false
    ) -> Tool {
        .function(
            FunctionTool(
                name: name, description: description, parameters: parameters, isStrict: isStrict))
    }
}
