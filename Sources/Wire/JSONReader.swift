/// Reads JSON piece by piece, for decoders on a hot path: nothing is built that is not asked for.
///
/// A read that fails because the value is of another kind, or out of range, moves nothing: after
/// `try?` the value can be read otherwise or skipped. a value in an array or object
/// that was not read is skipped. After an error inside an array or object the rest cannot be read.
public struct JSONReader: Sendable {
    let bytes: [UInt8]
    var index = 0
    /// How many arrays and objects are open.
    private var depth = 0
    /// Whether an array or object was stepped into and nothing of it read.
    private var isAtStart = false
    /// Where the latest member's or element's value begins: to see whether it was read.
    private var valueStart = -1
    let isRepairing: Bool

    /// The deepest nesting that is read; more is an error.
    public static let depthLimit = 512

    /// A reader of one JSON value.
    ///
    /// When `repairing`, lone surrogates and invalid UTF-8 inside strings become U+FFFD and numbers
    /// out of range become infinite; otherwise they are errors.
    public init(_ bytes: [UInt8], repairing: Bool = true) {
        self.bytes = bytes
        isRepairing = repairing
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    /// Where the reader is, in bytes from the beginning.
    public var offset: Int { index }

    /// What the next value is, without reading it. Throws when there is none.
    public mutating func peek() throws(JSONError) -> JSONKind {
        skipWhitespace()
        guard let kind = JSONKind(firstByte: byte) else { throw unexpected("a value") }
        return kind
    }

    /// Steps into an object; `nextKey` then gives its names.
    ///
    /// ```swift
    /// try reader.beginObject()
    /// while let key = try reader.nextKey() {
    ///     switch key {
    ///     case "id": id = try reader.readString()
    ///     default: break                          // what is not read is skipped
    ///     }
    /// }
    /// ```
    public mutating func beginObject() throws(JSONError) {
        try open(UInt8(ascii: "{"), "an object")
    }

    /// The name of the next member, whose value can then be read, or nil after the last, outside
    /// of the object again. A value that was not read is skipped.
    public mutating func nextKey() throws(JSONError) -> JSONKey? {
        try advance(closer: UInt8(ascii: "}")) ? try memberKey() : nil
    }

    /// The name of the member here.
    @inline(__always)
    private mutating func memberKey() throws(JSONError) -> JSONKey {
        let key = try readKey()
        skipWhitespace()
        guard byte == UInt8(ascii: ":") else { throw unexpected("':' after a name") }
        index &+= 1
        skipWhitespace()
        valueStart = index
        return key
    }

    /// Steps into an array; `nextElement` then goes from element to element.
    public mutating func beginArray() throws(JSONError) {
        try open(UInt8(ascii: "["), "an array")
    }

    /// Whether there is one more element, which can then be read; if not, the array is left.
    /// An element that was not read is skipped.
    public mutating func nextElement() throws(JSONError) -> Bool {
        guard try advance(closer: UInt8(ascii: "]")) else { return false }
        skipWhitespace()
        valueStart = index
        return true
    }

    /// Reads an object, calling `member` with each name and this reader before its value.
    ///
    /// Swift wants the closure's error written out: `{ (key, reader) throws(JSONError) in … }`;
    /// `beginObject` and `nextKey` do the same without a closure.
    public mutating func readObject(
        _ member: (_ key: JSONKey, _ reader: inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        try beginObject()
        while try advance(closer: UInt8(ascii: "}")) { try member(try memberKey(), &self) }
    }

    /// Reads an array, calling `element` with this reader before each element.
    public mutating func readArray(
        _ element: (_ reader: inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        try beginArray()
        while try nextElement() { try element(&self) }
    }

    /// Reads any value.
    public mutating func readValue() throws(JSONError) -> JSONValue {
        switch try peek() {
        case .null:
            try readNull()
            return .null
        case .bool: return .bool(try readBool())
        case .number: return try readNumber().value
        case .string: return .string(try readString())
        case .array:
            var elements: [JSONValue] = []
            try beginArray()
            while try nextElement() { elements.append(try readValue()) }
            return .array(elements)
        case .object:
            var object = JSONObject()
            try beginObject()
            while try advance(closer: UInt8(ascii: "}")) {
                object[try memberKey().text] = try readValue()
            }
            return .object(object)
        }
    }

    /// Passes over any value, which must be valid all the same.
    public mutating func skipValue() throws(JSONError) {
        switch try peek() {
        case .null: try readNull()
        case .bool: _ = try readBool()
        case .number: _ = try readNumber()
        case .string: try skipString()
        case .array:
            try beginArray()
            while try nextElement() { try skipValue() }
        case .object:
            try beginObject()
            while try advance(closer: UInt8(ascii: "}")) {
                _ = try memberKey()
                try skipValue()
            }
        }
    }

    /// Checks that nothing but white space is left.
    public mutating func finish() throws(JSONError) {
        skipWhitespace()
        if index < bytes.count { throw JSONError("more follows after the value", offset: index) }
    }
}

extension JSONReader {
    /// The byte here, or NUL, with which nothing begins, at the end.
    @inline(__always)
    var byte: UInt8 { index < bytes.count ? bytes[index] : 0 }

    @inline(__always)
    mutating func skipWhitespace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index &+= 1
            default: return
            }
        }
    }

    /// What to throw when something else is here than should be.
    func unexpected(_ expected: String) -> JSONError {
        let found = index < bytes.count ? "" : ", but the text ends"
        return JSONError("expected \(expected)\(found)", offset: index)
    }

    @inline(__always)
    private mutating func open(_ opener: UInt8, _ what: String) throws(JSONError) {
        skipWhitespace()
        guard byte == opener else { throw unexpected(what) }
        if depth == Self.depthLimit {
            throw JSONError("nested deeper than \(Self.depthLimit)", offset: index)
        }
        index &+= 1
        depth += 1
        isAtStart = true
    }

    /// Steps before the next element, or out of the container and says so.
    @inline(__always)
    private mutating func advance(closer: UInt8) throws(JSONError) -> Bool {
        if isAtStart {
            isAtStart = false
            skipWhitespace()
            if byte != closer { return true }
        } else {
            if index == valueStart { try skipValue() }
            skipWhitespace()
            if byte == UInt8(ascii: ",") {
                index &+= 1
                return true
            }
        }
        guard byte == closer else {
            throw unexpected("',' or '\(Character(Unicode.Scalar(closer)))'")
        }
        index &+= 1
        depth -= 1
        return false
    }
}
