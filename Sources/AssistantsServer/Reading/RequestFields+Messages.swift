import Assistants
import Wire

extension RequestFields {
    /// A message to add to a thread.
    mutating func message() throws(APIError) -> MessageRequest {
        let role = Role(wireName: try requiredString("role"))
        if case .unknown(let name) = role {
            throw RequestFault.notSupported(name, ["user", "assistant"], at: path("role"))
        }
        guard let content = value("content") else { throw RequestFault.missing(path("content")) }
        var request = MessageRequest(content: try Self.content(content, at: path("content")))
        request.role = role
        request.attachments = try attachments()
        request.metadata = try metadata() ?? [:]
        return request
    }

    private static func content(
        _ json: JSONValue, at path: String
    ) throws(APIError) -> [MessageContent] {
        if let text = json.stringValue { return [.text(MessageText(text))] }
        guard let parts = json.arrayValue else {
            throw RequestFault.wrongType(
                at: path, expected: "one of a string or array of objects", got: json)
        }
        var content: [MessageContent] = []
        for (index, part) in parts.enumerated() {
            var fields = try RequestFields(part, at: "\(path)[\(index)]")
            content.append(try fields.part())
            try fields.finish()
        }
        return content
    }

    private mutating func part() throws(APIError) -> MessageContent {
        let type = try requiredString("type")
        switch type {
        case "text":
            return .text(MessageText(try requiredString("text")))
        case "image_file":
            guard var image = try fields("image_file") else {
                throw RequestFault.missing(path("image_file"))
            }
            let id = try image.requiredString("file_id")
            return .imageFile(fileID: id, detail: try image.detail())
        case "image_url":
            guard var image = try fields("image_url") else {
                throw RequestFault.missing(path("image_url"))
            }
            let url = try image.requiredString("url")
            return .imageURL(url: url, detail: try image.detail())
        default:
            throw RequestFault.notSupported(
                type, ["text", "image_url", "image_file"], at: path("type"))
        }
    }

    private mutating func detail() throws(APIError) -> String {
        let detail = try string("detail") ?? "auto"
        if !["auto", "low", "high"].contains(detail) {
            throw RequestFault.notSupported(detail, ["auto", "low", "high"], at: path("detail"))
        }
        try finish()
        return detail
    }

    private mutating func attachments() throws(APIError) -> [JSONValue] {
        let list = value("attachments")
        guard let list else { return [] }
        var fields = try RequestFields(["attachments": list])
        _ = try fields.each("attachments") { (fields) throws(APIError) in
            _ = try fields.string("file_id")
            _ = try fields.each("tools") { (tool) throws(APIError) in
                let type = try tool.requiredString("type")
                if !["code_interpreter", "file_search"].contains(type) {
                    throw RequestFault.notSupported(
                        type, ["code_interpreter", "file_search"], at: tool.path("type"))
                }
            }
        }
        return list.arrayValue ?? []
    }

    /// A thread to make.
    mutating func thread() throws(APIError) -> ThreadRequest {
        var request = ThreadRequest(metadata: try metadata() ?? [:])
        request.messages =
            try each("messages") { (fields) throws(APIError) in try fields.message() } ?? []
        request.toolResources = try toolResources() ?? [:]
        return request
    }

    /// Answers to function calls.
    mutating func toolOutputs() throws(APIError) -> [ToolOutput] {
        let outputs = try each("tool_outputs") { (fields) throws(APIError) in
            ToolOutput(
                toolCallID: try fields.requiredString("tool_call_id"),
                output: try fields.string("output") ?? "")
        }
        guard let outputs else { throw RequestFault.missing(path("tool_outputs")) }
        return outputs
    }
}
