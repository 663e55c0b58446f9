package import Assistants
import GRDB
package import Wire

extension Engine: VectorStoreService {
    package func createVectorStore(
        _ request: VectorStoreRequest, for caller: Caller
    ) async throws(APIError) -> VectorStore {
        try RequestChecks.vectorStore(request)
        let now = clock.seconds
        let draft = VectorStoreDraft(request, id: newID("vs"), at: now)
        let created = try await store.write { db in
            try db.insert(draft, project: caller.project, for: caller)
            return try db.vectorStore(draft.store.id, for: caller, at: now).store
        }
        if !draft.fileIDs.isEmpty { indexer.wake() }
        return created
    }

    package func vectorStore(
        _ id: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> VectorStore {
        let now = clock.seconds
        return try await store.read { try $0.vectorStore(id, for: caller, at: now).store }
    }

    package func vectorStores(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<VectorStore> {
        let now = clock.seconds
        let query = PageQuery(
            table: "vector_store", order: ["created_at", "position"], condition: caller.scope)
        return try await store.read { db in
            try query.page(page, in: db) { row in
                try db.counted(VectorStoreRow(row), at: now).store
            }
        }
    }

    package func modifyVectorStore(
        _ id: VectorStore.ID, _ changes: VectorStoreChanges, for caller: Caller
    ) async throws(APIError) -> VectorStore {
        let now = clock.seconds
        return try await store.write { db in
            var store = try db.liveVectorStore(id, for: caller, at: now).store
            store.name = changes.name.applied(to: store.name)
            store.expiresAfter = changes.expiresAfter.applied(to: store.expiresAfter)
            store.metadata = changes.metadata.applied(to: store.metadata)
            try RequestChecks.expiry(store.expiresAfter)
            try RequestChecks.metadata(store.metadata)
            try db.update(store, at: now)
            return try db.vectorStore(id, for: caller, at: now).store
        }
    }

    package func deleteVectorStore(
        _ id: VectorStore.ID, for caller: Caller
    ) async throws(APIError) {
        let now = clock.seconds
        try await store.write { db in
            _ = try db.vectorStore(id, for: caller, at: now)
            try db.deleteVectorStore(id)
        }
    }

    package func searchVectorStore(
        _ id: VectorStore.ID, _ search: VectorStoreSearch, for caller: Caller
    ) async throws(APIError) -> [VectorStoreSearchResult] {
        try RequestChecks.search(search)
        let now = clock.seconds
        let found = try await store.read { db in
            _ = try db.liveVectorStore(id, for: caller, at: now)
            return try db.search(search, in: id)
        }
        noteUse(of: [id])
        return found
    }

    /// Keeps stores from expiring that were used just now.
    func noteUse(of stores: [VectorStore.ID]) {
        let now = clock.seconds
        // Nobody waits for it, and nothing is lost when it fails but a minute of a store's life.
        store.submit { db in
            for store in stores { try db.touchVectorStore(store, at: now) }
        } ending: { _ in
        }
    }
}

// MARK: - The files of a store

extension Engine {
    package func createVectorStoreFile(
        _ request: VectorStoreFileRequest, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> VectorStoreFile {
        try RequestChecks.member(request)
        let now = clock.seconds
        let added = try await self.store.write { db in
            let row = try db.liveVectorStore(store, for: caller, at: now)
            try db.requireFile(request.fileID, of: row.project, for: caller, at: now)
            let member = VectorStoreFile(request, in: store, at: now)
            try db.insert(member)
            try db.touchVectorStore(store, at: now)
            return member
        }
        indexer.wake()
        return added
    }

    package func vectorStoreFile(
        _ id: File.ID, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> VectorStoreFile {
        try await self.store.read { db in
            try db.requireVectorStore(store, for: caller)
            return try db.member(id, of: store).0
        }
    }

    package func vectorStoreFiles(
        in store: VectorStore.ID, status: IndexingStatus?, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<VectorStoreFile> {
        try await members(Condition("store = ?", [store]), status, page, in: store, for: caller)
    }

    package func modifyVectorStoreFile(
        _ id: File.ID, in store: VectorStore.ID, attributes: JSONObject, for caller: Caller
    ) async throws(APIError) -> VectorStoreFile {
        try RequestChecks.attributes(attributes)
        let now = clock.seconds
        return try await self.store.write { db in
            _ = try db.liveVectorStore(store, for: caller, at: now)
            var (member, position) = try db.member(id, of: store)
            member.attributes = attributes
            try db.update(member, at: position)
            return member
        }
    }

    package func deleteVectorStoreFile(
        _ id: File.ID, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) {
        try await self.store.write { db in
            try db.requireVectorStore(store, for: caller)
            try db.deleteMember(id, of: store)
        }
    }

    package func vectorStoreFileContent(
        _ id: File.ID, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> [String] {
        try await self.store.read { db in
            try db.requireVectorStore(store, for: caller)
            let (_, position) = try db.member(id, of: store)
            return try db.passageTexts(of: position, in: store)
        }
    }

    private func members(
        _ condition: Condition, _ status: IndexingStatus?, _ page: PageRequest,
        in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> Page<VectorStoreFile> {
        var condition = condition
        if let status {
            if let name = status.unknownName {
                throw RequestFault.notSupported(
                    name, IndexingStatus.known.map(\.name), at: "filter")
            }
            condition = condition.and("status = ?", [status.wireName])
        }
        let query = PageQuery(
            table: "vector_store_file", order: ["created_at", "position"], condition: condition)
        return try await self.store.read { db in
            try db.requireVectorStore(store, for: caller)
            return try query.page(page, in: db) { try VectorStoreFile(json: $0.object) }
        }
    }
}

// MARK: - Batches

extension Engine {
    package func createFileBatch(
        _ files: [VectorStoreFileRequest], in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> FileBatch {
        try RequestChecks.batch(files)
        let (id, now) = (newID("vsfb"), clock.seconds)
        let batch = try await self.store.write { db in
            let row = try db.liveVectorStore(store, for: caller, at: now)
            try db.insert(FileBatch(id: id, createdAt: now, vectorStoreID: store))
            for file in files {
                try db.requireFile(file.fileID, of: row.project, for: caller, at: now)
                try db.insert(VectorStoreFile(file, in: store, at: now), batch: id)
            }
            try db.touchVectorStore(store, at: now)
            return try db.fileBatch(id, in: store)
        }
        indexer.wake()
        return batch
    }

    package func fileBatch(
        _ id: FileBatch.ID, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> FileBatch {
        try await self.store.read { db in
            try db.requireVectorStore(store, for: caller)
            return try db.fileBatch(id, in: store)
        }
    }

    package func cancelFileBatch(
        _ id: FileBatch.ID, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> FileBatch {
        try await self.store.write { db in
            try db.requireVectorStore(store, for: caller)
            try db.cancelBatch(id, in: store)
            return try db.fileBatch(id, in: store)
        }
    }

    package func fileBatchFiles(
        _ id: FileBatch.ID, in store: VectorStore.ID, status: IndexingStatus?, _ page: PageRequest,
        for caller: Caller
    ) async throws(APIError) -> Page<VectorStoreFile> {
        // Says so where there is no such batch.
        _ = try await fileBatch(id, in: store, for: caller)
        return try await members(
            Condition("store = ? AND batch = ?", [store, id]), status, page, in: store,
            for: caller)
    }
}

// MARK: - What the operations share

/// A store and the files it begins with, not yet in the database.
struct VectorStoreDraft: Sendable {
    var store: VectorStore
    var fileIDs: [File.ID]
    var chunkingStrategy: ChunkingStrategy

    init(_ request: VectorStoreRequest, id: VectorStore.ID, at now: Int) {
        store = VectorStore(
            id: id, createdAt: now, name: request.name, description: request.description,
            expiresAfter: request.expiresAfter, metadata: request.metadata)
        fileIDs = request.fileIDs
        chunkingStrategy = request.chunkingStrategy
    }
}

extension VectorStoreFile {
    init(_ request: VectorStoreFileRequest, in store: VectorStore.ID, at now: Int) {
        self.init(
            id: request.fileID, createdAt: now, vectorStoreID: store,
            chunkingStrategy: request.chunkingStrategy, attributes: request.attributes)
    }
}

extension Database {
    func insert(_ draft: VectorStoreDraft, project: String, for caller: Caller) throws {
        try insert(draft.store, project: project)
        for id in draft.fileIDs {
            try requireFile(id, of: project, for: caller, at: draft.store.createdAt)
            let request = VectorStoreFileRequest(
                fileID: id, chunkingStrategy: draft.chunkingStrategy)
            try insert(
                VectorStoreFile(request, in: draft.store.id, at: draft.store.createdAt))
        }
    }

    /// Throws unless the store is there and the caller's.
    func requireVectorStore(_ id: VectorStore.ID, for caller: Caller) throws {
        _ = try row("vector_store", id, caller.scope, called: "vector store")
    }

    /// Throws unless the file is there, the caller's, and of the same project as what it joins.
    func requireFile(_ id: File.ID, of project: String, for caller: Caller, at now: Int) throws {
        let row = try fileRow(id, for: caller, at: now)
        if row.project != project { throw APIError.noFile(id) }
    }

    func search(
        _ search: VectorStoreSearch, in store: VectorStore.ID
    ) throws -> [VectorStoreSearchResult] {
        let members = try searchable(in: store, search.filter)
        let found = try searchPassages(
            of: store, search.queries, among: members, limit: search.limit)
        return try found.filter { $0.score >= search.scoreThreshold }.map { passage in
            let (member, _) = try member(passage.fileID, of: store)
            let name = try String.fetchOne(
                self, sql: "SELECT json_extract(json, '$.filename') FROM file WHERE id = ?",
                arguments: [passage.fileID])
            return VectorStoreSearchResult(
                fileID: passage.fileID, filename: name ?? "", score: passage.score,
                attributes: member.attributes, texts: [passage.text])
        }
    }
}
