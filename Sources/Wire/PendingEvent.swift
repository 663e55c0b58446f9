/// The event whose blank line has not come yet.
struct PendingEvent: Sendable {
    private(set) var data: [UInt8] = []
    private(set) var hasData = false
    private(set) var isNamed = false
    var id: String?
    var retry: Int?
    /// The name of this event, or of one before it: most names come again and need no new string.
    private var name = ""

    /// Whether no field has been set.
    var isEmpty: Bool { !hasData && !isNamed && id == nil && retry == nil }

    /// Adds a line of data.
    @inline(__always)
    mutating func append(_ value: UnsafeRawBufferPointer) {
        if hasData {
            data.append(UInt8(ascii: "\n"))
            data.append(contentsOf: value)
        } else {
            hasData = true
            data = [UInt8](value)
        }
    }

    /// Sets the name; an empty one counts as none.
    @inline(__always)
    mutating func setName(_ value: UnsafeRawBufferPointer) {
        isNamed = !value.isEmpty
        let isSame = name.utf8.withContiguousStorageIfAvailable {
            UnsafeRawBufferPointer($0).isEqual(to: value)
        }
        if isNamed, isSame != true { name = String(decoding: value, as: UTF8.self) }
    }

    /// The event that is now complete; what follows begins the next.
    @inline(__always)
    mutating func take(lastEventID: String) -> ServerSentEvent {
        let complete = ServerSentEvent(
            name: isNamed ? name : ServerSentEvent.unnamed, data: data,
            id: lastEventID.isEmpty ? nil : lastEventID, retry: retry)
        clear()
        return complete
    }

    /// Forgets everything but the string of the name.
    @inline(__always)
    mutating func clear() {
        data = []
        hasData = false
        isNamed = false
        id = nil
        retry = nil
    }
}
