import Wire

/// One chunk of a stream as far as it matters here, or a whole completion: of its choices only the
/// first, of its fields only those with a meaning.
struct ChatChunk: Sendable {
    /// The model's name, when it is not empty.
    var model: String?
    /// The chunk's error in whatever shape, with its siblings.
    var error: ErrorBody?
    var usage: PartialUsage?
    var finish: String?
    /// The choice's delta, or what stands in its place.
    var delta: ChatDelta?
    /// The choice's `message`: the whole answer where nothing is streamed, a copy of the delta
    /// where something is.
    var message: ChatDelta?
    /// Whether the chunk had a `choices` list at all.
    var hasChoices = false

    /// Reads a chunk; the model's name only where it is wanted, as each chunk repeats it.
    /// - Throws: when the bytes are no JSON object.
    init(_ bytes: [UInt8], wantsModel: Bool) throws(JSONError) {
        var reader = JSONReader(bytes)
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "choices": try readChoices(&reader)
            case "model" where wantsModel: model = try reader.nonEmptyText() ?? model
            case "usage": usage = try PartialUsage(&reader) ?? usage
            case "x_groq": try readGroq(&reader)
            case "error":
                let value = try reader.readValue()
                if !value.isNull { error = ErrorBody(error: value) }
            default: break
            }
        }
        try reader.finish()
        if !hasChoices, error == nil, usage == nil { error = ErrorBody(unknown: bytes) }
    }

    private mutating func readGroq(_ reader: inout JSONReader) throws(JSONError) {
        guard try reader.peek() == .object else { return }
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if key == "usage" { usage = try PartialUsage(&reader) ?? usage }
        }
    }

    private mutating func readChoices(_ reader: inout JSONReader) throws(JSONError) {
        guard try reader.peek() == .array else { return }
        hasChoices = true
        try reader.beginArray()
        var position = 0
        while try reader.nextElement() {
            let choice = try ChatChoice(&reader)
            if let choice, choice.index ?? position == 0 {
                finish = choice.finish ?? finish
                delta = choice.delta ?? delta
                message = choice.message ?? message
            }
            position += 1
        }
    }
}

/// One entry of `choices`.
private struct ChatChoice {
    var index: Int?
    var finish: String?
    var delta: ChatDelta?
    var message: ChatDelta?

    init?(_ reader: inout JSONReader) throws(JSONError) {
        guard try reader.peek() == .object else { return nil }
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "index": if try reader.peek() == .number { index = try? reader.readInteger() }
            case "delta": delta = try ChatDelta(&reader)
            case "message": message = try ChatDelta(&reader)
            // The older completions' field, which some servers still fill.
            case "text":
                if let text = try reader.nonEmptyText(), delta == nil {
                    delta = ChatDelta(text: text)
                }
            case "finish_reason", "finishReason": finish = try reader.nonEmptyText()
            default: break
            }
        }
    }
}

extension JSONReader {
    /// A string that is not empty; nil for everything else, which is passed over.
    mutating func nonEmptyText() throws(JSONError) -> String? {
        guard try peek() == .string else { return nil }
        let text = try readString()
        return text.isEmpty ? nil : text
    }
}
