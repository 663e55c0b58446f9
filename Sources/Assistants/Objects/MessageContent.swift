public import Wire

/// One part of a message (`CONTRACT.md` 3.4).
public enum MessageContent: Hashable, Sendable {
    case text(MessageText)
    case imageFile(fileID: String, detail: String?)
    case imageURL(url: String, detail: String?)
    case refusal(String)
    /// A part this version does not know, as it came.
    case unknown(JSONValue)

    /// Reads a part; one that is not known is kept.
    public init(json: JSONValue) {
        switch json["type"]?.stringValue {
        case "text":
            // Stored text is an object, text in a request is flat.
            self = .text(
                json["text"]?.stringValue.map { MessageText($0) } ?? MessageText(json: json["text"])
            )
        case "image_file":
            guard let id = json["image_file"]?["file_id"]?.stringValue else { fallthrough }
            self = .imageFile(fileID: id, detail: json["image_file"]?["detail"]?.stringValue)
        case "image_url":
            guard let url = json["image_url"]?["url"]?.stringValue else { fallthrough }
            self = .imageURL(url: url, detail: json["image_url"]?["detail"]?.stringValue)
        case "refusal":
            guard let refusal = json["refusal"]?.stringValue else { fallthrough }
            self = .refusal(refusal)
        default: self = .unknown(json)
        }
    }

    /// The part as it is on the wire.
    public var json: JSONValue {
        switch self {
        case .text(let text): ["type": "text", "text": text.json]
        case .imageFile(let fileID, let detail):
            ["type": "image_file", "image_file": Self.image("file_id", fileID, detail)]
        case .imageURL(let url, let detail):
            ["type": "image_url", "image_url": Self.image("url", url, detail)]
        case .refusal(let refusal): ["type": "refusal", "refusal": .string(refusal)]
        case .unknown(let json): json
        }
    }

    private static func image(_ key: String, _ value: String, _ detail: String?) -> JSONValue {
        var object: JSONObject = [:]
        object[key] = .string(value)
        if let detail { object["detail"] = .string(detail) }
        return .object(object)
    }
}

/// Text with what it cites.
public struct MessageText: Hashable, Sendable {
    public var value: String
    public var annotations: [Annotation]

    /// Makes a text.
    public init(_ value: String, annotations: [Annotation] = []) {
        self.value = value
        self.annotations = annotations
    }

    init(json: JSONValue?) {
        value = json?["value"]?.stringValue ?? ""
        annotations = json?["annotations"]?.arrayValue?.map(Annotation.init(json:)) ?? []
    }

    var json: JSONValue {
        ["value": .string(value), "annotations": .array(annotations.map(\.json))]
    }
}

/// A place in a text that stands for a file (`CONTRACT.md` 3.4).
public struct Annotation: Hashable, Sendable {
    /// What the place stands for.
    public enum Target: Hashable, Sendable {
        /// A passage of a file; the quote only where a delta carried one.
        case fileCitation(fileID: String, quote: String?)
        /// A file the code interpreter made.
        case filePath(fileID: String)
        /// Something this version does not know, as it came.
        case unknown(JSONValue)
    }

    public var target: Target
    /// The substring of the value that the annotation is about, such as `【4:0†notes.txt】`.
    public var text: String
    /// Offset into the value, in Unicode scalars.
    public var startIndex: Int
    /// Offset behind the last scalar.
    public var endIndex: Int

    /// Makes an annotation.
    public init(target: Target, text: String, startIndex: Int, endIndex: Int) {
        self.target = target
        self.text = text
        self.startIndex = startIndex
        self.endIndex = endIndex
    }

    init(json: JSONValue) {
        text = json["text"]?.stringValue ?? ""
        startIndex = json["start_index"]?.integerValue ?? 0
        endIndex = json["end_index"]?.integerValue ?? 0
        if let id = json["file_citation"]?["file_id"]?.stringValue {
            target = .fileCitation(fileID: id, quote: json["file_citation"]?["quote"]?.stringValue)
        } else if let id = json["file_path"]?["file_id"]?.stringValue {
            target = .filePath(fileID: id)
        } else {
            target = .unknown(json)
        }
    }

    /// The annotation as it is on the wire; a stored one carries no quote.
    var json: JSONValue {
        let (type, file): (String, JSONValue)
        switch target {
        case .fileCitation(let id, _): (type, file) = ("file_citation", ["file_id": .string(id)])
        case .filePath(let id): (type, file) = ("file_path", ["file_id": .string(id)])
        case .unknown(let json): return json
        }
        var object: JSONObject = [
            "type": .string(type), "text": .string(text), "start_index": .integer(startIndex),
            "end_index": .integer(endIndex),
        ]
        object[type] = file
        return .object(object)
    }
}
