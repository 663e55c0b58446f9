import Assistants
import Wire

// What people carried away in other shapes than those of the Assistants API.

extension SavedObject {
    /// A conversation of ChatGPT's export: a tree, of which the branch that was read last is taken.
    static func chatConversation(_ json: JSONValue) throws -> [SavedObject] {
        let mapping = json["mapping"]?.objectValue ?? [:]
        guard
            let id = json["conversation_id"]?.stringValue ?? json["id"]?.stringValue
                ?? json["current_node"]?.stringValue
        else { throw NotCarried(reason: "conversations without an id cannot be told apart") }
        var thread = Thread(id: id, createdAt: seconds(json["create_time"]) ?? 0)
        if let title = json["title"]?.stringValue, !title.isEmpty {
            thread.metadata[Thread.titleKey] = String(title.prefix(512))
        }
        thread.metadata["source"] = "chatgpt"
        var messages: [Message] = []
        var node = json["current_node"]?.stringValue
        var seen: Set<String> = []
        while let current = node, seen.insert(current).inserted {
            let entry = mapping[current]
            if let message = chatMessage(entry?["message"], in: thread) { messages.append(message) }
            node = entry?["parent"]?.stringValue
        }
        messages.reverse()
        return [SavedObject(thread)] + inOrder(messages, from: thread.createdAt)
    }

    /// Some clients wrote answers with times before their questions: the order is the tree's.
    private static func inOrder(_ messages: [Message], from time: Int) -> [SavedObject] {
        var last = time
        return messages.map { message in
            var message = message
            message.createdAt = max(message.createdAt, last)
            message.completedAt = message.createdAt
            last = message.createdAt
            return SavedObject(message)
        }
    }

    private static func chatMessage(_ json: JSONValue?, in thread: Thread) -> Message? {
        guard let json, let id = json["id"]?.stringValue,
            let role = json["author"]?["role"]?.stringValue, ["user", "assistant"].contains(role),
            json["weight"]?.doubleValue != 0, json["channel"]?.stringValue != "commentary",
            json["recipient"]?.stringValue ?? "all" == "all"
        else { return nil }
        let parts = json["content"]?["parts"]?.arrayValue ?? []
        var texts = parts.compactMap { $0.stringValue ?? $0["text"]?.stringValue }
        if let text = json["content"]?["text"]?.stringValue { texts.append(text) }
        let text = texts.filter { !$0.isEmpty }.joined(separator: "\n\n")
        if text.isEmpty { return nil }
        return Message(
            id: id, createdAt: seconds(json["create_time"]) ?? 0, threadID: thread.id,
            status: .completed, role: Role(wireName: role), content: [.text(MessageText(text))])
    }

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

    private static func seconds(_ json: JSONValue?) -> Int? {
        guard let number = json?.doubleValue, number.isFinite, abs(number) < 1e12 else {
            return nil
        }
        return Int(number)
    }
}
