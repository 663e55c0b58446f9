/// Writes JSON piece by piece into bytes, for encoders on a hot path.
///
/// It puts the commas; that begins and ends match and that a value follows each key is the
/// caller's part.
public struct JSONWriter: Sendable {
    /// What has been written so far, after the bytes the writer began with.
    public private(set) var bytes: [UInt8]
    private let start: Int

    /// A writer that appends to `bytes`, with room for so many more at first.
    public init(appendingTo bytes: consuming [UInt8] = [], reserving capacity: Int = 256) {
        self.bytes = bytes
        start = self.bytes.count
        self.bytes.reserveCapacity(start + capacity)
    }

    /// Opens an object.
    public mutating func beginObject() {
        beginValue()
        bytes.append(UInt8(ascii: "{"))
    }

    /// Closes the innermost object.
    public mutating func endObject() { bytes.append(UInt8(ascii: "}")) }

    /// Opens an array.
    public mutating func beginArray() {
        beginValue()
        bytes.append(UInt8(ascii: "["))
    }

    /// Closes the innermost array.
    public mutating func endArray() { bytes.append(UInt8(ascii: "]")) }

    /// Writes a member's name, which must need no escapes.
    public mutating func key(_ name: StaticString) {
        if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// Writes a member's name, escaped where needed.
    public mutating func key(text name: String) {
        if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
        bytes.appendJSON(name)
        bytes.append(UInt8(ascii: ":"))
    }

    /// Writes a string.
    public mutating func string(_ value: some StringProtocol) {
        beginValue()
        bytes.appendJSON(value)
    }

    /// Writes a whole number.
    public mutating func integer(_ value: Int) {
        beginValue()
        bytes.appendJSON(value)
    }

    /// Writes a number; one that is not a number becomes `null`.
    public mutating func double(_ value: Double) {
        beginValue()
        bytes.appendJSON(value)
    }

    /// Writes a truth value.
    public mutating func bool(_ value: Bool) {
        beginValue()
        bytes.appendJSON(value)
    }

    /// Writes `null`.
    public mutating func null() {
        beginValue()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Writes any value.
    public mutating func value(_ value: JSONValue) {
        beginValue()
        value.write(to: &bytes)
    }

    /// Writes bytes that are one JSON value already.
    public mutating func raw(_ json: some Sequence<UInt8>) {
        beginValue()
        bytes.append(contentsOf: json)
    }

    // A value needs a comma unless it is the first in its array, follows a key or is the whole
    // text; the last byte tells, because no complete value ends in one of these.
    private mutating func beginValue() {
        guard bytes.count > start, let last = bytes.last else { return }
        if last != UInt8(ascii: "["), last != UInt8(ascii: ":") { bytes.append(UInt8(ascii: ",")) }
    }
}

extension JSONWriter {
    /// Writes a member with a string, or `null` for nil.
    public mutating func member(_ name: StaticString, _ value: String?) {
        key(name)
        if let value { string(value) } else { null() }
    }

    /// Writes a member with a whole number, or `null` for nil.
    public mutating func member(_ name: StaticString, _ value: Int?) {
        key(name)
        if let value { integer(value) } else { null() }
    }

    /// Writes a member with a number, or `null` for nil.
    public mutating func member(_ name: StaticString, _ value: Double?) {
        key(name)
        if let value { double(value) } else { null() }
    }

    /// Writes a member with a truth value, or `null` for nil.
    public mutating func member(_ name: StaticString, _ value: Bool?) {
        key(name)
        if let value { bool(value) } else { null() }
    }

    /// Writes a member with any value, or `null` for nil.
    public mutating func member(_ name: StaticString, _ value: JSONValue?) {
        key(name)
        self.value(value ?? .null)
    }
}
