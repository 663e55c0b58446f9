public import Assistants

extension AssistantsClient {
    /// Files: what was uploaded, and what tools made.
    public struct Files: Sendable {
        let api: ForeignService

        /// Uploads a file from the disk.
        ///
        /// - Parameters:
        ///   - path: Where it is.
        ///   - filename: The name it gets; nil for the one it has.
        ///   - purpose: What it is for: `assistants`, `vision`, …
        ///   - expiresAfter: In seconds, 3600…2592000; nil for never.
        public func create(
            path: String, filename: String? = nil, purpose: String = "assistants",
            expiresAfter: Int? = nil
        ) async throws(APIError) -> File {
            let own = path.split(separator: "/").last.map(String.init) ?? path
            return try await api.createFile(
                FileUpload(
                    path: path, filename: filename ?? own, purpose: purpose,
                    expiresAfter: expiresAfter), for: .trusted)
        }

        /// Uploads bytes as a file.
        ///
        /// - Parameters:
        ///   - content: What is in it.
        ///   - filename: The name it gets.
        ///   - purpose: What it is for: `assistants`, `vision`, …
        ///   - expiresAfter: In seconds, 3600…2592000; nil for never.
        public func create(
            _ content: [UInt8], filename: String, purpose: String = "assistants",
            expiresAfter: Int? = nil
        ) async throws(APIError) -> File {
            try await api.createFile(
                content, filename: filename, purpose: purpose, expiresAfter: expiresAfter)
        }

        /// The file with an id.
        public func retrieve(_ id: File.ID) async throws(APIError) -> File {
            try await api.file(id, for: .trusted)
        }

        /// All files, of one purpose where one is named, from the page on that is asked for.
        public func list(
            purpose: String? = nil, _ page: PageRequest = PageRequest(limit: 1000)
        ) -> PageSequence<File> {
            PageSequence(page) { (page) throws(APIError) in
                try await api.files(page, purpose: purpose, for: .trusted)
            }
        }

        /// Deletes a file; it leaves every vector store.
        public func delete(_ id: File.ID) async throws(APIError) {
            try await api.deleteFile(id, for: .trusted)
        }

        /// What is in a file, piece by piece as it comes.
        public func content(of id: File.ID) async throws(APIError) -> FileContent {
            try await api.fileContent(id, for: .trusted)
        }

        /// Waits until a file is processed, or was found to be unusable.
        public func waitForProcessing(
            _ id: File.ID, polling: Polling = Polling()
        ) async throws(APIError) -> File {
            try await polling.poll(api.connection, "/files/\(id.percentEncoded)") {
                (json) throws(APIError) -> File? in
                let file = try File(json: json)
                return file.status == .uploaded ? nil : file
            }
        }
    }
}
