import Assistants
import Wire

/// An object as somebody saved it.
struct SavedObject: Sendable {
    /// What it is; the order is the one in which they are taken in.
    enum Kind: Int, Hashable, Sendable, CaseIterable, Comparable {
        case assistant, file, vectorStore, vectorStoreFile, thread, message, run, step

        static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }

        /// What it is called, for a person.
        var name: String {
            switch self {
            case .assistant: "assistants"
            case .file: "files"
            case .vectorStore: "vector stores"
            case .vectorStoreFile: "vector store files"
            case .thread: "threads"
            case .message: "messages"
            case .run: "runs"
            case .step: "run steps"
            }
        }
    }

    var kind: Kind
    var id: String
    /// The thread, or the vector store, that it belongs to; empty for none.
    var owner: String
    /// Seconds since 1970.
    var createdAt: Int
    /// The object on the wire.
    var json: JSONValue
}

/// Why something that was saved is not taken in.
struct NotCarried: Error, Hashable, Sendable {
    /// A sentence's end: "a batch, which is not served here".
    var reason: String
    /// What it was, where that is known better than by its file's name.
    var example: String?
}

extension SavedObject {
    init(_ message: Message) {
        self.init(
            kind: .message, id: message.id, owner: message.threadID, createdAt: message.createdAt,
            json: message.json)
    }

    init(_ file: File) {
        self.init(
            kind: .file, id: file.id, owner: "", createdAt: file.createdAt, json: file.json)
    }

    init(_ thread: Thread) {
        self.init(
            kind: .thread, id: thread.id, owner: "", createdAt: thread.createdAt, json: thread.json)
    }

    /// What a saved JSON object stands for: objects of the API, lines of flattened messages,
    /// conversations of ChatGPT's export, items of the Conversations API.
    /// - Parameters:
    ///   - source: the file's name without its ending, for items that do not say where they belong.
    ///   - folder: where what belongs to the object is looked for.
    ///   - left: gets what of the object has no place here.
    static func reading(
        _ json: JSONValue, from source: String, place: Int, in folder: SavedFolder?,
        _ left: inout [NotCarried]
    ) throws -> [SavedObject] {
        let objects: [SavedObject]
        if json["mapping"]?.objectValue != nil {
            let chat = try SavedChat(json, folder: folder)
            left += chat.left
            objects = chat.objects
        } else {
            objects = try understood(json, from: source, place: place)
        }
        for object in objects { try object.check() }
        return objects
    }

    private static let times = 0...253_402_300_799

    /// Throws where an object cannot be kept: without an id or a place, or from no year of ours.
    private func check() throws(NotCarried) {
        if id.isEmpty { throw NotCarried(reason: "\(kind.name) without an id") }
        switch kind {
        case .assistant, .file, .vectorStore, .thread: break
        case .vectorStoreFile, .message, .run, .step:
            if owner.isEmpty {
                throw NotCarried(reason: "\(kind.name) that do not say where they belong")
            }
        }
        if !Self.times.contains(createdAt) {
            throw NotCarried(reason: "\(kind.name) of a time that cannot be")
        }
    }

    private static func understood(
        _ json: JSONValue, from source: String, place: Int
    ) throws -> [SavedObject] {
        guard let name = json["object"]?.stringValue else {
            if let message = try flatMessage(json) { return [message] }
            if json["type"]?.stringValue != nil {
                return [try conversationItem(json, from: source, place: place)]
            }
            throw NotCarried(reason: "an object of no kind that is known")
        }
        switch name {
        case "conversation": return [try conversation(json)]
        case "list": return []
        default: return [try object(json, named: name)]
        }
    }

    private static func object(_ json: JSONValue, named name: String) throws -> SavedObject {
        switch name {
        case "assistant":
            let object = try Assistant(json: json)
            return SavedObject(
                kind: .assistant, id: object.id, owner: "", createdAt: object.createdAt,
                json: object.json)
        case "thread": return SavedObject(try Thread(json: json))
        case "thread.message": return SavedObject(try Message(json: json))
        case "thread.run":
            let object = try Run(json: json)
            return SavedObject(
                kind: .run, id: object.id, owner: object.threadID, createdAt: object.createdAt,
                json: object.json)
        case "thread.run.step":
            let object = try RunStep(json: json)
            return SavedObject(
                kind: .step, id: object.id, owner: object.threadID, createdAt: object.createdAt,
                json: object.json)
        case "file": return SavedObject(try File(json: json))
        case "vector_store":
            let object = try VectorStore(json: json)
            return SavedObject(
                kind: .vectorStore, id: object.id, owner: "", createdAt: object.createdAt,
                json: object.json)
        case "vector_store.file":
            let object = try VectorStoreFile(json: json)
            return SavedObject(
                kind: .vectorStoreFile, id: object.id, owner: object.vectorStoreID,
                createdAt: object.createdAt, json: object.json)
        default: throw NotCarried(reason: "objects of the kind \"\(name)\" are not kept here")
        }
    }

    /// A line as the guides of 2026 had people write it: ids, a role, a text and a time.
    private static func flatMessage(_ json: JSONValue) throws -> SavedObject? {
        guard let thread = json["thread_id"]?.stringValue, let role = json["role"]?.stringValue,
            let text = json["text"]?.stringValue ?? json["content"]?.stringValue,
            let id = json["message_id"]?.stringValue ?? json["id"]?.stringValue
        else { return nil }
        let time = json["created_at"]?.integerValue ?? 0
        let assistant = json["assistant_id"]?.stringValue
        return SavedObject(
            Message(
                id: id, createdAt: time, threadID: thread, status: .completed, completedAt: time,
                role: Role(wireName: role), content: [.text(MessageText(text))],
                assistantID: role == "assistant" ? assistant : nil))
    }
}
