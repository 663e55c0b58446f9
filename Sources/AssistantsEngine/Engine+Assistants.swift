package import Assistants
import GRDB
import Wire

extension Engine {
    package func createAssistant(
        _ request: AssistantRequest, for caller: Caller
    ) async throws(APIError) -> Assistant {
        try await createAssistant(request, id: newID("asst"), for: caller)
    }

    /// Creates an assistant under an id of one's own, such as one that is built in.
    package func createAssistant(
        _ request: AssistantRequest, id: Assistant.ID, for caller: Caller
    ) async throws(APIError) -> Assistant {
        var assistant = Assistant(
            id: id, createdAt: clock.seconds, name: request.name,
            description: request.description, model: request.model,
            instructions: request.instructions, tools: request.tools,
            toolResources: request.toolResources, metadata: request.metadata,
            temperature: request.temperature ?? 1, topP: request.topP ?? 1,
            reasoningEffort: request.reasoningEffort, responseFormat: request.responseFormat)
        try RequestChecks.assistant(assistant)
        assistant.normalise()
        let (draft, settler) = (assistant, settler(for: caller))
        let created = try await store.write { db in
            var created = draft
            created.toolResources = try settler.settle(
                draft.toolResources, expiry: nil, in: db)
            try db.insert(created, project: caller.project)
            return created
        }
        if created.toolResources != draft.toolResources { indexer.wake() }
        publish(.assistantChanged(created))
        return created
    }

    package func assistant(
        _ id: Assistant.ID, for caller: Caller
    ) async throws(APIError) -> Assistant {
        try await store.read { try $0.assistant(id, for: caller) }
    }

    package func assistants(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Assistant> {
        let query = PageQuery(
            table: "assistant", order: ["created_at", "position"], condition: caller.scope)
        return try await store.read { db in
            try query.page(page, in: db) { try Assistant(json: $0.object) }
        }
    }

    package func modifyAssistant(
        _ id: Assistant.ID, _ changes: AssistantChanges, for caller: Caller
    ) async throws(APIError) -> Assistant {
        let settling = settler(for: caller)
        let modified = try await store.write { db in
            var settler = settling
            let row = try db.row("assistant", id, caller.scope, called: "assistant")
            settler.project = row["project"]
            var assistant = try Assistant(json: row.object)
            changes.apply(to: &assistant)
            try RequestChecks.assistant(assistant)
            if case .set = changes.toolResources {
                assistant.toolResources = try settler.settle(
                    assistant.toolResources, expiry: nil, in: db)
            }
            assistant.normalise()
            try db.update(assistant)
            return assistant
        }
        if case .set = changes.toolResources { indexer.wake() }
        publish(.assistantChanged(modified))
        return modified
    }

    package func deleteAssistant(_ id: Assistant.ID, for caller: Caller) async throws(APIError) {
        try await store.write { db in
            _ = try db.assistant(id, for: caller)
            try db.execute(sql: "DELETE FROM assistant WHERE id = ?", arguments: [id])
        }
        publish(.assistantDeleted(id))
    }
}

extension AssistantChanges {
    fileprivate func apply(to assistant: inout Assistant) {
        assistant.model = model.applied(to: assistant.model)
        assistant.name = name.applied(to: assistant.name)
        assistant.description = description.applied(to: assistant.description)
        assistant.instructions = instructions.applied(to: assistant.instructions)
        assistant.tools = tools.applied(to: assistant.tools)
        assistant.toolResources = toolResources.applied(to: assistant.toolResources)
        assistant.metadata = metadata.applied(to: assistant.metadata)
        assistant.temperature = temperature.applied(to: assistant.temperature)
        assistant.topP = topP.applied(to: assistant.topP)
        assistant.reasoningEffort = reasoningEffort.applied(to: assistant.reasoningEffort)
        assistant.responseFormat = responseFormat.applied(to: assistant.responseFormat)
    }
}

extension Assistant {
    /// Fills in what the hosted service filled in (`CONTRACT.md` 3.2).
    fileprivate mutating func normalise() {
        tools = tools.map { tool in
            guard case .fileSearch(var options) = tool else { return tool }
            if options["ranking_options"] == nil { options["ranking_options"] = Self.ranking }
            return .fileSearch(options: options)
        }
        if tools.contains(.codeInterpreter), toolResources["code_interpreter"] == nil {
            toolResources["code_interpreter"] = ["file_ids": []]
        }
    }

    private static let ranking: JSONValue = [
        "ranker": "default_2024_08_21", "score_threshold": 0.0, "hybrid_search": nil,
    ]
}
