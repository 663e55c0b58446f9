import Assistants
import AssistantsEngine
import FoundationEssentials
import TestSupport

extension TestEngine {
    /// A file of a caller's with a text in it.
    func file(
        _ name: String, _ text: String, for caller: Caller = .trusted, expiresAfter: Int? = nil
    ) async throws -> File {
        let place = try upload(Array(text.utf8))
        return try await engine.createFile(
            FileUpload(
                path: place, filename: name, purpose: "assistants", isTemporary: true,
                expiresAfter: expiresAfter), for: caller)
    }

    /// Bytes where an upload would put them.
    func upload(_ bytes: [UInt8]) throws -> String {
        let place = (engine.uploadFolder ?? "") + "/" + UUID().uuidString
        try Data(bytes).write(to: URL(filePath: place))
        return place
    }

    /// An indexed store of files with these names and texts.
    func vectorStore(
        _ texts: KeyValuePairs<String, String>, for caller: Caller = .trusted
    ) async throws -> VectorStore {
        var request = VectorStoreRequest()
        for (name, text) in texts {
            request.fileIDs.append(try await file(name, text, for: caller).id)
        }
        let store = try await engine.createVectorStore(request, for: caller)
        return try await indexed(store.id)
    }

    /// Waits until nothing of a store is being indexed.
    func indexed(_ id: VectorStore.ID) async throws -> VectorStore {
        try await until { try await engine.vectorStore(id, for: .trusted).status != .inProgress }
        return try await engine.vectorStore(id, for: .trusted)
    }

    /// The names of the files in which a store finds something.
    func found(_ queries: String..., in store: VectorStore.ID) async throws -> [String] {
        try await engine.searchVectorStore(store, VectorStoreSearch(queries), for: .trusted)
            .map(\.filename)
    }

    /// What lies in a folder of the data directory.
    func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: directory + "/" + folder)) ?? []
    }
}
