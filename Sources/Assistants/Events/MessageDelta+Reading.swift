import Wire

extension MessageDelta {
    /// Reads a delta in one pass over its bytes, without building a tree of values.
    /// - Parameters:
    ///   - known: The id that it probably has.
    ///   - range: Where its last text stands, its quotes included.
    init(
        _ data: [UInt8], expecting known: Message.ID, _ range: inout Range<Int>?
    ) throws {
        var reader = JSONReader(data)
        id = ""
        parts = []
        try reader.readObject { (key, reader) throws(JSONError) in
            switch key {
            case "id": id = try reader.readID(expecting: known)
            case "delta":
                try reader.readObject { (key, reader) throws(JSONError) in
                    guard key == "content" else { return try reader.skipValue() }
                    try reader.readArray { (reader) throws(JSONError) in
                        parts.append(try Part(&reader, &range))
                    }
                }
            default: try reader.skipValue()
            }
        }
        try reader.finish()
        if id.isEmpty { throw APIError.unreadable("A message delta came without an id.") }
        if parts.contains(where: { $0.index < 0 }) {
            throw APIError.unreadable("A message delta came without a usable index.")
        }
    }
}

extension JSONReader {
    /// Reads the id of an object; empty where it is null.
    mutating func readID(expecting known: String) throws(JSONError) -> String {
        try peek() == .string ? try readString(expecting: known) : try readStringOrNull() ?? ""
    }

    /// Reads a text, or null, and says where it stands.
    mutating func readText(_ range: inout Range<Int>?) throws(JSONError) -> String? {
        let start = offset
        let text = try readStringOrNull()
        range = text == nil ? nil : start..<offset
        return text
    }
}

extension MessageDelta.Part {
    /// Reads a part. Text comes often and is read on the way; anything else is read once more, as a
    /// whole.
    fileprivate init(
        _ reader: inout JSONReader, _ range: inout Range<Int>?
    ) throws(JSONError) {
        let start = reader
        var index = -1
        var text: MessageDelta.Content?
        try reader.readObject { (key, reader) throws(JSONError) in
            switch key {
            case "index": index = try reader.readIntegerOrNull() ?? -1
            case "text": text = try Self.text(&reader, &range)
            default: try reader.skipValue()
            }
        }
        self.index = index
        if let text { content = text } else { content = try Self.whole(start) }
    }

    private static func whole(_ start: JSONReader) throws(JSONError) -> MessageDelta.Content {
        var reader = start
        var whole = try reader.readValue().objectValue ?? [:]
        whole.removeValue(forKey: "index")
        if whole["type"]?.stringValue == "text" { return .text("", annotations: []) }
        if let refusal = whole["refusal"]?.stringValue { return .refusal(refusal) }
        return .whole(MessageContent(json: .object(whole)))
    }

    private static func text(
        _ reader: inout JSONReader, _ range: inout Range<Int>?
    ) throws(JSONError) -> MessageDelta.Content {
        range = nil
        var value = ""
        var annotations: [MessageDelta.IndexedAnnotation] = []
        try reader.readObject { (key, reader) throws(JSONError) in
            switch key {
            case "value": value = try reader.readText(&range) ?? ""
            case "annotations":
                for json in try reader.readValue().arrayValue ?? [] {
                    annotations.append(
                        MessageDelta.IndexedAnnotation(
                            index: json["index"]?.integerValue ?? annotations.count,
                            annotation: Annotation(json: json)))
                }
            default: try reader.skipValue()
            }
        }
        return .text(value, annotations: annotations)
    }
}
