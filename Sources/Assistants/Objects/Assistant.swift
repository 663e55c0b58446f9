public import Wire

/// A model with instructions and tools (`CONTRACT.md` 3.2).
public struct Assistant: Identifiable, Hashable, Sendable {
    /// `asst_…`, or whatever an import brought.
    public var id: String
    /// Seconds since 1970.
    public var createdAt: Int
    public var name: String?
    public var description: String?
    /// The model's name as its server knows it.
    public var model: String
    public var instructions: String?
    public var tools: [Tool]
    public var toolResources: JSONObject
    public var metadata: [String: String]
    /// 0…2, 1 unless set.
    public var temperature: Double?
    /// 0…1, 1 unless set.
    public var topP: Double?
    public var reasoningEffort: String?
    /// `"auto"` or an object (`CONTRACT.md` 4).
    public var responseFormat: JSONValue
    /// Fields this version does not know, as they came.
    public var unknown: JSONObject = [:]

    /// Makes an assistant.
    public init(
        id: String, createdAt: Int, name: String? = nil, description: String? = nil, model: String,
        instructions: String? = nil, tools: [Tool] = [], toolResources: JSONObject = [:],
        metadata: [String: String] = [:], temperature: Double? = 1, topP: Double? = 1,
        reasoningEffort: String? = nil, responseFormat: JSONValue = "auto"
    ) {
        self.id = id
        self.createdAt = createdAt
        self.name = name
        self.description = description
        self.model = model
        self.instructions = instructions
        self.tools = tools
        self.toolResources = toolResources
        self.metadata = metadata
        self.temperature = temperature
        self.topP = topP
        self.reasoningEffort = reasoningEffort
        self.responseFormat = responseFormat
    }

    /// Reads an assistant; throws when it is no object or has no id.
    public init(json: JSONValue) throws(APIError) {
        var fields = try Fields(json, of: "an assistant")
        self.init(
            id: try fields.requiredID(of: "assistant"),
            createdAt: fields.integer("created_at") ?? 0,
            name: fields.string("name"),
            description: fields.string("description"),
            model: fields.string("model") ?? "",
            instructions: fields.string("instructions"),
            tools: fields.tools() ?? [],
            toolResources: fields.take("tool_resources", \.objectValue) ?? [:],
            metadata: fields.metadata(),
            temperature: fields.double("temperature"),
            topP: fields.double("top_p"),
            reasoningEffort: fields.string("reasoning_effort"),
            responseFormat: fields.json("response_format") ?? "auto")
        _ = fields.string("object")
        unknown = fields.rest
    }

    /// The assistant as it is on the wire, in the recorded order of fields.
    public var json: JSONValue {
        JSONValue(
            [
                "id": .string(id), "object": "assistant", "created_at": .integer(createdAt),
                "name": JSONValue(name), "description": JSONValue(description),
                "model": .string(model), "instructions": JSONValue(instructions),
                "tools": .array(tools.map(\.json)), "top_p": JSONValue(topP),
                "temperature": JSONValue(temperature),
                "reasoning_effort": JSONValue(reasoningEffort),
                "tool_resources": .object(toolResources),
                "metadata": JSONValue(metadata: metadata), "response_format": responseFormat,
            ], and: unknown)
    }
}
