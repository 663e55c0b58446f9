package import Assistants
package import Wire

// Vector stores, their files and batches of files.
extension RemoteAPI {
    package func createVectorStore(
        _ request: VectorStoreRequest, for caller: Caller
    ) async throws(APIError) -> VectorStore {
        try await VectorStore(json: connection.create("/vector_stores", request.json))
    }

    package func vectorStore(
        _ id: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> VectorStore {
        try await VectorStore(json: get(path(store: id)))
    }

    package func vectorStores(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<VectorStore> {
        try await connection.page("/vector_stores", page, [], VectorStore.init(json:))
    }

    package func modifyVectorStore(
        _ id: VectorStore.ID, _ changes: VectorStoreChanges, for caller: Caller
    ) async throws(APIError) -> VectorStore {
        try await VectorStore(json: post(path(store: id), changes.json))
    }

    package func deleteVectorStore(
        _ id: VectorStore.ID, for caller: Caller
    ) async throws(APIError) {
        try await connection.delete(path(store: id))
    }

    package func searchVectorStore(
        _ id: VectorStore.ID, _ search: VectorStoreSearch, for caller: Caller
    ) async throws(APIError) -> [VectorStoreSearchResult] {
        let page = try await post(path(store: id) + "/search", search.json)
        return page["data"]?.arrayValue?.map(VectorStoreSearchResult.init(json:)) ?? []
    }

    // MARK: - Files of a store

    package func createVectorStoreFile(
        _ request: VectorStoreFileRequest, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> VectorStoreFile {
        try await VectorStoreFile(
            json: connection.create(path(store: store) + "/files", request.json))
    }

    package func vectorStoreFile(
        _ id: File.ID, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> VectorStoreFile {
        try await VectorStoreFile(json: get(path(file: id, in: store)))
    }

    package func vectorStoreFiles(
        in store: VectorStore.ID, status: IndexingStatus?, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<VectorStoreFile> {
        try await connection.page(
            path(store: store) + "/files", page, status.query, VectorStoreFile.init(json:))
    }

    package func modifyVectorStoreFile(
        _ id: File.ID, in store: VectorStore.ID, attributes: JSONObject, for caller: Caller
    ) async throws(APIError) -> VectorStoreFile {
        try await VectorStoreFile(
            json: post(path(file: id, in: store), ["attributes": .object(attributes)]))
    }

    package func deleteVectorStoreFile(
        _ id: File.ID, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) {
        try await connection.delete(path(file: id, in: store))
    }

    package func vectorStoreFileContent(
        _ id: File.ID, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> [String] {
        let page = try await get(path(file: id, in: store) + "/content")
        return page["data"]?.arrayValue?.compactMap { $0["text"]?.stringValue } ?? []
    }

    // MARK: - Batches

    package func createFileBatch(
        _ files: [VectorStoreFileRequest], in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> FileBatch {
        try await FileBatch(
            json: connection.create(path(store: store) + "/file_batches", files.json))
    }

    package func fileBatch(
        _ id: FileBatch.ID, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> FileBatch {
        try await FileBatch(json: get(path(batch: id, in: store)))
    }

    package func cancelFileBatch(
        _ id: FileBatch.ID, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> FileBatch {
        try await FileBatch(
            json: connection.post(
                path(batch: id, in: store) + "/cancel",
                doubt: .look { () throws(APIError) in
                    let batch = try await self.fileBatch(id, in: store, for: .trusted)
                    return batch.status == .inProgress ? nil : batch.json
                }))
    }

    package func fileBatchFiles(
        _ id: FileBatch.ID, in store: VectorStore.ID, status: IndexingStatus?, _ page: PageRequest,
        for caller: Caller
    ) async throws(APIError) -> Page<VectorStoreFile> {
        try await connection.page(
            path(batch: id, in: store) + "/files", page, status.query,
            VectorStoreFile.init(json:))
    }

    private func path(store: VectorStore.ID) -> String { "/vector_stores/\(store.percentEncoded)" }

    func path(file: File.ID, in store: VectorStore.ID) -> String {
        path(store: store) + "/files/\(file.percentEncoded)"
    }

    func path(batch: FileBatch.ID, in store: VectorStore.ID) -> String {
        path(store: store) + "/file_batches/\(batch.percentEncoded)"
    }
}

extension IndexingStatus? {
    fileprivate var query: [(String, String)] { map { [("filter", $0.wireName)] } ?? [] }
}
