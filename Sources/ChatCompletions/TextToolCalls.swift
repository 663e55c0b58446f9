import Wire

/// Takes calls out of the text of servers that do not parse their model's own way to write them.
///
/// Only a text that is nothing but calls in a known wrapper counts, and only of functions that were
/// offered. A text that begins like one is held back until it is decided, at its end.
struct TextToolCalls: Sendable {
    /// So much text is held back at most; a longer one is text.
    static let limit = 256 << 10

    private let names: Set<String>
    private var held = ""
    private var isText = false

    private static let openings = ["<tool_call>", "```json", "[TOOL_CALLS]"]

    /// Reads calls of the functions with these names.
    init(names: Set<String>) {
        self.names = names
        isText = names.isEmpty
    }

    /// Takes text and gives what is surely text.
    mutating func feed(_ text: String) -> String {
        if isText { return text }
        held += text
        let start = held.drop(while: \.isWhitespace)
        let mayBeCall = Self.openings.contains { $0.hasPrefix(start) || start.hasPrefix($0) }
        if mayBeCall, held.utf8.count <= Self.limit { return "" }
        isText = true
        defer { held = "" }
        return held
    }

    /// What the held back text is, at the end: calls, or text after all.
    mutating func finish() -> (text: String, calls: [ToolCallPiece]) {
        defer { held = "" }
        let calls = calls(in: held.trimmed)
        return calls.isEmpty ? (held, []) : ("", calls)
    }

    private func calls(in text: Substring) -> [ToolCallPiece] {
        var found: [ToolCallPiece]?
        if let list = text.unwrapped("[TOOL_CALLS]", "") {
            found = mistralCalls(list)
        } else if let object = text.unwrapped("```json", "```") {
            found = call(object).map { [$0] }
        } else {
            found = wrappedCalls(text)
        }
        return found ?? []
    }

    /// `<tool_call>{…}</tool_call>`, once or several times.
    private func wrappedCalls(_ text: Substring) -> [ToolCallPiece]? {
        var calls: [ToolCallPiece] = []
        var rest = text
        while !rest.isEmpty {
            guard rest.hasPrefix("<tool_call>") else { return nil }
            rest = rest.dropFirst("<tool_call>".count)
            // The end mark may be missing after the last one: it is a stop token.
            let end = rest.firstRange(of: "</tool_call>")
            guard let call = call(rest[..<(end?.lowerBound ?? rest.endIndex)]) else { return nil }
            calls.append(call)
            rest = rest[(end?.upperBound ?? rest.endIndex)...].trimmed
        }
        return calls
    }

    /// A list of calls, or a name and its arguments.
    private func mistralCalls(_ text: Substring) -> [ToolCallPiece]? {
        if text.hasPrefix("[") {
            guard let list = try? JSONValue(parsing: String(text)).arrayValue else { return nil }
            let calls = list.compactMap { call($0) }
            return calls.count == list.count ? calls : nil
        }
        guard let brace = text.firstIndex(of: "{") else { return nil }
        let name = text[..<brace].replacing("[ARGS]", with: "")
        guard names.contains(String(name)), (try? JSONValue(parsing: String(text[brace...]))) != nil
        else { return nil }
        return [ToolCallPiece(name: String(name), arguments: String(text[brace...]))]
    }

    private func call(_ text: Substring) -> ToolCallPiece? {
        guard let value = try? JSONValue(parsing: String(text)) else { return nil }
        return call(value)
    }

    private func call(_ value: JSONValue) -> ToolCallPiece? {
        guard let name = value["name"]?.stringValue, names.contains(name) else { return nil }
        let arguments = value["arguments"] ?? value["parameters"] ?? [:]
        return ToolCallPiece(name: name, arguments: arguments.stringValue ?? arguments.text)
    }
}

extension ToolCallPiece {
    /// A whole call without number and id.
    init(name: String, arguments: String) {
        self.name = name
        self.arguments = arguments
    }
}

extension StringProtocol where SubSequence == Substring {
    /// The text without white space at its ends.
    var trimmed: Substring {
        var rest = drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }

    /// What stands between two marks, or nil when they are not there.
    fileprivate func unwrapped(_ opening: String, _ closing: String) -> Substring? {
        guard hasPrefix(opening), hasSuffix(closing) else { return nil }
        return dropFirst(opening.count).dropLast(closing.count).trimmed
    }
}
