import Assistants
import HTTPTypes
import Wire

/// `/v1/assistants`.
enum AssistantEndpoints {
    static let all: [Endpoint] = [
        Endpoint(.get, "/v1/assistants") { (exchange) throws(APIError) in
            let page = try await exchange.service.assistants(
                exchange.query.page(), for: exchange.caller)
            return Answer(page, \.wireJSON)
        },
        Endpoint(.post, "/v1/assistants") { (exchange) throws(APIError) in
            let request = try exchange.read { (fields) throws(APIError) in try fields.assistant() }
            let made = try await exchange.service.createAssistant(request, for: exchange.caller)
            return Answer(made.wireJSON)
        },
        Endpoint(.get, "/v1/assistants/{assistant_id}") { (exchange) throws(APIError) in
            let assistant = try await exchange.service.assistant(
                exchange.ids[0], for: exchange.caller)
            return Answer(assistant.wireJSON)
        },
        Endpoint(.post, "/v1/assistants/{assistant_id}") { (exchange) throws(APIError) in
            let changes = try exchange.read { (fields) throws(APIError) in
                try fields.assistantChanges()
            }
            let changed = try await exchange.service.modifyAssistant(
                exchange.ids[0], changes, for: exchange.caller)
            return Answer(changed.wireJSON)
        },
        Endpoint(.delete, "/v1/assistants/{assistant_id}") { (exchange) throws(APIError) in
            try await exchange.service.deleteAssistant(exchange.ids[0], for: exchange.caller)
            return .deleted(exchange.ids[0], "assistant.deleted")
        },
    ]
}

extension Assistant {
    /// The assistant as the hosted service told it: who may run code has a list of files for it.
    fileprivate var wireJSON: JSONValue {
        guard tools.contains(.codeInterpreter), toolResources["code_interpreter"] == nil else {
            return json
        }
        var told = self
        told.toolResources["code_interpreter"] = ["file_ids": []]
        return told.json
    }
}
