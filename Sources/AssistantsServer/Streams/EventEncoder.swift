import Assistants
import Wire

/// Turns the events of one stream into the bytes that go over the wire, each once.
struct EventEncoder: Sendable {
    private let includesSearchContent: Bool
    // The message that grows now, and which of its parts have begun.
    private var message = ""
    private var begunParts = 0

    init(includesSearchContent: Bool = false) {
        self.includesSearchContent = includesSearchContent
    }

    /// Appends an event: its name, its data on one line, and a blank line.
    mutating func write(_ event: AssistantEvent, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "event: ".utf8)
        switch event {
        case .messageDelta(let delta): write(delta, to: &bytes)
        case .step(let phase, let step) where !includesSearchContent:
            Self.write(.step(phase, step.withoutSearchContent), to: &bytes)
        default: Self.write(event, to: &bytes)
        }
        bytes.append(contentsOf: "\n\n".utf8)
    }

    private static func write(_ event: AssistantEvent, to bytes: inout [UInt8]) {
        // A name that is not known may hold anything; a line end in it would forge an event.
        for byte in event.name.utf8 where byte != 0x0A && byte != 0x0D { bytes.append(byte) }
        bytes.append(contentsOf: "\ndata: ".utf8)
        for byte in event.data where byte != 0x0A && byte != 0x0D { bytes.append(byte) }
    }

    /// The event that comes most: written without a value for each of its braces.
    private mutating func write(_ delta: MessageDelta, to bytes: inout [UInt8]) {
        guard delta.parts.count == 1, let part = delta.parts.first,
            case .text(let text, let annotations) = part.content, annotations.isEmpty
        else {
            for part in delta.parts { _ = begins(part.index, of: delta.id) }
            Self.write(.messageDelta(delta), to: &bytes)
            return
        }
        bytes.append(contentsOf: "thread.message.delta\ndata: ".utf8)
        var writer = JSONWriter(appendingTo: bytes, reserving: text.utf8.count + 192)
        bytes = []
        writer.beginObject()
        writer.member("id", delta.id)
        writer.member("object", "thread.message.delta")
        writer.key("delta")
        writer.beginObject()
        writer.key("content")
        writer.beginArray()
        writer.beginObject()
        writer.member("index", part.index)
        writer.member("type", "text")
        writer.key("text")
        writer.beginObject()
        writer.member("value", text)
        if begins(part.index, of: delta.id) {
            writer.key("annotations")
            writer.beginArray()
            writer.endArray()
        }
        writer.endObject()
        writer.endObject()
        writer.endArray()
        writer.endObject()
        writer.endObject()
        bytes = writer.bytes
    }

    /// Whether this is the first delta of a part; parts begin in order.
    private mutating func begins(_ index: Int, of id: Message.ID) -> Bool {
        if message != id { (message, begunParts) = (id, 0) }
        if index < begunParts { return false }
        begunParts = index + 1
        return true
    }

    /// What a reader is told when its stream cannot go on.
    static func farewell(_ error: APIError) -> [UInt8] {
        var encoder = EventEncoder()
        var bytes: [UInt8] = []
        encoder.write(.error(error), to: &bytes)
        encoder.write(.done, to: &bytes)
        return bytes
    }
}
