extension JSONValue {
    /// Appends this value as compact JSON in UTF-8; only what must be escaped is.
    ///
    /// A double that is not a number has no JSON and is written as `null`.
    public func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.appendJSON(value)
        case .integer(let value): bytes.appendJSON(value)
        case .double(let value): bytes.appendJSON(value)
        case .string(let value): bytes.appendJSON(value)
        case .array(let elements): writeArray(elements, to: &bytes)
        case .object(let object): writeObject(object, to: &bytes)
        }
    }

    /// This value as compact JSON.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    /// This value as compact JSON.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// This value as JSON for people: a member or element a line, indented by two spaces a level.
    public var prettyText: String {
        var bytes: [UInt8] = []
        writePretty(to: &bytes, indent: 0)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func writeArray(_ elements: [JSONValue], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            element.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private func writeObject(_ object: JSONObject, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        var isFirst = true
        for (key, value) in object {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            bytes.appendJSON(key)
            bytes.append(UInt8(ascii: ":"))
            value.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private func writePretty(to bytes: inout [UInt8], indent: Int) {
        switch self {
        case .array(let elements) where !elements.isEmpty:
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                Self.beginLine(in: &bytes, indent: indent + 1, isFirst: index == 0)
                element.writePretty(to: &bytes, indent: indent + 1)
            }
            Self.beginLine(in: &bytes, indent: indent, isFirst: true)
            bytes.append(UInt8(ascii: "]"))
        case .object(let object) where !object.isEmpty:
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in object.enumerated() {
                Self.beginLine(in: &bytes, indent: indent + 1, isFirst: index == 0)
                bytes.appendJSON(member.key)
                bytes.append(contentsOf: ": ".utf8)
                member.value.writePretty(to: &bytes, indent: indent + 1)
            }
            Self.beginLine(in: &bytes, indent: indent, isFirst: true)
            bytes.append(UInt8(ascii: "}"))
        default: write(to: &bytes)
        }
    }

    private static func beginLine(in bytes: inout [UInt8], indent: Int, isFirst: Bool) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * 2))
    }
}
