import Assistants
import GRDB
import Wire

/// Settles what tool resources and attachments of one request name, inside its transaction.
struct ResourceSettler: Sendable {
    var caller: Caller
    /// The project of the object that names them.
    var project: String
    /// Stores that are searched without being in the database, such as the manual.
    var builtIn: Set<String>
    /// The id of the store that is made where one is described or needed.
    var newStoreID: VectorStore.ID
    /// Seconds since 1970.
    var now: Int

    /// How long stores live that were made for a thread (`CONTRACT.md` 7.5).
    static let threadStoreExpiry = VectorStoreExpiry(days: 7)

    /// The resources as they are kept: everything they name is there, and a store that they
    /// describe is made.
    func settle(
        _ resources: JSONObject, expiry: VectorStoreExpiry?, in db: Database
    ) throws -> JSONObject {
        for id in resources["code_interpreter"]?["file_ids"]?.arrayValue ?? [] {
            try db.requireFile(id.stringValue ?? "", of: project, for: caller, at: now)
        }
        guard var search = resources["file_search"]?.objectValue else { return resources }
        for id in search["vector_store_ids"]?.arrayValue ?? [] {
            try require(id.stringValue ?? "", in: db)
        }
        guard let described = search["vector_stores"]?.arrayValue else { return resources }
        search.removeValue(forKey: "vector_stores")
        if let store = described.first {
            try make(store, expiry: expiry, in: db)
            search["vector_store_ids"] = [.string(newStoreID)]
        }
        var settled = resources
        settled["file_search"] = .object(search)
        return settled
    }

    private func require(_ id: VectorStore.ID, in db: Database) throws {
        if builtIn.contains(id) { return }
        let row = try VectorStoreRow(
            db.row("vector_store", id, caller.scope, called: "vector store"))
        if row.project != project { throw APIError.notFound("vector store", id) }
    }

    private func make(_ json: JSONValue, expiry: VectorStoreExpiry?, in db: Database) throws {
        var request = VectorStoreRequest()
        request.expiresAfter =
            json["expires_after"].flatMap(VectorStoreExpiry.init(json:)) ?? expiry
        request.metadata = (json["metadata"]?.objectValue ?? [:]).reduce(into: [:]) {
            $0[$1.key] = $1.value.stringValue
        }
        request.chunkingStrategy = ChunkingStrategy(json: json["chunking_strategy"] ?? .null)
        try RequestChecks.vectorStore(request)
        request.fileIDs = json["file_ids"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let path = "tool_resources.file_search.vector_stores[0].file_ids"
        if request.fileIDs.count > 10_000 {
            throw RequestFault.tooMany(10_000, request.fileIDs.count, at: path)
        }
        try db.insert(
            VectorStoreDraft(request, id: newStoreID, at: now), project: project, for: caller)
    }

    /// Gives the files that are attached to messages to the tools they are for: they join the
    /// thread's vector store, which is made where there is none, and its code interpreter.
    /// Returns the thread where it changed.
    func attach(
        filesOf messages: [Message], to thread: Thread, in db: Database
    ) throws -> Thread? {
        var (searched, run): ([File.ID], [File.ID]) = ([], [])
        for (place, attachment) in messages.flatMap(\.attachments).enumerated() {
            guard let id = attachment["file_id"]?.stringValue else {
                throw RequestFault.missing("attachments[\(place)].file_id")
            }
            try db.requireFile(id, of: project, for: caller, at: now)
            for tool in attachment["tools"]?.arrayValue ?? [] {
                if tool["type"] == "file_search", !searched.contains(id) { searched.append(id) }
                if tool["type"] == "code_interpreter", !run.contains(id) { run.append(id) }
            }
        }
        if searched.isEmpty, run.isEmpty { return nil }
        var thread = thread
        if !run.isEmpty { addToInterpreter(run, of: &thread) }
        if !searched.isEmpty { try addToStore(searched, of: &thread, in: db) }
        try RequestChecks.toolResources(thread.toolResources)
        try db.update(thread)
        return thread
    }

    private func addToInterpreter(_ files: [File.ID], of thread: inout Thread) {
        var interpreter = thread.toolResources["code_interpreter"]?.objectValue ?? [:]
        var ids = interpreter["file_ids"]?.arrayValue ?? []
        for file in files where !ids.contains(.string(file)) { ids.append(.string(file)) }
        interpreter["file_ids"] = .array(ids)
        thread.toolResources["code_interpreter"] = .object(interpreter)
    }

    private func addToStore(
        _ files: [File.ID], of thread: inout Thread, in db: Database
    ) throws {
        var search = thread.toolResources["file_search"]?.objectValue ?? [:]
        var store = search["vector_store_ids"]?.arrayValue?.first?.stringValue
        if let id = store {
            let live = try? db.liveVectorStore(id, for: caller, at: now)
            // A store that has expired or is gone is followed by a new one.
            if live?.project != project { store = nil }
        }
        if store == nil {
            let new = VectorStore(
                id: newStoreID, createdAt: now, expiresAfter: Self.threadStoreExpiry)
            try db.insert(new, project: project)
            search["vector_store_ids"] = [.string(newStoreID)]
            thread.toolResources["file_search"] = .object(search)
        }
        let id = store ?? newStoreID
        for file in files where (try? db.member(file, of: id)) == nil {
            try db.insert(
                VectorStoreFile(VectorStoreFileRequest(fileID: file), in: id, at: now))
        }
        try db.touchVectorStore(id, at: now)
    }
}

extension Engine {
    /// Settles what a request of this caller names, for an object of a project.
    func settler(for caller: Caller, project: String? = nil) -> ResourceSettler {
        ResourceSettler(
            caller: caller, project: project ?? caller.project, builtIn: Set(searches.keys),
            newStoreID: newID("vs"), now: clock.seconds)
    }
}
