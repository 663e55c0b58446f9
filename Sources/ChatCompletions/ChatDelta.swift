import Wire

/// What one chunk adds to the answer.
struct ChatDelta: Hashable, Sendable {
    /// Text as it came, which may hold `<think>` tags.
    var text = ""
    /// Reasoning from whichever field has it.
    var reasoning = ""
    var refusal = ""
    var toolCalls: [ToolCallPiece] = []

    init(text: String) {
        self.text = text
    }

    /// Reads a `delta` or a `message`; nil when it is no object.
    init?(_ reader: inout JSONReader) throws(JSONError) {
        guard try reader.peek() == .object else { return nil }
        var details = ""
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "content": try readContent(&reader)
            // Servers that have several of these repeat the same words: the first one counts.
            case "reasoning_content", "reasoning":
                let words = try reader.nonEmptyText() ?? ""
                if reasoning.isEmpty { reasoning = words }
            case "reasoning_details": details = try reader.reasoningDetails()
            case "refusal": refusal = try reader.nonEmptyText() ?? ""
            case "tool_calls", "toolCalls": toolCalls = try ToolCallPiece.list(&reader)
            case "function_call":
                // The form before `tool_calls`: one call, without an id.
                if var call = try ToolCallPiece(function: &reader), toolCalls.isEmpty {
                    call.index = 0
                    toolCalls = [call]
                }
            default: break
            }
        }
        if reasoning.isEmpty { reasoning = details }
    }

    /// Content is a string, null, or a list of parts whose kind may change within one stream.
    private mutating func readContent(_ reader: inout JSONReader) throws(JSONError) {
        switch try reader.peek() {
        case .string: text = try reader.readString()
        case .array:
            try reader.beginArray()
            while try reader.nextElement() { try readPart(&reader) }
        default: break
        }
    }

    private mutating func readPart(_ reader: inout JSONReader) throws(JSONError) {
        switch try reader.peek() {
        case .string: text += try reader.readString()
        case .object:
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "text": text += try reader.nonEmptyText() ?? ""
                case "thinking", "reasoning": reasoning += try reader.nestedText(depth: 4)
                default: break
                }
            }
        default: break
        }
    }
}

extension JSONReader {
    /// The texts of `reasoning_details`: of the plain kind and of summaries, not signatures.
    fileprivate mutating func reasoningDetails() throws(JSONError) -> String {
        guard try peek() == .array else { return "" }
        var words = ""
        try beginArray()
        while try nextElement() {
            guard try peek() == .object else { continue }
            try beginObject()
            while let key = try nextKey() {
                if key == "text" || key == "summary" { words += try nonEmptyText() ?? "" }
            }
        }
        return words
    }

    /// The text of a string, or of the `text` members of a list of parts.
    fileprivate mutating func nestedText(depth: Int) throws(JSONError) -> String {
        guard depth > 0 else { return "" }
        switch try peek() {
        case .string: return try readString()
        case .array:
            var words = ""
            try beginArray()
            while try nextElement() { words += try nestedText(depth: depth - 1) }
            return words
        case .object:
            var words = ""
            try beginObject()
            while let key = try nextKey() {
                if key == "text" { words += try nestedText(depth: depth - 1) }
            }
            return words
        default: return ""
        }
    }
}

/// One entry of `tool_calls` as it came.
struct ToolCallPiece: Hashable, Sendable {
    var index: Int?
    var id: String?
    var name: String?
    var arguments = ""

    /// Reads the list; entries that are no objects are passed over.
    static func list(_ reader: inout JSONReader) throws(JSONError) -> [ToolCallPiece] {
        guard try reader.peek() == .array else { return [] }
        var pieces: [ToolCallPiece] = []
        try reader.beginArray()
        while try reader.nextElement() {
            if let piece = try ToolCallPiece(&reader) { pieces.append(piece) }
        }
        return pieces
    }

    init?(_ reader: inout JSONReader) throws(JSONError) {
        guard try reader.peek() == .object else { return nil }
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "index": if try reader.peek() == .number { index = try? reader.readInteger() }
            case "id": id = try reader.nonEmptyText()
            case "function":
                if let function = try ToolCallPiece(function: &reader) {
                    name = function.name
                    arguments = function.arguments
                }
            default: break
            }
        }
    }

    init?(function reader: inout JSONReader) throws(JSONError) {
        guard try reader.peek() == .object else { return nil }
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "name": name = try reader.nonEmptyText()
            case "arguments":
                switch try reader.peek() {
                case .string: arguments = try reader.readString()
                // Not encoded as a string: the value itself is the arguments.
                case .object, .array: arguments = try reader.readValue().text
                default: break
                }
            default: break
            }
        }
    }
}
