public import Wire

/// A service that keeps files.
public protocol FileService: AssistantsService {
    /// A folder where uploads are best written first, because a service can take them from there
    /// without copying them; nil where any folder is as good. It is there when it is asked for.
    var uploadFolder: String? { get }

    /// Takes a file in. It is safely on disk when this returns.
    func createFile(_ upload: FileUpload, for caller: Caller) async throws(APIError) -> File
    func file(_ id: File.ID, for caller: Caller) async throws(APIError) -> File
    /// The files, of one purpose where one is given. A page has at most 10,000, and no `before`.
    func files(
        _ page: PageRequest, purpose: String?, for caller: Caller
    ) async throws(APIError) -> Page<File>
    /// Deletes a file; it leaves every vector store and tool resource.
    func deleteFile(_ id: File.ID, for caller: Caller) async throws(APIError)
    func fileContent(_ id: File.ID, for caller: Caller) async throws(APIError) -> FileContent
}

/// A service that can search files.
public protocol VectorStoreService: FileService {
    func createVectorStore(
        _ request: VectorStoreRequest, for caller: Caller
    ) async throws(APIError) -> VectorStore
    func vectorStore(
        _ id: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> VectorStore
    func vectorStores(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<VectorStore>
    func modifyVectorStore(
        _ id: VectorStore.ID, _ changes: VectorStoreChanges, for caller: Caller
    ) async throws(APIError) -> VectorStore
    /// Deletes a store; its files stay.
    func deleteVectorStore(_ id: VectorStore.ID, for caller: Caller) async throws(APIError)
    /// The passages that match best, best first.
    func searchVectorStore(
        _ id: VectorStore.ID, _ search: VectorStoreSearch, for caller: Caller
    ) async throws(APIError) -> [VectorStoreSearchResult]

    /// Adds a file; it is `in_progress` until it is indexed.
    func createVectorStoreFile(
        _ request: VectorStoreFileRequest, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> VectorStoreFile
    func vectorStoreFile(
        _ id: File.ID, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> VectorStoreFile
    /// The files of a store, of one status where one is given.
    func vectorStoreFiles(
        in store: VectorStore.ID, status: IndexingStatus?, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<VectorStoreFile>
    /// Replaces the attributes of a file in a store.
    func modifyVectorStoreFile(
        _ id: File.ID, in store: VectorStore.ID, attributes: JSONObject, for caller: Caller
    ) async throws(APIError) -> VectorStoreFile
    /// Takes a file out of a store; the file itself stays.
    func deleteVectorStoreFile(
        _ id: File.ID, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError)
    /// The text that was read from a file, piece by piece, without overlaps.
    func vectorStoreFileContent(
        _ id: File.ID, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> [String]

    /// Adds files, 1…2000, with one request.
    func createFileBatch(
        _ files: [VectorStoreFileRequest], in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> FileBatch
    func fileBatch(
        _ id: FileBatch.ID, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> FileBatch
    /// Leaves out the files of a batch that are not indexed yet.
    func cancelFileBatch(
        _ id: FileBatch.ID, in store: VectorStore.ID, for caller: Caller
    ) async throws(APIError) -> FileBatch
    /// The files of a batch, of one status where one is given.
    func fileBatchFiles(
        _ id: FileBatch.ID, in store: VectorStore.ID, status: IndexingStatus?, _ page: PageRequest,
        for caller: Caller
    ) async throws(APIError) -> Page<VectorStoreFile>
}
