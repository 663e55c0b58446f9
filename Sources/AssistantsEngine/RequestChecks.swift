import Assistants
import Wire

/// Checks requests against the limits of the API (`CONTRACT.md` 4). Texts are counted in Unicode
/// scalars, as the hosted service and Python count them.
enum RequestChecks {
    static func assistant(_ assistant: Assistant) throws(APIError) {
        if assistant.model.isEmpty { throw RequestFault.missing("model") }
        try length(assistant.name, 256, at: "name")
        try length(assistant.description, 512, at: "description")
        try length(assistant.instructions, 256_000, at: "instructions")
        try tools(assistant.tools)
        try toolResources(assistant.toolResources)
        try metadata(assistant.metadata)
        try sampling(assistant.temperature, assistant.topP)
        try reasoningEffort(assistant.reasoningEffort)
        try responseFormat(assistant.responseFormat)
    }

    static func thread(_ request: ThreadRequest) throws(APIError) {
        for (index, message) in request.messages.enumerated() {
            try self.message(message, at: "messages[\(index)].")
        }
        try metadata(request.metadata)
        try toolResources(request.toolResources)
    }

    static func message(_ request: MessageRequest, at path: String = "") throws(APIError) {
        if case .unknown(let name) = request.role {
            throw RequestFault.notSupported(name, ["user", "assistant"], at: path + "role")
        }
        var count = 0
        for part in request.content {
            if case .text(let text) = part { count += text.value.unicodeScalars.count }
        }
        if count > 256_000 { throw RequestFault.tooLong(256_000, count, at: path + "content") }
        if request.content.isEmpty || (count == 0 && request.content.allSatisfy(\.isText)) {
            throw APIError.invalid(
                "Message content must be non-empty.", param: path + "content",
                code: "invalid_value")
        }
        try metadata(request.metadata, at: path + "metadata")
    }

    static func run(_ request: RunRequest) throws(APIError) {
        if request.assistantID.isEmpty { throw RequestFault.missing("assistant_id") }
        try length(request.instructions, 256_000, at: "instructions")
        try length(request.additionalInstructions, 256_000, at: "additional_instructions")
        for (index, message) in request.additionalMessages.enumerated() {
            try self.message(message, at: "additional_messages[\(index)].")
        }
        try tools(request.tools ?? [])
        try metadata(request.metadata)
        try sampling(request.temperature, request.topP)
        try reasoningEffort(request.reasoningEffort)
        try budget(request.maxPromptTokens, at: "max_prompt_tokens")
        try budget(request.maxCompletionTokens, at: "max_completion_tokens")
        if case .lastMessages(let count) = request.truncation, count < 1 {
            throw RequestFault.below(1, count, at: "truncation_strategy.last_messages")
        }
        if let format = request.responseFormat { try responseFormat(format) }
        if case .unknown(let json) = request.toolChoice {
            throw RequestFault.notSupported(
                json.stringValue ?? json["type"]?.stringValue ?? json.text,
                ["none", "auto", "required"], at: "tool_choice")
        }
    }

    static func metadata(
        _ metadata: [String: String], at path: String = "metadata"
    ) throws(APIError) {
        if metadata.count > 16 {
            throw RequestFault.tooManyProperties(16, metadata.count, at: path)
        }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            try length(key, 64, at: path)
            try length(value, 512, at: "\(path).\(key)")
        }
    }

    static func length(_ text: String?, _ most: Int, at path: String) throws(APIError) {
        // Bytes are at least as many as scalars, and are counted without looking.
        guard let text, text.utf8.count > most else { return }
        let count = text.unicodeScalars.count
        if count > most { throw RequestFault.tooLong(most, count, at: path) }
    }

    private static func sampling(_ temperature: Double?, _ topP: Double?) throws(APIError) {
        if let temperature, !(0...2).contains(temperature) {
            throw RequestFault.outside(0...2, temperature, at: "temperature")
        }
        if let topP, !(0...1).contains(topP) {
            throw RequestFault.outside(0...1, topP, at: "top_p")
        }
    }

    private static func reasoningEffort(_ effort: String?) throws(APIError) {
        let known = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]
        if let effort, !known.contains(effort) {
            throw RequestFault.notSupported(effort, known, at: "reasoning_effort")
        }
    }

    private static func budget(_ tokens: Int?, at path: String) throws(APIError) {
        if let tokens, tokens < 16 { throw RequestFault.below(16, tokens, at: path) }
    }

    static func toolResources(_ resources: JSONObject) throws(APIError) {
        let files = resources["code_interpreter"]?["file_ids"]?.arrayValue ?? []
        if files.count > 20 {
            throw RequestFault.tooMany(
                20, files.count, at: "tool_resources.code_interpreter.file_ids")
        }
        let stores = resources["file_search"]?["vector_store_ids"]?.arrayValue ?? []
        if stores.count > 1 {
            throw RequestFault.tooMany(
                1, stores.count, at: "tool_resources.file_search.vector_store_ids")
        }
    }

    private static func responseFormat(_ format: JSONValue) throws(APIError) {
        let known = ["auto", "text", "json_object", "json_schema"]
        let name = format.stringValue ?? format["type"]?.stringValue ?? format.text
        let isKnown = format.stringValue == nil ? known.dropFirst().contains(name) : name == "auto"
        if !isKnown { throw RequestFault.notSupported(name, known, at: "response_format") }
        guard name == "json_schema" else { return }
        guard let schema = format["json_schema"], schema.objectValue != nil else {
            throw RequestFault.missing("response_format.json_schema")
        }
        guard let title = schema["name"]?.stringValue else {
            throw RequestFault.missing("response_format.json_schema.name")
        }
        try identifier(title, at: "response_format.json_schema.name")
    }

    private static func tools(_ tools: [Tool]) throws(APIError) {
        if tools.count > 128 { throw RequestFault.tooMany(128, tools.count, at: "tools") }
        for (index, tool) in tools.enumerated() {
            try self.tool(tool, at: "tools[\(index)]")
        }
    }

    private static func tool(_ tool: Tool, at path: String) throws(APIError) {
        switch tool {
        case .codeInterpreter: break
        case .fileSearch(let options): try search(options, at: path + ".file_search")
        case .function(let function):
            try identifier(function.name, at: path + ".function.name")
        case .unknown(let json):
            guard let type = json["type"]?.stringValue else {
                throw RequestFault.missing(path + ".type")
            }
            if type == "function" { throw RequestFault.missing(path + ".function") }
            throw RequestFault.notSupported(
                type, ["code_interpreter", "file_search", "function"], at: path + ".type")
        }
    }

    private static func search(_ options: JSONObject, at path: String) throws(APIError) {
        if let most = options["max_num_results"]?.integerValue {
            let path = path + ".max_num_results"
            if most < 1 { throw RequestFault.below(1, most, at: path) }
            if most > 50 { throw RequestFault.above(50, most, at: path) }
        }
        guard let ranking = options["ranking_options"], !ranking.isNull else { return }
        let place = path + ".ranking_options.score_threshold"
        guard let threshold = ranking["score_threshold"]?.doubleValue else {
            throw RequestFault.missing(place)
        }
        if !(0...1).contains(threshold) {
            throw RequestFault.outside(0...1, threshold, at: place)
        }
    }

    static func identifier(_ name: String, at path: String) throws(APIError) {
        if name.isEmpty { throw RequestFault.tooShort(at: path) }
        try length(name, 64, at: path)
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        if !isPlain { throw RequestFault.badPattern(name, "^[a-zA-Z0-9_-]+$", at: path) }
    }
}

extension MessageContent {
    fileprivate var isText: Bool {
        if case .text = self { true } else { false }
    }
}
