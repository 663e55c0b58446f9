import Assistants
import Wire

/// A conversation of ChatGPT's export: a tree, of which the branch that was read last becomes a
/// thread, with the pictures and files that lie beside it.
struct SavedChat {
    private(set) var thread: Thread
    private(set) var messages: [Message] = []
    private(set) var files: [File] = []
    /// What has no place in the thread.
    private(set) var left: [NotCarried] = []
    private let folder: SavedFolder?

    /// - Parameter folder: where the content of pictures and files is looked for.
    init(_ json: JSONValue, folder: SavedFolder?) throws(NotCarried) {
        self.folder = folder
        guard
            let id = json["conversation_id"]?.stringValue ?? json["id"]?.stringValue
                ?? json["current_node"]?.stringValue
        else { throw NotCarried(reason: "conversations without an id cannot be told apart") }
        thread = Thread(id: id, createdAt: Self.seconds(json["create_time"]) ?? 0)
        if let title = json["title"]?.stringValue, !title.isEmpty {
            thread.metadata[Thread.titleKey] = String(title.prefix(512))
        }
        thread.metadata["source"] = "chatgpt"
        let mapping = json["mapping"]?.objectValue ?? [:]
        var branch: [JSONValue] = []
        var node = json["current_node"]?.stringValue
        var seen: Set<String> = []
        while let current = node, seen.insert(current).inserted {
            let entry = mapping[current]
            if let message = entry?["message"] { branch.append(message) }
            node = entry?["parent"]?.stringValue
        }
        for json in branch.reversed() { take(json) }
    }

    /// Everything it consists of.
    var objects: [SavedObject] {
        files.map(SavedObject.init) + [SavedObject(thread)] + messages.map(SavedObject.init)
    }

    private mutating func take(_ json: JSONValue) {
        guard let id = json["id"]?.stringValue,
            let sender = json["author"]?["role"]?.stringValue,
            ["user", "assistant", "tool"].contains(sender),
            json["weight"]?.doubleValue != 0, json["channel"]?.stringValue != "commentary"
        else { return }
        // Some clients wrote answers with times before their questions: the order is the tree's.
        let time = max(
            Self.seconds(json["create_time"]) ?? 0, messages.last?.createdAt ?? thread.createdAt)
        let isTool = sender == "tool"
        let pictures = pictures(in: json, at: time)
        // What tools say is no part of a thread; the pictures they made are the assistant's.
        if isTool, pictures.isEmpty { return }
        if !isTool, json["recipient"]?.stringValue ?? "all" != "all" { return }
        var message = Message(
            id: id, createdAt: time, threadID: thread.id, status: .completed, completedAt: time,
            role: sender == "user" ? .user : .assistant, content: pictures)
        if !isTool {
            if let text = Self.text(of: json) { message.content.append(.text(MessageText(text))) }
            message.attachments = attachments(of: json, at: time, but: pictures)
        }
        if message.content.isEmpty, message.attachments.isEmpty { return }
        messages.append(message)
    }

    private static func text(of json: JSONValue) -> String? {
        let parts = json["content"]?["parts"]?.arrayValue ?? []
        var texts = parts.compactMap { $0.stringValue ?? $0["text"]?.stringValue }
        if let text = json["content"]?["text"]?.stringValue { texts.append(text) }
        let text = texts.filter { !$0.isEmpty }.joined(separator: "\n\n")
        return text.isEmpty ? nil : text
    }

    // MARK: - Pictures and files

    private mutating func pictures(in json: JSONValue, at time: Int) -> [MessageContent] {
        var pictures: [MessageContent] = []
        for part in json["content"]?["parts"]?.arrayValue ?? [] {
            guard let type = part["content_type"]?.stringValue, type.hasSuffix("_asset_pointer")
            else { continue }
            let id = part["asset_pointer"]?.stringValue.map(Self.id(ofAsset:)) ?? ""
            guard type == "image_asset_pointer", !id.isEmpty else {
                left.append(
                    NotCarried(
                        reason: "recordings in conversations have no place in a thread",
                        example: json["id"]?.stringValue))
                continue
            }
            let names = json["metadata"]?["attachments"]?.arrayValue ?? []
            let name = names.first { $0["id"]?.stringValue == id }?["name"]?.stringValue
            if take(file: id, name, purpose: "vision", at: time) {
                pictures.append(.imageFile(fileID: id, detail: nil))
            }
        }
        return pictures
    }

    private mutating func attachments(
        of json: JSONValue, at time: Int, but pictures: [MessageContent]
    ) -> [JSONValue] {
        var attachments: [JSONValue] = []
        for attachment in json["metadata"]?["attachments"]?.arrayValue ?? [] {
            guard let id = attachment["id"]?.stringValue,
                !pictures.contains(.imageFile(fileID: id, detail: nil)),
                !left.contains(where: { $0.example == id })
            else { continue }
            let name = attachment["name"]?.stringValue
            if take(file: id, name, purpose: "assistants", at: time) {
                attachments.append(["file_id": .string(id), "tools": []])
            }
        }
        return attachments
    }

    /// Takes a file that lies in the folder; false where it does not.
    private mutating func take(
        file id: String, _ name: String?, purpose: String, at time: Int
    )
        -> Bool
    {
        var file = File(id: id, purpose: purpose, filename: "", byteCount: 0, createdAt: time)
        guard let path = folder?.content(of: file) else {
            left.append(
                NotCarried(
                    reason: "pictures and files of conversations were not saved with them",
                    example: id))
            return false
        }
        let ownName = path.split(separator: "/").last.map(String.init) ?? id
        file.filename = name ?? ownName
        files.append(file)
        return true
    }

    /// `file-service://ID` or `sediment://ID`, sometimes with more behind it.
    private static func id(ofAsset pointer: String) -> String {
        let rest = pointer.split(separator: "/").last ?? ""
        return String(rest.prefix { $0 != "#" && $0 != "?" })
    }

    private static func seconds(_ json: JSONValue?) -> Int? {
        guard let number = json?.doubleValue, number.isFinite, abs(number) < 1e12 else {
            return nil
        }
        return Int(number)
    }
}
