import Assistants
import Wire

/// What a run needs to ask its model, found when it is first needed: who answers, and the thread.
///
/// An actor, because a run's calls follow each other and share it.
actor RunContext {
    private let engine: Engine
    private let run: Run
    private var backend: (any ModelBackend)?
    private var history: [Message]?

    init(_ engine: Engine, _ run: Run) {
        self.engine = engine
        self.run = run
    }

    /// Starts a model call.
    func stream(_ call: ModelCall) async throws(ModelError) -> ModelEventStream {
        let backend = try await backendOnce()
        let history = try await historyOnce(for: backend.info)
        let prompt = RunPrompt(run: run, history: history)
        return try await backend.stream(prompt.request(for: call, model: backend.info.name))
    }

    /// Searches the files of the assistant and of the thread.
    func search(_ call: SearchCall) async throws(APIError) -> [FileSearchResult] {
        var found: [FileSearchResult] = []
        for id in try await vectorStores() {
            guard let search = engine.searches[id] else {
                throw APIError.notFound("vector store", id)
            }
            found += try await search.search(call.queries, limit: call.limit)
        }
        found.sort { $0.score > $1.score }
        return Array(found.filter { $0.score >= call.scoreThreshold }.prefix(call.limit))
    }

    private func backendOnce() async throws(ModelError) -> any ModelBackend {
        if let backend { return backend }
        let found = try await engine.models.backend(for: run.model)
        backend = found
        return found
    }

    private func historyOnce(for model: ModelInfo) async throws(ModelError) -> [Message] {
        if let history { return history }
        let limit = RunPrompt.limit(for: run, contextTokens: model.contextTokens)
        let (thread, id) = (run.threadID, run.id)
        do {
            let read = try await engine.store.read { db in
                try db.history(of: thread, before: id, limit: limit)
            }
            history = read
            return read
        } catch {
            throw ModelError(.server, "The thread could not be read: \(error.message)")
        }
    }

    private func vectorStores() async throws(APIError) -> [String] {
        let thread = try await engine.thread(run.threadID, for: .trusted)
        var ids: [String] = []
        for resources in [run.toolResources, thread.toolResources] {
            let named = resources["file_search"]?["vector_store_ids"]?.arrayValue ?? []
            for id in named.compactMap(\.stringValue) where !ids.contains(id) { ids.append(id) }
        }
        return ids
    }
}
