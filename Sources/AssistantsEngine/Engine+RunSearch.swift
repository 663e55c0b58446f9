import Assistants
import GRDB
import Wire

// The file search of a run: the assistant's store and the thread's.

extension Engine {
    /// The most tokens of passages that one search gives to a model (`CONTRACT.md` 11).
    static let searchTokens = 16_000
    /// How long a run waits for the files of its thread, in seconds (`CONTRACT.md` 7.1).
    static let indexingPatience = 60

    /// The passages that match best, as many as a model should be given.
    /// - Parameter contextTokens: how much the model takes in all; nil where that is not known.
    func search(
        _ call: SearchCall, for run: Run, contextTokens: Int?
    ) async throws(APIError) -> [FileSearchResult] {
        let places = try await searchPlaces(of: run)
        await waitForFiles(of: places.thread)
        var found: [FileSearchResult] = []
        for id in places.all {
            if let search = searches[id] {
                found += try await search.search(call.queries, limit: call.limit)
            } else {
                found += try await searchStore(id, call, projects: places.projects)
            }
        }
        let stored = places.all.filter { searches[$0] == nil }
        if !stored.isEmpty { noteUse(of: stored) }
        found.sort { $0.score > $1.score }
        let budget = min(Self.searchTokens, contextTokens.map { $0 / 2 } ?? Self.searchTokens)
        let best = found.filter { $0.score >= call.scoreThreshold }.prefix(call.limit)
        return Self.fitting(best, tokens: budget)
    }

    /// The passages from the best on that fit together, at least one; none is cut.
    private static func fitting(
        _ results: some Sequence<FileSearchResult>, tokens: Int
    ) -> [FileSearchResult] {
        var (kept, left): ([FileSearchResult], Int) = ([], tokens)
        for result in results {
            left -= PassageCutter.tokenCount(of: (result.text ?? "").utf8)
            if left < 0, !kept.isEmpty { break }
            kept.append(result)
        }
        return kept
    }

    private struct SearchPlaces: Sendable {
        var all: [VectorStore.ID] = []
        /// Those of the thread alone.
        var thread: [VectorStore.ID] = []
        /// The projects whose stores the run may see: its thread's and its assistant's.
        var projects: Set<String> = []
    }

    private func searchPlaces(of run: Run) async throws(APIError) -> SearchPlaces {
        try await store.read { db in
            let thread = try db.threadRow(run.threadID, for: .trusted)
            var places = SearchPlaces()
            places.projects = [thread.project]
            let assistant = try String.fetchOne(
                db, sql: "SELECT project FROM assistant WHERE id = ?",
                arguments: [run.assistantID])
            if let assistant { places.projects.insert(assistant) }
            places.thread = thread.thread.toolResources.vectorStoreIDs
            for id in run.toolResources.vectorStoreIDs + places.thread
            where !places.all.contains(id) {
                places.all.append(id)
            }
            return places
        }
    }

    private func searchStore(
        _ id: VectorStore.ID, _ call: SearchCall, projects: Set<String>
    ) async throws(APIError) -> [FileSearchResult] {
        let now = clock.seconds
        return try await store.read { db in
            let row = try db.liveVectorStore(id, for: .trusted, at: now)
            guard projects.contains(row.project) else {
                throw APIError.notFound("vector store", id)
            }
            let search = VectorStoreSearch(call.queries, limit: call.limit)
            return try db.search(search, in: id).map { found in
                var result = FileSearchResult(
                    fileID: found.fileID, fileName: found.filename, score: found.score,
                    text: found.texts.first)
                result.unknown["attributes"] = .object(found.attributes)
                return result
            }
        }
    }

    /// Waits while files of a thread are being indexed, for a minute at most.
    private func waitForFiles(of stores: [VectorStore.ID]) async {
        let stored = stores.filter { searches[$0] == nil }
        if stored.isEmpty { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.indexer.waitUntilDone(with: stored) }
            group.addTask { [clock] in
                // Ends early where the files are done, or the run is.
                try? await clock.sleep(for: .seconds(Self.indexingPatience))
            }
            await group.next()
            group.cancelAll()
        }
    }
}

extension JSONObject {
    /// The stores that tool resources name.
    fileprivate var vectorStoreIDs: [VectorStore.ID] {
        self["file_search"]?["vector_store_ids"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }
}
