import Wire

extension MessageDelta {
    /// Reads a delta in one pass over its bytes, without building a tree of values.
    init(data: [UInt8]) throws {
        var reader = JSONReader(data)
        id = ""
        parts = []
        try reader.readObject { (key, reader) throws(JSONError) in
            switch key {
            case "id": id = try reader.readStringOrNull() ?? ""
            case "delta":
                try reader.readObject { (key, reader) throws(JSONError) in
                    guard key == "content" else { return try reader.skipValue() }
                    try reader.readArray { (reader) throws(JSONError) in
                        if let part = try Part(&reader) { parts.append(part) }
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

extension MessageDelta.Part {
    /// Reads a part; nil where it says nothing.
    fileprivate init?(_ reader: inout JSONReader) throws(JSONError) {
        var index = -1
        var text: MessageDelta.Content?
        var whole = JSONObject()
        try reader.readObject { (key, reader) throws(JSONError) in
            switch key {
            case "index": index = try reader.readIntegerOrNull() ?? -1
            case "text": text = try Self.text(&reader)
            default: whole[key.text] = try reader.readValue()
            }
        }
        self.index = index
        if let text {
            content = text
        } else if whole["type"]?.stringValue == "text" {
            content = .text("", annotations: [])
        } else if let refusal = whole["refusal"]?.stringValue {
            content = .refusal(refusal)
        } else {
            content = .whole(MessageContent(json: .object(whole)))
        }
    }

    private static func text(_ reader: inout JSONReader) throws(JSONError) -> MessageDelta.Content {
        var value = ""
        var annotations: [MessageDelta.IndexedAnnotation] = []
        try reader.readObject { (key, reader) throws(JSONError) in
            switch key {
            case "value": value = try reader.readStringOrNull() ?? ""
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
