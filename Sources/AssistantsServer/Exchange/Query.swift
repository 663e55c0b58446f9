import Assistants

/// The parameters of an address, as they stand behind its `?`.
struct Query: Sendable {
    private var items: [(name: String, value: String)] = []

    /// Reads `name=value&…`, percent-encoded; what is not valid UTF-8 is repaired.
    init(_ text: Substring) {
        for item in text.split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? parts[1] : ""
            items.append((PercentText.decoded(parts[0]), PercentText.decoded(value)))
        }
    }

    /// The last value of a name; nil where there is none.
    subscript(name: String) -> String? { items.last { $0.name == name }?.value }

    /// Every value of a name, written as `name[]`, `name[0]` or plainly, in order.
    func values(of name: String) -> [String] {
        items.compactMap { item in
            if item.name == name { return item.value }
            let isIndexed = item.name.hasPrefix(name + "[") && item.name.hasSuffix("]")
            return isIndexed ? item.value : nil
        }
    }

    /// What is said of the members of a name, written as `name[member]=value`.
    func members(of name: String) -> [String: String] {
        var members: [String: String] = [:]
        for item in items where item.name.hasPrefix(name + "[") && item.name.hasSuffix("]") {
            members[String(item.name.dropFirst(name.count + 1).dropLast())] = item.value
        }
        return members
    }

    /// The part of a list that is wanted; what is out of range is the service's to refuse.
    func page(limit: Int = 20, most: Int = 100) throws(APIError) -> PageRequest {
        var page = PageRequest(limit: limit, after: self["after"], before: self["before"])
        if let wanted = try integer("limit") { page.limit = wanted }
        if page.limit < 1 { throw RequestFault.below(1, page.limit, at: "limit") }
        if page.limit > most { throw RequestFault.above(most, page.limit, at: "limit") }
        if let order = self["order"] {
            guard let known = PageRequest.Order(rawValue: order) else {
                throw RequestFault.notSupported(order, ["asc", "desc"], at: "order")
            }
            page.order = known
        }
        return page
    }

    /// A whole number; nil where there is none.
    func integer(_ name: String) throws(APIError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text) else {
            throw RequestFault.wrongType(at: name, expected: "an integer", got: "a string")
        }
        return number
    }
}

/// Text in which bytes stand as `%41`.
enum PercentText {
    /// The text that is meant; a `+` is a space, and what is no encoding stays as it is.
    static func decoded(_ text: Substring) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") })
        else { return String(text) }
        return String(decoding: bytes(of: text, plusIsSpace: true), as: UTF8.self)
    }

    /// The part of a path that is meant; nil for what is no encoding or not valid UTF-8.
    static func decodedPart(_ text: Substring) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        let decoded = bytes(of: text, plusIsSpace: false)
        if decoded.contains(UInt8(ascii: "%")) { return nil }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func bytes(of text: Substring, plusIsSpace: Bool) -> [UInt8] {
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        var index = 0
        while index < source.count {
            if source[index] == UInt8(ascii: "%"), index + 2 < source.count,
                let high = digit(source[index + 1]), let low = digit(source[index + 2])
            {
                bytes.append(high << 4 | low)
                index += 3
                continue
            }
            let isSpace = plusIsSpace && source[index] == UInt8(ascii: "+")
            bytes.append(isSpace ? UInt8(ascii: " ") : source[index])
            index += 1
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
