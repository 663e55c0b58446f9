import Assistants
import Wire

// What people carried away in other shapes than those of the Assistants API.

extension SavedObject {
    /// A conversation of the Conversations API becomes a thread.
    static func conversation(_ json: JSONValue) throws -> SavedObject {
        guard let id = json["id"]?.stringValue else {
            throw NotCarried(reason: "conversations without an id cannot be told apart")
        }
        var thread = Thread(id: id, createdAt: json["created_at"]?.integerValue ?? 0)
        for member in json["metadata"]?.objectValue ?? [:] {
            thread.metadata[member.key] = member.value.stringValue
        }
        return SavedObject(thread)
    }

    /// An item of the Conversations API becomes a message of the thread that its file is named
    /// after, unless it says another.
    static func conversationItem(
        _ json: JSONValue, from source: String, place: Int
    ) throws -> SavedObject {
        guard json["type"]?.stringValue == "message", let role = json["role"]?.stringValue else {
            throw NotCarried(
                reason: "\(json["type"]?.stringValue ?? "unknown") items have no place in a thread")
        }
        guard ["user", "assistant"].contains(role) else {
            throw NotCarried(reason: "messages of the role \"\(role)\" are not part of a thread")
        }
        let thread = json["conversation_id"]?.stringValue ?? source
        let content = (json["content"]?.arrayValue ?? []).compactMap(part)
        if content.isEmpty { throw NotCarried(reason: "messages without content are left out") }
        let time = json["created_at"]?.integerValue ?? 0
        return SavedObject(
            Message(
                id: json["id"]?.stringValue ?? "\(thread)_\(place)", createdAt: time,
                threadID: thread, status: .completed, completedAt: time,
                role: Role(wireName: role), content: content))
    }

    private static func part(_ json: JSONValue) -> MessageContent? {
        switch json["type"]?.stringValue {
        case "input_text", "output_text", "text":
            json["text"]?.stringValue.map { .text(MessageText($0)) }
        case "refusal": json["refusal"]?.stringValue.map { .refusal($0) }
        case "input_image":
            if let id = json["file_id"]?.stringValue {
                .imageFile(fileID: id, detail: json["detail"]?.stringValue)
            } else {
                json["image_url"]?.stringValue.map {
                    .imageURL(url: $0, detail: json["detail"]?.stringValue)
                }
            }
        default: nil
        }
    }
}
