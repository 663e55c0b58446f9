import Wire

extension RunStepDelta {
    /// Reads a delta in one pass over its bytes, without building a tree of values for the parts
    /// that come often.
    init(data: [UInt8]) throws {
        var reader = JSONReader(data)
        id = ""
        details = .unknown(.null)
        try reader.readObject { (key, reader) throws(JSONError) in
            switch key {
            case "id": id = try reader.readStringOrNull() ?? ""
            case "delta":
                try reader.readObject { (key, reader) throws(JSONError) in
                    guard key == "step_details" else { return try reader.skipValue() }
                    details = try Details(&reader)
                }
            default: try reader.skipValue()
            }
        }
        try reader.finish()
        if id.isEmpty { throw APIError.unreadable("A run step delta came without an id.") }
        if case .toolCalls(let calls) = details, calls.contains(where: { $0.index < 0 }) {
            throw APIError.unreadable("A run step delta came without a usable index.")
        }
    }
}

extension RunStepDelta.Details {
    fileprivate init(_ reader: inout JSONReader) throws(JSONError) {
        var calls: [ToolCallDelta]?
        var rest = JSONObject()
        try reader.readObject { (key, reader) throws(JSONError) in
            guard key == "tool_calls" else {
                rest[key.text] = try reader.readValue()
                return
            }
            var list: [ToolCallDelta] = []
            try reader.readArray { (reader) throws(JSONError) in
                list.append(try ToolCallDelta(&reader))
            }
            calls = list
        }
        if let calls {
            self = .toolCalls(calls)
        } else if let id = rest["message_creation"]?["message_id"]?.stringValue {
            self = .messageCreation(messageID: id)
        } else {
            self = .unknown(.object(rest))
        }
    }
}

extension ToolCallDelta {
    fileprivate init(_ reader: inout JSONReader) throws(JSONError) {
        var index = -1
        var id: String?
        var kind: Kind?
        var rest = JSONObject()
        try reader.readObject { (key, reader) throws(JSONError) in
            switch key {
            case "index": index = try reader.readIntegerOrNull() ?? -1
            case "id": id = try reader.readStringOrNull()
            case "function": kind = try Self.function(&reader)
            case "code_interpreter": kind = try Self.code(&reader)
            case "file_search":
                let json = try reader.readValue()
                kind = .fileSearch(
                    rankingOptions: json["ranking_options"],
                    results: json["results"]?.arrayValue?.map(FileSearchResult.init(json:)) ?? [])
            default: rest[key.text] = try reader.readValue()
            }
        }
        self.init(index: index, id: id, kind: kind ?? Self.empty(rest, index, id))
    }

    /// A delta that names its type and says nothing more, or one of an unknown type.
    private static func empty(_ rest: JSONObject, _ index: Int, _ id: String?) -> Kind {
        switch rest["type"]?.stringValue {
        case "function": return .function(name: nil, arguments: nil, output: nil)
        case "code_interpreter": return .codeInterpreter(input: nil, outputs: [])
        default:
            var whole = rest
            whole["index"] = .integer(index)
            if let id { whole["id"] = .string(id) }
            return .unknown(.object(whole))
        }
    }

    private static func function(_ reader: inout JSONReader) throws(JSONError) -> Kind {
        var (name, arguments, output): (String?, String?, String?)
        try reader.readObject { (key, reader) throws(JSONError) in
            switch key {
            case "name": name = try reader.readStringOrNull()
            case "arguments": arguments = try reader.readStringOrNull()
            case "output": output = try reader.readStringOrNull()
            default: try reader.skipValue()
            }
        }
        return .function(name: name, arguments: arguments, output: output)
    }

    private static func code(_ reader: inout JSONReader) throws(JSONError) -> Kind {
        var input: String?
        var outputs: [IndexedOutput] = []
        try reader.readObject { (key, reader) throws(JSONError) in
            switch key {
            case "input": input = try reader.readStringOrNull()
            case "outputs":
                for json in try reader.readValue().arrayValue ?? [] {
                    outputs.append(
                        IndexedOutput(
                            index: json["index"]?.integerValue ?? outputs.count,
                            output: CodeOutput(json: json)))
                }
            default: try reader.skipValue()
            }
        }
        return .codeInterpreter(input: input, outputs: outputs)
    }
}
