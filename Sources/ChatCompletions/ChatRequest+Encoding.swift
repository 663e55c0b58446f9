import Wire

/// How one request is put for one server.
struct ChatEncoding: Hashable, Sendable {
    /// Whether a stream is asked for.
    var streams = true
    /// The name under which the token limit goes. OpenAI's own hosts know only the newer one for
    /// their newer models and refuse both together; all others know the older.
    var tokenLimitName = Self.maxTokens
    /// Parameters that the server has refused for this model.
    var dropped: Set<String> = []
    /// Sent instead of the request's own effort.
    var reasoningEffort: String?

    static let maxTokens = "max_tokens"
    static let maxCompletionTokens = "max_completion_tokens"
    static let reasoningSummary = "reasoning.summary"
    /// Parts of messages that are images; models that cannot see refuse them.
    static let images = "image_url"

    /// The parameters that can be left out when a server refuses them.
    static let optional = [
        maxTokens, maxCompletionTokens, "temperature", "top_p", "parallel_tool_calls",
        "reasoning_effort", "stream_options", "seed", "stop", "tool_choice", "response_format",
        "strict", "include", "max_output_tokens", "reasoning", "store",
        reasoningSummary,
    ]
}

extension ChatRequest {
    /// The request's body as JSON.
    func body(_ encoding: ChatEncoding) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("model", model)
        writer.key("messages")
        writer.beginArray()
        for message in messages(encoding) { message.write(to: &writer) }
        writer.endArray()
        writeTools(to: &writer, encoding)
        writeLimits(to: &writer, encoding)
        if encoding.streams {
            writer.member("stream", true)
            if includesUsage, encoding.sends("stream_options") {
                writer.member("stream_options", ["include_usage": true] as JSONValue)
            }
        }
        for (key, value) in extra where encoding.sends(key) {
            writer.key(text: key)
            writer.value(value)
        }
        writer.endObject()
        return writer.bytes
    }

    private func writeTools(to writer: inout JSONWriter, _ encoding: ChatEncoding) {
        if !tools.isEmpty {
            writer.key("tools")
            writer.beginArray()
            for tool in tools { tool.write(to: &writer, withStrict: encoding.sends("strict")) }
            writer.endArray()
            if let toolChoice, encoding.sends("tool_choice") {
                writer.member("tool_choice", toolChoice.json)
            }
            if let parallelToolCalls, encoding.sends("parallel_tool_calls") {
                writer.member("parallel_tool_calls", parallelToolCalls)
            }
        }
        if let responseFormat, encoding.sends("response_format") {
            writer.member("response_format", responseFormat.json)
        }
    }

    private func writeLimits(to writer: inout JSONWriter, _ encoding: ChatEncoding) {
        if encoding.sends("temperature") { writer.present("temperature", temperature) }
        if encoding.sends("top_p") { writer.present("top_p", topP) }
        if let maxTokens, encoding.sends(encoding.tokenLimitName) {
            writer.key(text: encoding.tokenLimitName)
            writer.integer(maxTokens)
        }
        if encoding.sends("reasoning_effort") {
            writer.present("reasoning_effort", encoding.reasoningEffort ?? reasoningEffort)
        }
        if encoding.sends("seed") { writer.present("seed", seed) }
        if !stop.isEmpty, encoding.sends("stop") {
            writer.member("stop", JSONValue.array(stop.map { .string($0) }))
        }
    }
}

extension ChatRequest {
    /// The messages as they are sent: where the model cannot see, words stand for the images.
    func messages(_ encoding: ChatEncoding) -> [ChatMessage] {
        encoding.sends(ChatEncoding.images) ? messages : messages.map(\.withoutImages)
    }
}

extension ChatEncoding {
    fileprivate func sends(_ name: String) -> Bool { !dropped.contains(name) }
}

extension ChatMessage {
    /// The message with one text in place of its parts, if some are images.
    fileprivate var withoutImages: ChatMessage {
        var texts: [String] = []
        for part in parts {
            switch part {
            case .text(let text): texts.append(text)
            case .image: texts.append("[an image that you cannot see]")
            }
        }
        guard parts.contains(where: { if case .image = $0 { true } else { false } }) else {
            return self
        }
        var message = self
        message.parts = [.text(texts.joined(separator: "\n\n"))]
        return message
    }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("role", role.rawValue)
        writer.key("content")
        writeContent(to: &writer)
        writer.present("name", name)
        if !toolCalls.isEmpty {
            writer.key("tool_calls")
            writer.beginArray()
            for call in toolCalls { call.write(to: &writer) }
            writer.endArray()
        }
        writer.present("tool_call_id", toolCallID)
        writer.endObject()
    }

    private func writeContent(to writer: inout JSONWriter) {
        if parts.isEmpty {
            // An assistant message of calls only; every other message needs its string.
            if toolCalls.isEmpty { writer.string("") } else { writer.null() }
        } else if parts.count == 1, case .text(let text) = parts[0] {
            writer.string(text)
        } else {
            writer.beginArray()
            for part in parts { writer.value(part.json) }
            writer.endArray()
        }
    }
}

extension ChatMessage.Part {
    fileprivate var json: JSONValue {
        switch self {
        case .text(let text): return ["type": "text", "text": .string(text)]
        case .image(let url, let detail):
            var image: JSONObject = ["url": .string(url)]
            if let detail { image["detail"] = .string(detail) }
            return ["type": "image_url", "image_url": .object(image)]
        }
    }
}

extension ChatToolCall {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("type", "function")
        writer.key("function")
        writer.beginObject()
        writer.member("name", name)
        writer.member("arguments", arguments)
        writer.endObject()
        writer.endObject()
    }
}

extension ChatTool {
    fileprivate func write(to writer: inout JSONWriter, withStrict: Bool) {
        writer.beginObject()
        writer.member("type", "function")
        writer.key("function")
        writer.beginObject()
        writer.member("name", name)
        writer.present("description", description)
        writer.present("parameters", parameters)
        if withStrict { writer.present("strict", strict) }
        writer.endObject()
        writer.endObject()
    }
}

extension ChatToolChoice {
    fileprivate var json: JSONValue {
        switch self {
        case .none: "none"
        case .auto: "auto"
        case .required: "required"
        case .function(let name): ["type": "function", "function": ["name": .string(name)]]
        }
    }
}

extension ChatResponseFormat {
    fileprivate var json: JSONValue {
        switch self {
        case .text: ["type": "text"]
        case .jsonObject: ["type": "json_object"]
        case .jsonSchema(let schema): ["type": "json_schema", "json_schema": schema]
        case .other(let value): value
        }
    }
}
