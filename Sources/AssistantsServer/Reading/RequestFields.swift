import Assistants
import Wire

/// Takes the parameters out of a request's object, each with the type it must have.
///
/// `null` is as good as absent wherever a parameter may be absent. What was never asked for is an
/// unknown parameter, which `finish` refuses.
struct RequestFields {
    private var rest: JSONObject
    private let prefix: String

    /// The fields of an object at a path such as `messages[0]`; empty for the body itself.
    init(_ json: JSONValue, at path: String = "") throws(APIError) {
        guard let object = json.objectValue else {
            if path.isEmpty {
                throw APIError.invalid(
                    "Invalid type for the request body: expected an object, but got "
                        + "\(RequestFault.kind(of: json)) instead.", code: "invalid_type")
            }
            throw RequestFault.wrongType(at: path, expected: "an object", got: json)
        }
        rest = object
        prefix = path.isEmpty ? "" : path + "."
    }

    /// A parameter's whole path.
    func path(_ key: String) -> String { prefix + key }

    /// Refuses what nobody asked for.
    func finish() throws(APIError) {
        if let key = rest.keys.first { throw RequestFault.unknown(path(key)) }
    }

    /// Whether a parameter is there, also as `null`.
    func contains(_ key: String) -> Bool { rest[key] != nil }

    /// Any value; nil when it is absent or `null`.
    mutating func value(_ key: String) -> JSONValue? {
        guard let value = rest[key] else { return nil }
        rest.removeValue(forKey: key)
        // `nil` alone would be a JSON `null` here.
        return value.isNull ? .none : .some(value)
    }

    private mutating func take<Value>(
        _ key: String, _ expected: String, _ read: (JSONValue) -> Value?
    ) throws(APIError) -> Value? {
        guard let json = value(key) else { return nil }
        guard let value = read(json) else {
            throw RequestFault.wrongType(at: path(key), expected: expected, got: json)
        }
        return value
    }

    mutating func string(_ key: String) throws(APIError) -> String? {
        try take(key, "a string", \.stringValue)
    }

    mutating func integer(_ key: String) throws(APIError) -> Int? {
        try take(key, "an integer", \.integerValue)
    }

    mutating func double(_ key: String) throws(APIError) -> Double? {
        try take(key, "a decimal number", \.doubleValue)
    }

    mutating func bool(_ key: String) throws(APIError) -> Bool? {
        try take(key, "a boolean", \.boolValue)
    }

    mutating func array(_ key: String) throws(APIError) -> [JSONValue]? {
        try take(key, "an array", \.arrayValue)
    }

    mutating func object(_ key: String) throws(APIError) -> JSONObject? {
        try take(key, "an object", \.objectValue)
    }

    mutating func requiredString(_ key: String) throws(APIError) -> String {
        guard let text = try string(key) else { throw RequestFault.missing(path(key)) }
        return text
    }

    /// A list of texts, such as ids.
    mutating func strings(_ key: String) throws(APIError) -> [String]? {
        guard let elements = try array(key) else { return nil }
        var texts: [String] = []
        for (index, element) in elements.enumerated() {
            guard let text = element.stringValue else {
                throw RequestFault.wrongType(
                    at: "\(path(key))[\(index)]", expected: "a string", got: element)
            }
            texts.append(text)
        }
        return texts
    }

    /// The fields of an object inside this one.
    mutating func fields(_ key: String) throws(APIError) -> RequestFields? {
        guard let json = value(key) else { return nil }
        return try RequestFields(json, at: path(key))
    }

    /// Each element of a list, as an object's fields.
    mutating func each<Value>(
        _ key: String, _ read: (inout RequestFields) throws(APIError) -> Value
    ) throws(APIError) -> [Value]? {
        guard let elements = try array(key) else { return nil }
        var values: [Value] = []
        for (index, element) in elements.enumerated() {
            var fields = try RequestFields(element, at: "\(path(key))[\(index)]")
            values.append(try read(&fields))
            try fields.finish()
        }
        return values
    }

    /// Metadata: an object of texts.
    mutating func metadata() throws(APIError) -> [String: String]? {
        guard let object = try object("metadata") else { return nil }
        var metadata: [String: String] = [:]
        for member in object {
            guard let text = member.value.stringValue else {
                throw RequestFault.wrongType(
                    at: path("metadata") + "." + member.key, expected: "a string",
                    got: member.value)
            }
            metadata[member.key] = text
        }
        return metadata
    }

    /// A change to a parameter that may be set to nothing.
    mutating func edit<Value>(
        _ key: String, _ read: (inout RequestFields) throws(APIError) -> Value?
    ) throws(APIError) -> Edit<Value?> {
        guard contains(key) else { return .keep }
        return .set(try read(&self))
    }

    /// A change to a parameter that nothing sets back to its default.
    mutating func edit<Value>(
        _ key: String, default fallback: Value,
        _ read: (inout RequestFields) throws(APIError) -> Value?
    ) throws(APIError) -> Edit<Value> {
        guard contains(key) else { return .keep }
        return .set(try read(&self) ?? fallback)
    }
}
