/// A line of an event stream: which field it sets and where its value begins.
struct EventField {
    /// The fields there are.
    enum Name { case data, event, id, retry, unknown }

    var name: Name
    var valueStart: Int

    /// A line this long tells its field; the longest are `event:` and `retry:`.
    static let decisiveLength = 6

    @inline(__always)
    init(of line: UnsafeRawBufferPointer) {
        self.init(name: .unknown, valueStart: 0)
        guard let first = line.first else { return }
        switch first {
        case UInt8(ascii: "d"): match(line, "data", .data)
        case UInt8(ascii: "e"): match(line, "event", .event)
        case UInt8(ascii: "i"): match(line, "id", .id)
        case UInt8(ascii: "r"): match(line, "retry", .retry)
        default: break
        }
    }

    private init(name: Name, valueStart: Int) {
        self.name = name
        self.valueStart = valueStart
    }

    @inline(__always)
    private mutating func match(
        _ line: UnsafeRawBufferPointer, _ field: StaticString, _ name: Name
    ) {
        let length = field.utf8CodeUnitCount
        guard line.count >= length else { return }
        let text = field.utf8Start
        for index in 0..<length where line[index] != text[index] { return }
        // A line without a colon is a field with an empty value.
        if line.count == length {
            self = EventField(name: name, valueStart: length)
        } else if line[length] == UInt8(ascii: ":") {
            // One space after the colon is not part of the value.
            let hasSpace = line.count > length &+ 1 && line[length &+ 1] == UInt8(ascii: " ")
            self = EventField(name: name, valueStart: length &+ (hasSpace ? 2 : 1))
        }
    }
}
