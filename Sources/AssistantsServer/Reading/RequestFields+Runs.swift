import Assistants
import Wire

extension RequestFields {
    /// An assistant to make.
    mutating func assistant() throws(APIError) -> AssistantRequest {
        var request = AssistantRequest(model: try requiredString("model"))
        request.name = try string("name")
        request.description = try string("description")
        request.instructions = try string("instructions")
        request.tools = try tools() ?? []
        request.toolResources = try toolResources() ?? [:]
        request.metadata = try metadata() ?? [:]
        request.temperature = try double("temperature")
        request.topP = try double("top_p")
        request.reasoningEffort = try string("reasoning_effort")
        request.responseFormat = try responseFormat() ?? "auto"
        return request
    }

    /// What changes about an assistant.
    mutating func assistantChanges() throws(APIError) -> AssistantChanges {
        var changes = AssistantChanges()
        if let model = try string("model") { changes.model = .set(model) }
        changes.name = try edit("name") { (fields) throws(APIError) in
            try fields.string("name")
        }
        changes.description = try edit("description") { (fields) throws(APIError) in
            try fields.string("description")
        }
        changes.instructions = try edit("instructions") { (fields) throws(APIError) in
            try fields.string("instructions")
        }
        changes.tools = try edit("tools", default: []) { (fields) throws(APIError) in
            try fields.tools()
        }
        changes.metadata = try edit("metadata", default: [:]) { (fields) throws(APIError) in
            try fields.metadata()
        }
        changes.toolResources = try edit("tool_resources", default: [:]) {
            (fields) throws(APIError) in try fields.toolResources()
        }
        changes.temperature = try edit("temperature") { (fields) throws(APIError) in
            try fields.double("temperature") ?? 1
        }
        changes.topP = try edit("top_p") { (fields) throws(APIError) in
            try fields.double("top_p") ?? 1
        }
        changes.reasoningEffort = try edit("reasoning_effort") { (fields) throws(APIError) in
            try fields.string("reasoning_effort")
        }
        changes.responseFormat = try edit("response_format", default: "auto") {
            (fields) throws(APIError) in try fields.responseFormat()
        }
        return changes
    }

    /// What changes about a thread.
    mutating func threadChanges() throws(APIError) -> ThreadChanges {
        var changes = ThreadChanges()
        changes.metadata = try edit("metadata", default: [:]) { (fields) throws(APIError) in
            try fields.metadata()
        }
        changes.toolResources = try edit("tool_resources", default: [:]) {
            (fields) throws(APIError) in try fields.toolResources()
        }
        return changes
    }

    /// A run to start on a thread that is there.
    mutating func run() throws(APIError) -> RunRequest {
        var request = try settings()
        request.additionalInstructions = try string("additional_instructions")
        request.additionalMessages =
            try each("additional_messages") { (fields) throws(APIError) in
                try fields.message()
            } ?? []
        request.reasoningEffort = try string("reasoning_effort")
        return request
    }

    /// A thread to make and a run to start on it.
    mutating func threadAndRun() throws(APIError) -> (ThreadRequest, RunRequest) {
        let request = try settings()
        var thread = ThreadRequest()
        if var fields = try fields("thread") {
            thread = try fields.thread()
            try fields.finish()
        }
        for member in try toolResources() ?? [:] { thread.toolResources[member.key] = member.value }
        return (thread, request)
    }

    /// What both ways to start a run take.
    private mutating func settings() throws(APIError) -> RunRequest {
        var request = RunRequest(assistantID: try requiredString("assistant_id"))
        request.model = try string("model")
        request.instructions = try string("instructions")
        request.tools = try tools()
        request.metadata = try metadata() ?? [:]
        request.temperature = try double("temperature")
        request.topP = try double("top_p")
        request.maxPromptTokens = try integer("max_prompt_tokens")
        request.maxCompletionTokens = try integer("max_completion_tokens")
        request.truncation = try truncation() ?? .auto
        request.toolChoice = value("tool_choice").map(ToolChoice.init(json:)) ?? .auto
        request.allowsParallelToolCalls = try bool("parallel_tool_calls") ?? true
        request.responseFormat = try responseFormat()
        return request
    }

    private mutating func truncation() throws(APIError) -> TruncationStrategy? {
        guard var fields = try fields("truncation_strategy") else { return nil }
        let type = try fields.requiredString("type")
        let count = try fields.integer("last_messages")
        try fields.finish()
        switch type {
        case "auto": return .auto
        case "last_messages":
            guard let count else { throw RequestFault.missing(fields.path("last_messages")) }
            return .lastMessages(count)
        default:
            throw RequestFault.notSupported(
                type, ["auto", "last_messages"], at: fields.path("type"))
        }
    }
}
