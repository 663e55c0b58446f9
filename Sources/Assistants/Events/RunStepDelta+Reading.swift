import Wire

extension RunStepDelta {
    /// Reads a delta in one pass over its bytes, without building a tree of values for the parts
    /// that come often.
    /// - Parameters:
    ///   - known: The id that it probably has.
    ///   - range: Where its last code or arguments stand, their quotes included.
    init(
        _ data: [UInt8], expecting known: RunStep.ID, _ range: inout Range<Int>?
    ) throws {
        var reader = JSONReader(data)
        id = ""
        details = .unknown(.null)
        try reader.readObject { (key, reader) throws(JSONError) in
            switch key {
            case "id": id = try reader.readID(expecting: known)
            case "delta":
                try reader.readObject { (key, reader) throws(JSONError) in
                    guard key == "step_details" else { return try reader.skipValue() }
                    details = try Details(&reader, &range)
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
    /// Reads details. Tool calls come often and are read on the way; anything else is read once
    /// more, as a whole.
    fileprivate init(
        _ reader: inout JSONReader, _ range: inout Range<Int>?
    ) throws(JSONError) {
        let start = reader
        var calls: [ToolCallDelta]?
        try reader.readObject { (key, reader) throws(JSONError) in
            guard key == "tool_calls" else { return try reader.skipValue() }
            var list: [ToolCallDelta] = []
            try reader.readArray { (reader) throws(JSONError) in
                list.append(try ToolCallDelta(&reader, &range))
            }
            calls = list
        }
        self = if let calls { .toolCalls(calls) } else { try Self.whole(start) }
    }

    private static func whole(_ start: JSONReader) throws(JSONError) -> RunStepDelta.Details {
        var reader = start
        let whole = try reader.readValue()
        if let id = whole["message_creation"]?["message_id"]?.stringValue {
            return .messageCreation(messageID: id)
        }
        return .unknown(whole)
    }
}

extension ToolCallDelta {
    fileprivate init(
        _ reader: inout JSONReader, _ range: inout Range<Int>?
    ) throws(JSONError) {
        let start = reader
        var index = -1
        var id: String?
        var kind: Kind?
        try reader.readObject { (key, reader) throws(JSONError) in
            switch key {
            case "index": index = try reader.readIntegerOrNull() ?? -1
            case "id": id = try reader.readStringOrNull()
            case "function": kind = try Self.function(&reader, &range)
            case "code_interpreter": kind = try Self.code(&reader, &range)
            case "file_search":
                let json = try reader.readValue()
                kind = .fileSearch(
                    rankingOptions: json["ranking_options"],
                    results: json["results"]?.arrayValue?.map(FileSearchResult.init(json:)) ?? [])
            default: try reader.skipValue()
            }
        }
        let known = if let kind { kind } else { try Self.whole(start) }
        self.init(index: index, id: id, kind: known)
    }

    /// A delta that names its type and says nothing more, or one of an unknown type.
    private static func whole(_ start: JSONReader) throws(JSONError) -> Kind {
        var reader = start
        let whole = try reader.readValue()
        return switch whole["type"]?.stringValue {
        case "function": .function(name: nil, arguments: nil, output: nil)
        case "code_interpreter": .codeInterpreter(input: nil, outputs: [])
        default: .unknown(whole)
        }
    }

    private static func function(
        _ reader: inout JSONReader, _ range: inout Range<Int>?
    ) throws(JSONError) -> Kind {
        range = nil
        var (name, arguments, output): (String?, String?, String?)
        try reader.readObject { (key, reader) throws(JSONError) in
            switch key {
            case "name": name = try reader.readStringOrNull()
            case "arguments": arguments = try reader.readText(&range)
            case "output": output = try reader.readStringOrNull()
            default: try reader.skipValue()
            }
        }
        return .function(name: name, arguments: arguments, output: output)
    }

    private static func code(
        _ reader: inout JSONReader, _ range: inout Range<Int>?
    ) throws(JSONError) -> Kind {
        range = nil
        var input: String?
        var outputs: [IndexedOutput] = []
        try reader.readObject { (key, reader) throws(JSONError) in
            switch key {
            case "input": input = try reader.readText(&range)
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
