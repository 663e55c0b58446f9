package import Assistants

extension Engine {
    /// The assistant that leaves the choice of its model to the directory of models.
    package static let defaultAssistantID = "asst_default"

    /// The name that such assistants have for their model.
    package static let defaultModel = "default"

    /// Creates the assistants that are there from the start, where they are not there yet.
    ///
    /// - Throws: `APIError` when the store cannot be written.
    package func addBuiltInAssistants() async throws(APIError) {
        let guide = GuideBackend.assistant
        let builtIn = [
            Assistant(
                id: Self.defaultAssistantID, createdAt: clock.seconds, name: "Assistant",
                description: "Answers with the model that is connected.",
                model: Self.defaultModel),
            Assistant(
                id: GuideBackend.assistantID, createdAt: clock.seconds, name: guide.name,
                description: guide.description, model: guide.model,
                instructions: guide.instructions, tools: guide.tools,
                toolResources: guide.toolResources),
        ]
        for assistant in builtIn {
            try await store.write { db in
                if (try? db.assistant(assistant.id, for: .trusted)) == nil {
                    try db.insert(assistant, project: Caller.localProject)
                }
            }
        }
    }

    /// Tells everyone that there are other models than before.
    package func announceModels() { publish(.modelsChanged) }
}
