import Wire

// A request in the words of `/responses`. Nothing is stored there: the whole conversation is sent,
// with what the model must be reminded of.

extension ChatRequest {
    /// The request's body as JSON.
    func responsesBody(_ encoding: ChatEncoding) -> [UInt8] {
        var body: JSONObject = ["model": .string(model)]
        var instructions: [String] = []
        var input: [JSONValue] = []
        for message in messages(encoding) {
            let isInstruction = message.role == .system || message.role == .developer
            // What comes before the conversation has a place of its own.
            if isInstruction, input.isEmpty {
                instructions.append(message.text)
            } else {
                input += message.items
            }
        }
        if !instructions.isEmpty {
            body["instructions"] = .string(instructions.joined(separator: "\n\n"))
        }
        body["input"] = .array(input)
        addTools(to: &body)
        addLimits(to: &body)
        addReasoning(to: &body, encoding)
        body["store"] = false
        body["include"] = ["reasoning.encrypted_content"]
        if encoding.streams { body["stream"] = true }
        for (key, value) in extra { body[key] = value }
        for name in encoding.dropped { body.removeValue(forKey: name) }
        return JSONValue.object(body).bytes
    }

    private func addTools(to body: inout JSONObject) {
        if !tools.isEmpty {
            body["tools"] = .array(tools.map(\.item))
            switch toolChoice {
            case nil: break
            case .none?: body["tool_choice"] = "none"
            case .auto: body["tool_choice"] = "auto"
            case .required: body["tool_choice"] = "required"
            case .function(let name):
                body["tool_choice"] = ["type": "function", "name": .string(name)]
            }
            if let parallelToolCalls { body["parallel_tool_calls"] = .bool(parallelToolCalls) }
        }
        switch responseFormat {
        case nil: break
        case .text: body["text"] = ["format": ["type": "text"]]
        case .jsonObject: body["text"] = ["format": ["type": "json_object"]]
        case .jsonSchema(let schema):
            var format = schema.objectValue ?? [:]
            format["type"] = "json_schema"
            body["text"] = ["format": .object(format)]
        case .other(let value): body["text"] = ["format": value]
        }
    }

    private func addLimits(to body: inout JSONObject) {
        if let temperature { body["temperature"] = .double(temperature) }
        if let topP { body["top_p"] = .double(topP) }
        if let maxTokens { body["max_output_tokens"] = .integer(maxTokens) }
    }

    /// A reasoning model tells its thoughts only where a summary is asked for, whatever the effort.
    /// Who may not have one, such as an organization that was not verified, is told so by name.
    private func addReasoning(to body: inout JSONObject, _ encoding: ChatEncoding) {
        var reasoning = JSONObject()
        if let reasoningEffort { reasoning["effort"] = .string(reasoningEffort) }
        if mayReason, !encoding.dropped.contains(ChatEncoding.reasoningSummary) {
            reasoning["summary"] = "auto"
        }
        if !reasoning.isEmpty { body["reasoning"] = .object(reasoning) }
    }

    /// Whether the model may reason: these cannot, and asking would cost a refusal each time the
    /// program starts.
    private var mayReason: Bool {
        reasoningEffort != "none" && !["gpt-4", "gpt-3.5"].contains { model.contains($0) }
    }
}

extension ChatMessage {
    fileprivate var text: String {
        parts.map { if case .text(let text) = $0 { text } else { "" } }.joined()
    }

    /// The message as items of an input.
    fileprivate var items: [JSONValue] {
        switch role {
        case .system, .developer, .user:
            return [["role": .string(role.rawValue), "content": content]]
        case .assistant:
            var items = kept
            if !text.isEmpty {
                let part: JSONValue = ["type": "output_text", "text": .string(text)]
                items.append(["type": "message", "role": "assistant", "content": [part]])
            }
            return items
                + toolCalls.map { call in
                    [
                        "type": "function_call", "call_id": .string(call.id),
                        "name": .string(call.name), "arguments": .string(call.arguments),
                    ]
                }
        case .tool:
            return [
                [
                    "type": "function_call_output", "call_id": .string(toolCallID ?? ""),
                    "output": .string(text),
                ]
            ]
        }
    }

    private var content: JSONValue {
        if parts.count == 1, case .text(let text) = parts[0] { return .string(text) }
        return .array(
            parts.map { part in
                switch part {
                case .text(let text): return ["type": "input_text", "text": .string(text)]
                case .image(let url, let detail):
                    return [
                        "type": "input_image", "image_url": .string(url),
                        "detail": .string(detail ?? "auto"),
                    ]
                }
            })
    }
}

extension ChatTool {
    fileprivate var item: JSONValue {
        var item: JSONObject = ["type": "function", "name": .string(name)]
        if let description { item["description"] = .string(description) }
        item["parameters"] = parameters ?? ["type": "object", "properties": [:]]
        // Here, what is not said is taken for strict, which changes the schema.
        item["strict"] = .bool(strict ?? false)
        return .object(item)
    }
}
