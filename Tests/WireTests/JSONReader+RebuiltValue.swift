import Wire

extension JSONReader {
    /// The value as the separate reads see it, without `readValue`.
    mutating func rebuiltValue() throws(JSONError) -> JSONValue {
        switch try peek() {
        case .null: return try readStringOrNull().map(JSONValue.string) ?? .null
        case .bool: return .bool(try readBool())
        case .string: return .string(try readString())
        case .number:
            // A whole number reads as both; which it was is seen by reading it as a value.
            var other = self
            if case .integer = try other.readValue() { return .integer(try readInteger()) }
            guard let value = try? readDouble() else { return try readValue() }
            return .double(value)
        case .array:
            var elements: [JSONValue] = []
            try readArray { (reader) throws(JSONError) in
                elements.append(try reader.rebuiltValue())
            }
            return .array(elements)
        case .object:
            var object = JSONObject()
            try readObject { (key, reader) throws(JSONError) in
                object[key.text] = try reader.rebuiltValue()
            }
            return .object(object)
        }
    }
}
