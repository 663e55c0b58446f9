public import Assistants

extension AssistantsClient {
    /// Assistants: models with instructions and tools.
    public struct Assistants: Sendable {
        let api: ForeignService

        /// Creates an assistant.
        public func create(_ request: AssistantRequest) async throws(APIError) -> Assistant {
            try await api.createAssistant(request, for: .trusted)
        }

        /// The assistant with an id.
        public func retrieve(_ id: Assistant.ID) async throws(APIError) -> Assistant {
            try await api.assistant(id, for: .trusted)
        }

        /// All assistants, from the page on that is asked for.
        public func list(_ page: PageRequest = PageRequest()) -> PageSequence<Assistant> {
            PageSequence(page) { (page) throws(APIError) in
                try await api.assistants(page, for: .trusted)
            }
        }

        /// Changes what is set in `changes`.
        public func update(
            _ id: Assistant.ID, _ changes: AssistantChanges
        ) async throws(APIError) -> Assistant {
            try await api.modifyAssistant(id, changes, for: .trusted)
        }

        /// Deletes an assistant.
        public func delete(_ id: Assistant.ID) async throws(APIError) {
            try await api.deleteAssistant(id, for: .trusted)
        }
    }
}
