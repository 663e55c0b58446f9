/// One event of a `text/event-stream`.
public struct ServerSentEvent: Hashable, Sendable {
    /// The type of the event; `message` when the stream does not name it.
    public var name: String
    /// The data as it came, its lines joined by a line feed; not yet known to be valid UTF-8.
    public var data: [UInt8]
    /// The last event id of the stream when this event came, or nil when there is none.
    public var id: String?
    /// The reconnection time that came with this event, in milliseconds.
    public var retry: Int?

    /// An event of these parts.
    public init(
        name: String = ServerSentEvent.unnamed, data: [UInt8], id: String? = nil, retry: Int? = nil
    ) {
        self.name = name
        self.data = data
        self.id = id
        self.retry = retry
    }

    /// An event with data given as text.
    public init(name: String = ServerSentEvent.unnamed, text: String) {
        self.init(name: name, data: Array(text.utf8))
    }

    /// The name of events that have none.
    public static let unnamed = "message"

    /// The data as text; invalid UTF-8 becomes U+FFFD.
    public var text: String { String(decoding: data, as: UTF8.self) }

    /// Whether the data is exactly `[DONE]`, with which OpenAI's streams end.
    public var isDone: Bool {
        data.count == 6 && data.elementsEqual("[DONE]".utf8)
    }

    /// Appends the event as it goes over the wire, its blank line included.
    ///
    /// Line ends in name and id would forge fields and are left out; in the data each begins a new
    /// `data` line, whichever kind it is.
    public func write(to bytes: inout [UInt8]) {
        if name != Self.unnamed { Self.writeField("event: ", name, to: &bytes) }
        if let id { Self.writeField("id: ", id, to: &bytes) }
        if let retry, retry >= 0 { Self.writeField("retry: ", retry.description, to: &bytes) }
        data.withUnsafeBytes { data in
            var splitter = LineSplitter()
            var index = 0
            repeat {
                let piece = splitter.next(in: data, from: index)
                bytes.append(contentsOf: "data: ".utf8)
                bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: data[piece.range]))
                bytes.append(UInt8(ascii: "\n"))
                index = piece.next
                // A line end as the last byte begins one more, empty line.
                if index == data.count, piece.endsLine { bytes.append(contentsOf: "data: \n".utf8) }
            } while index < data.count
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private static func writeField(_ field: StaticString, _ value: String, to bytes: inout [UInt8])
    {
        field.withUTF8Buffer { bytes.append(contentsOf: $0) }
        for byte in value.utf8 where byte != 0x0A && byte != 0x0D && byte != 0 {
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\n"))
    }
}
