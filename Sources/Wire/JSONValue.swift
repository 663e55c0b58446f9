/// Any JSON value, for data whose shape is not known in advance.
///
/// Whole numbers that fit are `integer`, all others `double`; a number too large for a double is
/// an infinite `double`, which is written as `1e999`.
public enum JSONValue: Hashable, Sendable {
    /// The literal `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number written without fraction and exponent that fits.
    case integer(Int)
    /// Any other number.
    case double(Double)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object, its members in the order of the text.
    case object(JSONObject)

    /// Reads the one JSON value that these bytes are; nothing but white space may follow it.
    ///
    /// When `repairing`, lone surrogates and invalid UTF-8 inside strings become U+FFFD and numbers
    /// out of range become infinite; otherwise they are errors. The nesting limit is
    /// `JSONReader.depthLimit`.
    public init(parsing bytes: some Sequence<UInt8>, repairing: Bool = true) throws(JSONError) {
        let bytes = bytes as? [UInt8] ?? Array(bytes)
        var reader = JSONReader(bytes, repairing: repairing)
        self = try reader.readValue()
        try reader.finish()
    }

    /// Reads the one JSON value that this text is.
    public init(parsing text: String, repairing: Bool = true) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), repairing: repairing)
    }
}

extension JSONValue {
    /// Whether this is `null`.
    public var isNull: Bool { self == .null }

    /// The truth value, or nil when this is not one.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The number when it is whole and fits, also when it is written as `1.0` or `1e3`.
    public var integerValue: Int? {
        switch self {
        case .integer(let value): value
        case .double(let value): Self.whole(value)
        default: nil
        }
    }

    // `Int(exactly:)` would need the mathematics library, which nothing here links.
    private static func whole(_ value: Double) -> Int? {
        guard value >= -0x1p63, value < 0x1p63 else { return nil }
        let whole = Int(value)
        return Double(whole) == value ? whole : nil
    }

    /// The number, or nil when this is not one or out of range.
    public var doubleValue: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .double(let value): value.isFinite ? value : nil
        default: nil
        }
    }

    /// The string, or nil when this is not one.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The elements, or nil when this is not an array.
    public var arrayValue: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members, or nil when this is not an object.
    public var objectValue: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// What kind of value this is.
    public var kind: JSONKind {
        switch self {
        case .null: .null
        case .bool: .bool
        case .integer, .double: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    /// The member of that name; nil when there is none or this is not an object.
    public subscript(key: String) -> JSONValue? {
        if case .object(let object) = self { object[key] } else { nil }
    }

    /// The element at that index; nil when there is none or this is not an array.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}
