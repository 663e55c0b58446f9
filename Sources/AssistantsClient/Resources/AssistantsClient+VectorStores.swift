public import Assistants
public import Wire

extension AssistantsClient {
    /// Vector stores: files that can be searched together.
    public struct VectorStores: Sendable {
        let api: ForeignService

        /// The files of vector stores.
        public var files: VectorStoreFiles { VectorStoreFiles(api: api) }
        /// Files that are added together.
        public var fileBatches: FileBatches { FileBatches(api: api) }

        /// Creates a vector store.
        public func create(
            _ request: VectorStoreRequest = VectorStoreRequest()
        ) async throws(APIError) -> VectorStore {
            try await api.createVectorStore(request, for: .trusted)
        }

        /// The vector store with an id.
        public func retrieve(_ id: VectorStore.ID) async throws(APIError) -> VectorStore {
            try await api.vectorStore(id, for: .trusted)
        }

        /// All vector stores, from the page on that is asked for.
        public func list(_ page: PageRequest = PageRequest()) -> PageSequence<VectorStore> {
            PageSequence(page) { (page) throws(APIError) in
                try await api.vectorStores(page, for: .trusted)
            }
        }

        /// Changes what is set in `changes`.
        public func update(
            _ id: VectorStore.ID, _ changes: VectorStoreChanges
        ) async throws(APIError) -> VectorStore {
            try await api.modifyVectorStore(id, changes, for: .trusted)
        }

        /// Deletes a vector store; its files stay.
        public func delete(_ id: VectorStore.ID) async throws(APIError) {
            try await api.deleteVectorStore(id, for: .trusted)
        }

        /// The passages that match best, best first.
        public func search(
            _ id: VectorStore.ID, _ search: VectorStoreSearch
        ) async throws(APIError) -> [VectorStoreSearchResult] {
            try await api.searchVectorStore(id, search, for: .trusted)
        }
    }

    /// The files of vector stores.
    public struct VectorStoreFiles: Sendable {
        let api: ForeignService

        /// Adds a file; it is `inProgress` until it is indexed.
        public func create(
            in store: VectorStore.ID, _ request: VectorStoreFileRequest
        ) async throws(APIError) -> VectorStoreFile {
            try await api.createVectorStoreFile(request, in: store, for: .trusted)
        }

        /// The file with an id.
        public func retrieve(
            _ id: File.ID, in store: VectorStore.ID
        ) async throws(APIError) -> VectorStoreFile {
            try await api.vectorStoreFile(id, in: store, for: .trusted)
        }

        /// All files, of one status where one is named, from the page on that is asked for.
        public func list(
            in store: VectorStore.ID, status: IndexingStatus? = nil,
            _ page: PageRequest = PageRequest()
        ) -> PageSequence<VectorStoreFile> {
            PageSequence(page) { (page) throws(APIError) in
                try await api.vectorStoreFiles(in: store, status: status, page, for: .trusted)
            }
        }

        /// Replaces a file's attributes.
        public func update(
            _ id: File.ID, in store: VectorStore.ID, attributes: JSONObject
        ) async throws(APIError) -> VectorStoreFile {
            try await api.modifyVectorStoreFile(
                id, in: store, attributes: attributes, for: .trusted)
        }

        /// Takes a file out of a store; the file itself stays.
        public func delete(_ id: File.ID, in store: VectorStore.ID) async throws(APIError) {
            try await api.deleteVectorStoreFile(id, in: store, for: .trusted)
        }

        /// The text that was read from a file, piece by piece.
        public func content(
            of id: File.ID, in store: VectorStore.ID
        ) async throws(APIError) -> [String] {
            try await api.vectorStoreFileContent(id, in: store, for: .trusted)
        }

        /// Adds a file and waits until it is indexed, or cannot be.
        public func createAndPoll(
            in store: VectorStore.ID, _ request: VectorStoreFileRequest,
            polling: Polling = Polling()
        ) async throws(APIError) -> VectorStoreFile {
            let file = try await create(in: store, request)
            return try await poll(file.id, in: store, polling: polling)
        }

        /// Uploads a file, adds it, and waits until it is indexed, or cannot be.
        public func uploadAndPoll(
            in store: VectorStore.ID, _ upload: FileUpload, polling: Polling = Polling()
        ) async throws(APIError) -> VectorStoreFile {
            let file = try await api.createFile(upload, for: .trusted)
            return try await createAndPoll(
                in: store, VectorStoreFileRequest(fileID: file.id), polling: polling)
        }

        /// Waits until a file is indexed, or cannot be.
        public func poll(
            _ id: File.ID, in store: VectorStore.ID, polling: Polling = Polling()
        ) async throws(APIError) -> VectorStoreFile {
            try await polling.poll(api.connection, api.path(file: id, in: store)) {
                (json) throws(APIError) -> VectorStoreFile? in
                let file = try VectorStoreFile(json: json)
                return file.status == .inProgress ? nil : file
            }
        }
    }

    /// Files that are added to a vector store together.
    public struct FileBatches: Sendable {
        let api: ForeignService

        /// So many files are uploaded at once, unless something else is asked for: as in both SDKs.
        public static let parallelUploads = 5

        /// Adds files, 1…2000, with one request.
        public func create(
            in store: VectorStore.ID, _ files: [VectorStoreFileRequest]
        ) async throws(APIError) -> FileBatch {
            try await api.createFileBatch(files, in: store, for: .trusted)
        }

        /// The batch with an id.
        public func retrieve(
            _ id: FileBatch.ID, in store: VectorStore.ID
        ) async throws(APIError) -> FileBatch {
            try await api.fileBatch(id, in: store, for: .trusted)
        }

        /// Leaves out the files that are not indexed yet.
        public func cancel(
            _ id: FileBatch.ID, in store: VectorStore.ID
        ) async throws(APIError) -> FileBatch {
            try await api.cancelFileBatch(id, in: store, for: .trusted)
        }

        /// The files of a batch, of one status where one is named.
        public func files(
            of id: FileBatch.ID, in store: VectorStore.ID, status: IndexingStatus? = nil,
            _ page: PageRequest = PageRequest()
        ) -> PageSequence<VectorStoreFile> {
            PageSequence(page) { (page) throws(APIError) in
                try await api.fileBatchFiles(id, in: store, status: status, page, for: .trusted)
            }
        }

        /// Adds files and waits until none of them is being indexed.
        public func createAndPoll(
            in store: VectorStore.ID, _ files: [VectorStoreFileRequest],
            polling: Polling = Polling()
        ) async throws(APIError) -> FileBatch {
            let batch = try await create(in: store, files)
            return try await poll(batch.id, in: store, polling: polling)
        }

        /// Uploads files, several at once, adds them together with those that are there already,
        /// and waits until none of them is being indexed. Where an upload fails, no further one is
        /// begun, and nothing is added.
        public func uploadAndPoll(
            in store: VectorStore.ID, _ uploads: [FileUpload], and fileIDs: [File.ID] = [],
            parallel: Int = parallelUploads, polling: Polling = Polling()
        ) async throws(APIError) -> FileBatch {
            let uploaded = try await upload(uploads, parallel: max(1, parallel))
            let files = (fileIDs + uploaded).map { VectorStoreFileRequest(fileID: $0) }
            return try await createAndPoll(in: store, files, polling: polling)
        }

        /// Waits until no file of a batch is being indexed.
        public func poll(
            _ id: FileBatch.ID, in store: VectorStore.ID, polling: Polling = Polling()
        ) async throws(APIError) -> FileBatch {
            try await polling.poll(api.connection, api.path(batch: id, in: store)) {
                (json) throws(APIError) -> FileBatch? in
                let batch = try FileBatch(json: json)
                return batch.fileCounts.inProgress > 0 || batch.status == .inProgress ? nil : batch
            }
        }

        /// The ids of files, in the order of the uploads.
        private func upload(
            _ uploads: [FileUpload], parallel: Int
        ) async throws(APIError) -> [File.ID] {
            let results = await withTaskGroup(of: (Int, Swift.Result<File, APIError>).self) {
                group in
                var results: [Int: Swift.Result<File, APIError>] = [:]
                var next = 0
                func begin() {
                    guard next < uploads.count else { return }
                    let (place, upload, api) = (next, uploads[next], api)
                    next += 1
                    group.addTask {
                        do throws(APIError) {
                            return (
                                place, .success(try await api.createFile(upload, for: .trusted))
                            )
                        } catch {
                            return (place, .failure(error))
                        }
                    }
                }
                for _ in 0..<min(parallel, uploads.count) { begin() }
                while let (place, result) = await group.next() {
                    results[place] = result
                    if case .failure = result {
                        group.cancelAll()
                        next = uploads.count
                    }
                    begin()
                }
                return results
            }
            // What failed first is the reason; what was cancelled for it is not.
            for case .failure(let error) in results.values where !error.isCancellation {
                throw error
            }
            var ids: [File.ID] = []
            for place in uploads.indices {
                guard let result = results[place] else { throw .cancelled }
                ids.append(try result.get().id)
            }
            return ids
        }
    }
}
