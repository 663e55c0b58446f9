public import Wire

/// One use of a tool inside a run step (`CONTRACT.md` 3.6).
public struct ToolCall: Identifiable, Hashable, Sendable {
    /// What was called, and what came of it.
    public enum Kind: Hashable, Sendable {
        case codeInterpreter(input: String, outputs: [CodeOutput])
        /// The ranking options as they came, and the passages found.
        case fileSearch(rankingOptions: JSONValue?, results: [FileSearchResult])
        /// The arguments are a JSON text; the output is nil until somebody gave it.
        case function(name: String, arguments: String, output: String?)
        /// A tool this version does not know, as it came.
        case unknown(JSONValue)
    }

    /// `call_…`.
    public var id: String
    public var kind: Kind

    /// Makes a tool call.
    public init(id: String, kind: Kind) {
        self.id = id
        self.kind = kind
    }

    /// The function's name or the tool's, such as `code_interpreter`.
    public var name: String {
        switch kind {
        case .codeInterpreter: "code_interpreter"
        case .fileSearch: "file_search"
        case .function(let name, _, _): name
        case .unknown(let json): json["type"]?.stringValue ?? "unknown"
        }
    }

    /// Reads a tool call; one of an unknown kind is kept.
    public init(json: JSONValue) {
        id = json["id"]?.stringValue ?? ""
        let type = json["type"]?.stringValue ?? ""
        let body = json[type]
        switch type {
        case "code_interpreter":
            kind = .codeInterpreter(
                input: body?["input"]?.stringValue ?? "",
                outputs: body?["outputs"]?.arrayValue?.map(CodeOutput.init(json:)) ?? [])
        case "file_search":
            kind = .fileSearch(
                rankingOptions: body?["ranking_options"],
                results: body?["results"]?.arrayValue?.map(FileSearchResult.init(json:)) ?? [])
        case "function":
            kind = .function(
                name: body?["name"]?.stringValue ?? "",
                arguments: body?["arguments"]?.stringValue ?? "",
                output: body?["output"]?.stringValue)
        default: kind = .unknown(json)
        }
    }

    /// The call as it is on the wire.
    public var json: JSONValue {
        switch kind {
        case .codeInterpreter(let input, let outputs):
            return [
                "id": .string(id), "type": "code_interpreter",
                "code_interpreter": [
                    "input": .string(input), "outputs": .array(outputs.map(\.json)),
                ],
            ]
        case .fileSearch(let options, let results):
            var body: JSONObject = [:]
            if let options { body["ranking_options"] = options }
            body["results"] = .array(results.map(\.json))
            return ["id": .string(id), "type": "file_search", "file_search": .object(body)]
        case .function(let name, let arguments, let output):
            return [
                "id": .string(id), "type": "function",
                "function": [
                    "name": .string(name), "arguments": .string(arguments),
                    "output": JSONValue(output),
                ],
            ]
        case .unknown(let json): return json
        }
    }
}

/// Something that code printed or drew.
public enum CodeOutput: Hashable, Sendable {
    case logs(String)
    case image(fileID: String)
    /// An output this version does not know, as it came.
    case unknown(JSONValue)

    /// Reads an output; one of an unknown kind is kept.
    public init(json: JSONValue) {
        if json["type"]?.stringValue == "logs", let logs = json["logs"]?.stringValue {
            self = .logs(logs)
        } else if let id = json["image"]?["file_id"]?.stringValue {
            self = .image(fileID: id)
        } else {
            self = .unknown(json)
        }
    }

    /// The output as it is on the wire.
    public var json: JSONValue {
        switch self {
        case .logs(let logs): ["type": "logs", "logs": .string(logs)]
        case .image(let id): ["type": "image", "image": ["file_id": .string(id)]]
        case .unknown(let json): json
        }
    }
}

/// A passage that a file search found.
public struct FileSearchResult: Hashable, Sendable {
    public var fileID: String
    public var fileName: String
    /// 0…1, comparable only within one search.
    public var score: Double
    /// The passage, where the request asked for it.
    public var text: String?
    /// Fields this version does not know, as they came.
    public var unknown: JSONObject = [:]

    /// Makes a result.
    public init(fileID: String, fileName: String, score: Double, text: String? = nil) {
        self.fileID = fileID
        self.fileName = fileName
        self.score = score
        self.text = text
    }

    init(json: JSONValue) {
        fileID = json["file_id"]?.stringValue ?? ""
        fileName = json["file_name"]?.stringValue ?? ""
        score = json["score"]?.doubleValue ?? 0
        let parts = json["content"]?.arrayValue?.compactMap { $0["text"]?.stringValue }
        text = parts.flatMap { $0.isEmpty ? nil : $0.joined(separator: "\n") }
        for member in json.objectValue ?? [:]
        where !["file_id", "file_name", "score", "content"].contains(member.key) {
            unknown[member.key] = member.value
        }
    }

    var json: JSONValue {
        var known: JSONObject = [
            "file_id": .string(fileID), "file_name": .string(fileName), "score": .double(score),
        ]
        if let text { known["content"] = [["type": "text", "text": .string(text)]] }
        for member in unknown { known[member.key] = member.value }
        return .object(known)
    }
}
