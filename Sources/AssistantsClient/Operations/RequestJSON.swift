import Assistants
import Wire

// Requests as they are on the wire (`CONTRACT.md` 4): what is not said is left out.

extension AssistantRequest {
    var json: JSONValue {
        var object: JSONObject = ["model": .string(model)]
        object.set("name", name)
        object.set("description", description)
        object.set("instructions", instructions)
        if !tools.isEmpty { object["tools"] = .array(tools.map(\.json)) }
        if !toolResources.isEmpty { object["tool_resources"] = .object(toolResources) }
        object.set(metadata)
        if let temperature { object["temperature"] = .double(temperature) }
        if let topP { object["top_p"] = .double(topP) }
        object.set("reasoning_effort", reasoningEffort)
        object["response_format"] = responseFormat
        return .object(object)
    }
}

extension AssistantChanges {
    var json: JSONValue {
        var object: JSONObject = [:]
        object.set("model", model) { .string($0) }
        object.set("name", name, \.orNull)
        object.set("description", description, \.orNull)
        object.set("instructions", instructions, \.orNull)
        object.set("tools", tools) { .array($0.map(\.json)) }
        object.set("tool_resources", toolResources) { .object($0) }
        object.set("metadata", metadata, \.wireJSON)
        object.set("temperature", temperature) { $0.map { .double($0) } ?? .null }
        object.set("top_p", topP) { $0.map { .double($0) } ?? .null }
        object.set("reasoning_effort", reasoningEffort, \.orNull)
        object.set("response_format", responseFormat) { $0 }
        return .object(object)
    }
}

extension MessageRequest {
    var json: JSONValue {
        var object: JSONObject = ["role": .string(role.wireName)]
        object["content"] = content.wireJSON
        if !attachments.isEmpty { object["attachments"] = .array(attachments) }
        object.set(metadata)
        return .object(object)
    }
}

extension [MessageContent] {
    /// A plain text where that is all there is, else the parts, their texts flat.
    fileprivate var wireJSON: JSONValue {
        if count == 1, case .text(let text) = self[0] { return .string(text.value) }
        return .array(
            map { part in
                if case .text(let text) = part {
                    return ["type": "text", "text": .string(text.value)]
                }
                return part.json
            })
    }
}

extension ThreadRequest {
    var json: JSONValue {
        var object: JSONObject = [:]
        if !messages.isEmpty { object["messages"] = .array(messages.map(\.json)) }
        if !toolResources.isEmpty { object["tool_resources"] = .object(toolResources) }
        object.set(metadata)
        return .object(object)
    }
}

extension ThreadChanges {
    var json: JSONValue {
        var object: JSONObject = [:]
        object.set("metadata", metadata, \.wireJSON)
        object.set("tool_resources", toolResources) { .object($0) }
        return .object(object)
    }
}

extension RunRequest {
    var json: JSONObject {
        var object: JSONObject = ["assistant_id": .string(assistantID)]
        object.set("model", model)
        object.set("instructions", instructions)
        object.set("additional_instructions", additionalInstructions)
        if !additionalMessages.isEmpty {
            object["additional_messages"] = .array(additionalMessages.map(\.json))
        }
        if let tools { object["tools"] = .array(tools.map(\.json)) }
        if toolChoice != .auto { object["tool_choice"] = toolChoice.json }
        if let temperature { object["temperature"] = .double(temperature) }
        if let topP { object["top_p"] = .double(topP) }
        object.set("reasoning_effort", reasoningEffort)
        if let maxPromptTokens { object["max_prompt_tokens"] = .integer(maxPromptTokens) }
        if let maxCompletionTokens {
            object["max_completion_tokens"] = .integer(maxCompletionTokens)
        }
        if case .lastMessages(let count) = truncation {
            object["truncation_strategy"] = [
                "type": "last_messages", "last_messages": .integer(count),
            ]
        }
        if let responseFormat { object["response_format"] = responseFormat }
        if !allowsParallelToolCalls { object["parallel_tool_calls"] = false }
        object.set(metadata)
        return object
    }

    /// How long the run may take, where that is not what it is for every API client. Only our own
    /// server knows the header, and only from the person at its machine.
    var deadlineHeader: [(String, String)] {
        deadline == .seconds(600)
            ? [] : [("X-Switchboard-Run-Seconds", "\(deadline.components.seconds)")]
    }
}

extension [ToolOutput] {
    var json: JSONValue {
        .array(map { ["tool_call_id": .string($0.toolCallID), "output": .string($0.output)] })
    }
}

extension [String: String] {
    /// Metadata as it is on the wire.
    var wireJSON: JSONValue {
        .object(JSONObject(sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }
}

extension String? {
    fileprivate var orNull: JSONValue { map { .string($0) } ?? .null }
}

extension JSONObject {
    fileprivate mutating func set(_ key: String, _ text: String?) {
        if let text { self[key] = .string(text) }
    }

    fileprivate mutating func set(_ metadata: [String: String]) {
        if !metadata.isEmpty { self["metadata"] = metadata.wireJSON }
    }

    mutating func set<Value>(
        _ key: String, _ edit: Edit<Value>, _ json: (Value) -> JSONValue
    ) {
        if case .set(let value) = edit { self[key] = json(value) }
    }
}
