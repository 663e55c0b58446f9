import Wire

// A service's events as our own server tells them to our own client: those of a run under their
// names, the others under names of ours.
extension ServiceEvent {
    /// The event's name.
    public var name: String {
        switch kind {
        case .run(let event): event.name
        case .reasoning: "switchboard.reasoning"
        case .messageAdded: "switchboard.message.added"
        case .messageDeleted: "switchboard.message.deleted"
        case .threadChanged: "switchboard.thread.changed"
        case .threadDeleted: "switchboard.thread.deleted"
        case .assistantChanged: "switchboard.assistant.changed"
        case .assistantDeleted: "switchboard.assistant.deleted"
        case .streamHealth: "switchboard.stream.health"
        case .modelsChanged: "switchboard.models.changed"
        case .objectsImported: "switchboard.objects.imported"
        }
    }

    /// Appends the event as one line of JSON.
    public func write(to bytes: inout [UInt8]) {
        var writer = JSONWriter(appendingTo: bytes, reserving: 512)
        bytes = []
        writer.beginObject()
        writer.member("sequence", sequence)
        writer.member("thread_id", threadID)
        writer.member("run_id", runID)
        writer.member("name", name)
        writer.key("data")
        switch kind {
        case .run(.done): writer.null()
        case .run(.unknown(_, let data)): writer.string(String(decoding: data, as: UTF8.self))
        case .run(let event): writer.raw(event.data)
        case .reasoning(let text): writer.string(text)
        case .messageAdded(let message): writer.value(message.json)
        case .messageDeleted(let id), .assistantDeleted(let id): writer.string(id)
        case .threadChanged(let thread): writer.value(thread.json)
        case .assistantChanged(let assistant): writer.value(assistant.json)
        case .streamHealth(let health): writer.value(health.json)
        case .threadDeleted, .modelsChanged, .objectsImported: writer.null()
        }
        writer.endObject()
        bytes = writer.bytes
    }

    /// Reads an event as it was written; throws `APIError` where it is none.
    public init(data: [UInt8]) throws(APIError) {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue(parsing: data)
        } catch {
            throw APIError.unreadable("An event of the feed could not be read: \(error)")
        }
        guard let name = json["name"]?.stringValue else {
            throw APIError.unreadable("An event of the feed has no name.")
        }
        self.init(
            sequence: json["sequence"]?.integerValue ?? 0,
            threadID: json["thread_id"]?.stringValue ?? "",
            runID: json["run_id"]?.stringValue ?? "",
            kind: try Self.kind(name, json["data"] ?? .null))
    }

    private static func kind(_ name: String, _ data: JSONValue) throws(APIError) -> Kind {
        let text = data.stringValue ?? ""
        switch name {
        case "switchboard.reasoning": return .reasoning(text)
        case "switchboard.message.added": return .messageAdded(try Message(json: data))
        case "switchboard.message.deleted": return .messageDeleted(text)
        case "switchboard.thread.changed": return .threadChanged(try Thread(json: data))
        case "switchboard.thread.deleted": return .threadDeleted
        case "switchboard.assistant.changed":
            return .assistantChanged(try Assistant(json: data))
        case "switchboard.assistant.deleted": return .assistantDeleted(text)
        case "switchboard.stream.health": return .streamHealth(StreamHealth(json: data))
        case "switchboard.models.changed": return .modelsChanged
        case "switchboard.objects.imported": return .objectsImported
        default:
            let bytes = data.stringValue.map { Array($0.utf8) } ?? data.bytes
            return .run(try AssistantEvent(name: name, data: bytes))
        }
    }
}
