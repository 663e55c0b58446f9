package import Assistants
package import ChatCompletions
import Wire

/// A model behind a chat completions server of any make.
package struct ChatBackend: ModelBackend {
    package let info: ModelInfo
    let client: ChatCompletionsClient

    /// Makes a backend for one model of one server.
    package init(client: ChatCompletionsClient, info: ModelInfo) {
        self.client = client
        self.info = info
    }

    package func stream(_ request: ModelRequest) async throws(ModelError) -> ModelEventStream {
        let request = ChatRequest(request, model: info.name)
        let stream: ChatStream
        do throws(ChatError) {
            stream = try await open(request)
        } catch {
            throw ModelError(error)
        }
        return ModelEventStream(health: { StreamHealth(stream.health) }) {
            try await Self.next(of: stream)
        }
    }

    private func open(_ request: ChatRequest) async throws(ChatError) -> ChatStream {
        do throws(ChatError) {
            return try await client.stream(request)
        } catch {
            // Older versions of a host that has both may lack the newer.
            guard client.options.api == .responses, error.kind == .notFound else { throw error }
            var older = client
            older.options.api = .completions
            return try await older.stream(request)
        }
    }

    private static func next(of stream: ChatStream) async throws -> ModelEvent? {
        // Each iterator reads on from where the last one stopped.
        var iterator = stream.makeAsyncIterator()
        do throws(ChatError) {
            while let event = try await iterator.next() {
                if let event = ModelEvent(event) { return event }
            }
            return nil
        } catch {
            throw ModelError(error)
        }
    }
}

extension ModelEvent {
    /// The engine's word for a piece of an answer; nil for what it has no use for.
    fileprivate init?(_ event: ChatEvent) {
        switch event {
        case .started: return nil
        case .reasoning(let text): self = .reasoning(text)
        case .text(let text): self = .text(text)
        case .refusal(let text): self = .refusal(text)
        case .toolCall(let call):
            self = .toolCall(
                index: call.index, id: call.id, name: call.name, arguments: call.arguments)
        case .kept(let item): self = .kept(item)
        case .usage(let usage):
            self = .usage(
                Usage(
                    promptTokens: usage.promptTokens, completionTokens: usage.completionTokens,
                    cachedTokens: usage.cachedTokens ?? 0,
                    reasoningTokens: usage.reasoningTokens ?? 0))
        case .finished(let reason): self = .finished(ModelFinish(reason))
        }
    }
}

extension StreamHealth {
    fileprivate init(_ health: ChatHealth) {
        self.init()
        timeToFirstEvent = health.timeToFirstEvent
        timeToFirstText = health.timeToFirstToken
        longestGap = health.longestGap
        isComplete = health.isComplete
        retries = health.retryCount
    }
}

extension ModelFinish {
    fileprivate init(_ reason: FinishReason) {
        switch reason {
        case .stop, .unknown: self = .stop
        case .length: self = .length
        case .toolCalls: self = .toolCalls
        case .contentFilter: self = .contentFilter
        }
    }
}

extension ModelError {
    /// What a chat error means for a run.
    init(_ error: ChatError) {
        let kind: Kind =
            switch error.kind {
            case .rateLimit, .quotaExceeded: .rateLimited
            case .contextOverflow(let prompt, let context):
                .contextOverflow(prompt: prompt, context: context)
            case .unauthorized, .modelNotFound, .notFound, .unsupportedParameter, .badRequest:
                .refused
            case .server, .badResponse: .server
            case .transport, .incomplete: .unreachable
            case .cancelled: .cancelled
            }
        self.init(kind, error.description)
    }
}

extension ChatRequest {
    /// Says a model request in the words of chat completions (`ENGINE.md` 2.3).
    init(_ request: ModelRequest, model: String) {
        var messages: [ChatMessage] = []
        if !request.instructions.isEmpty { messages.append(.system(request.instructions)) }
        messages += request.messages.map(ChatMessage.init)
        self.init(model: model, messages: messages)
        tools = request.tools.compactMap(ChatTool.init)
        if !tools.isEmpty {
            toolChoice = ChatToolChoice(request.toolChoice)
            parallelToolCalls = request.allowsParallelToolCalls ? nil : false
        }
        responseFormat = ChatResponseFormat(request.responseFormat)
        // 1 is what every server takes for granted, and some models refuse to be told.
        temperature = request.temperature == 1 ? nil : request.temperature
        topP = request.topP == 1 ? nil : request.topP
        maxTokens = request.maxCompletionTokens
        reasoningEffort = request.reasoningEffort
    }
}

extension ChatMessage {
    fileprivate init(_ message: ModelMessage) {
        switch message {
        case .user(let content): self.init(.user, parts: content.map(ChatMessage.Part.init))
        case .assistant(let text, let calls, let kept):
            self = .assistant(text, toolCalls: calls.map(ChatToolCall.init))
            self.kept = kept
        case .tool(let id, let output): self = .tool(output, id: id)
        }
    }
}

extension ChatMessage.Part {
    fileprivate init(_ content: MessageContent) {
        switch content {
        case .text(let text): self = .text(text.value)
        case .imageURL(let url, let detail): self = .image(url: url, detail: detail)
        case .imageFile(let id, _): self = .text("[image: \(id)]")
        case .refusal(let text): self = .text(text)
        case .unknown(let json): self = .text("[\(json["type"]?.stringValue ?? "unknown part")]")
        }
    }
}

extension ChatToolCall {
    fileprivate init(_ call: ToolCall) {
        let arguments =
            switch call.kind {
            case .function(_, let arguments, _): arguments
            case .codeInterpreter(let input, _): (["code": .string(input)] as JSONValue).text
            case .fileSearch(let options, _):
                (["queries": options?["queries"] ?? []] as JSONValue).text
            case .unknown: "{}"
            }
        self.init(id: call.id, name: call.name, arguments: arguments)
    }
}

extension ChatTool {
    /// A tool as a function the model may call; nil for one that cannot be offered.
    fileprivate init?(_ tool: Tool) {
        switch tool {
        case .function(let function):
            self.init(
                name: function.name, description: function.description,
                parameters: function.parameters, strict: function.isStrict ? true : nil)
        case .fileSearch:
            let queries: JSONValue = [
                "type": "array", "items": ["type": "string"], "minItems": 1, "maxItems": 5,
                "description": "What to look for, in one to five short queries.",
            ]
            self.init(
                name: "file_search",
                description: "Searches the files of this conversation and returns passages. "
                    + "Cite a passage by repeating its marker, such as 【0:1†name.md】.",
                parameters: [
                    "type": "object", "properties": ["queries": queries], "required": ["queries"],
                ])
        case .codeInterpreter:
            self.init(
                name: "code_interpreter",
                description: "Runs Python code and returns what it prints.",
                parameters: [
                    "type": "object", "properties": ["code": ["type": "string"]],
                    "required": ["code"],
                ])
        case .unknown: return nil
        }
    }
}

extension ChatToolChoice {
    fileprivate init?(_ choice: ToolChoice) {
        switch choice {
        case .auto, .unknown: return nil
        case .none: self = .none
        case .required: self = .required
        case .function(let name), .builtIn(let name): self = .function(name)
        }
    }
}

extension ChatResponseFormat {
    fileprivate init?(_ json: JSONValue) {
        switch json.stringValue ?? json["type"]?.stringValue {
        case "auto", "text", nil: return nil
        case "json_object": self = .jsonObject
        case "json_schema":
            guard let schema = json["json_schema"] else { return nil }
            self = .jsonSchema(schema)
        default: self = .other(json)
        }
    }
}
