public import Wire

/// What a message grew by (`CONTRACT.md` 9).
public struct MessageDelta: Hashable, Sendable {
    /// What one part of the content grew by.
    public struct Part: Hashable, Sendable {
        /// The part's place in the message.
        public var index: Int
        public var content: Content

        /// Makes a part.
        public init(index: Int, content: Content) {
            self.index = index
            self.content = content
        }
    }

    /// What came.
    public enum Content: Hashable, Sendable {
        /// Text to add, and annotations with their places in the list.
        case text(String, annotations: [IndexedAnnotation])
        case refusal(String)
        /// Something that always comes whole: an image, or a part this version does not know.
        case whole(MessageContent)
    }

    /// An annotation and its place in the list of the text's annotations.
    public struct IndexedAnnotation: Hashable, Sendable {
        public var index: Int
        public var annotation: Annotation

        /// Makes an indexed annotation.
        public init(index: Int, annotation: Annotation) {
            self.index = index
            self.annotation = annotation
        }
    }

    /// The message that grew.
    public var id: Message.ID
    public var parts: [Part]

    /// Makes a delta.
    public init(id: Message.ID, parts: [Part]) {
        self.id = id
        self.parts = parts
    }

    /// Makes a delta that adds text to one part.
    public init(id: Message.ID, text: String, index: Int = 0) {
        self.init(id: id, parts: [Part(index: index, content: .text(text, annotations: []))])
    }

    /// Takes in the delta that follows, so that this one stands for both.
    public mutating func merge(_ next: MessageDelta) {
        for part in next.parts {
            guard let last = parts.lastIndex(where: { $0.index == part.index }),
                parts[last].content.merge(part.content)
            else {
                parts.append(part)
                continue
            }
        }
    }

    /// The delta as it is on the wire.
    public var json: JSONValue {
        [
            "id": .string(id), "object": "thread.message.delta",
            "delta": ["content": .array(parts.map(\.json))],
        ]
    }
}

extension MessageDelta.Content {
    /// Takes in what follows; false when the two cannot be told as one.
    fileprivate mutating func merge(_ next: MessageDelta.Content) -> Bool {
        // Each case lets go of its text first, so that it is appended in place.
        if case .text(let more, let others) = next, case .text(var value, var annotations) = self {
            self = .refusal("")
            value += more
            annotations += others
            self = .text(value, annotations: annotations)
            return true
        }
        if case .refusal(let more) = next, case .refusal(var value) = self {
            self = .refusal("")
            value += more
            self = .refusal(value)
            return true
        }
        return false
    }
}

extension MessageDelta.Part {
    fileprivate var json: JSONValue {
        var object: JSONObject = ["index": .integer(index)]
        switch content {
        case .text(let value, let annotations):
            var text: JSONObject = ["value": .string(value)]
            if !annotations.isEmpty { text["annotations"] = .array(annotations.map(\.json)) }
            object["type"] = "text"
            object["text"] = .object(text)
        case .refusal(let value):
            object["type"] = "refusal"
            object["refusal"] = .string(value)
        case .whole(let content):
            for member in content.json.objectValue ?? [:] { object[member.key] = member.value }
        }
        return .object(object)
    }
}

extension MessageDelta.IndexedAnnotation {
    fileprivate var json: JSONValue {
        var object: JSONObject = ["index": .integer(index)]
        for member in annotation.json.objectValue ?? [:] { object[member.key] = member.value }
        if case .fileCitation(let id, let quote?) = annotation.target {
            object["file_citation"] = ["file_id": .string(id), "quote": .string(quote)]
        }
        return .object(object)
    }
}
