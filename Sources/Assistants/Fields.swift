import Wire

/// Takes known fields out of an object, so that what is left is what nobody here knows.
///
/// A field whose value has an unexpected type is left too: nothing that came is lost.
struct Fields {
    private(set) var rest: JSONObject

    init(_ json: JSONValue, of kind: String) throws(APIError) {
        guard let object = json.objectValue else {
            throw APIError.unreadable("Expected \(kind) as a JSON object, got \(json.kindName).")
        }
        rest = object
    }

    mutating func take<Value>(_ key: String, _ read: (JSONValue) -> Value?) -> Value? {
        guard let json = rest[key] else { return nil }
        if json.isNull {
            rest.removeValue(forKey: key)
            return nil
        }
        guard let value = read(json) else { return nil }
        rest.removeValue(forKey: key)
        return value
    }

    mutating func requiredID(of kind: String) throws(APIError) -> String {
        guard let id = take("id", \.stringValue) else {
            throw APIError.unreadable("A \(kind) came without an id.")
        }
        return id
    }

    mutating func string(_ key: String) -> String? { take(key, \.stringValue) }
    mutating func integer(_ key: String) -> Int? { take(key, \.integerValue) }
    mutating func double(_ key: String) -> Double? { take(key, \.doubleValue) }
    mutating func bool(_ key: String) -> Bool? { take(key, \.boolValue) }
    mutating func json(_ key: String) -> JSONValue? { take(key) { $0 } }
    mutating func name<Name: WireName>(_ key: String) -> Name? {
        take(key, \.stringValue).map { Name(wireName: $0) }
    }

    mutating func metadata() -> [String: String] {
        take("metadata") { json in
            guard let object = json.objectValue else { return nil }
            var metadata: [String: String] = [:]
            for member in object {
                guard let text = member.value.stringValue else { return nil }
                metadata[member.key] = text
            }
            return metadata
        } ?? [:]
    }

    mutating func tools() -> [Tool]? {
        take("tools") { $0.arrayValue?.map(Tool.init(json:)) }
    }
}

extension JSONValue {
    /// What kind of JSON value this is, for error texts: "a string", "an object".
    var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .double: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    init(_ text: String?) { self = text.map { .string($0) } ?? .null }
    init(_ number: Int?) { self = number.map { .integer($0) } ?? .null }
    init(_ number: Double?) { self = number.map { .double($0) } ?? .null }

    init(metadata: [String: String]) {
        var object = JSONObject()
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            object[key] = .string(value)
        }
        self = .object(object)
    }

    /// The members given, then those that nobody here knows.
    init(_ members: KeyValuePairs<String, JSONValue>, and unknown: JSONObject) {
        var object = JSONObject()
        for (key, value) in members { object[key] = value }
        for member in unknown where object[member.key] == nil { object[member.key] = member.value }
        self = .object(object)
    }
}
