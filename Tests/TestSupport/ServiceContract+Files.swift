#if canImport(AssistantsEngine)
    import Assistants
    import FoundationEssentials
    import Wire

    extension ServiceContract {
        /// What a service must do that keeps files and searches them.
        package static let fileClauses: [Clause] = [
            Clause("keeps a file byte by byte until it is deleted", keepsFiles),
            Clause("lists files by their purpose", listsFiles),
            Clause("indexes the files of a vector store and counts them", indexesFiles),
            Clause("finds passages in a vector store, by words and attributes", findsPassages),
            Clause("adds files in batches", addsBatches),
            Clause("refuses what cannot be a file or a vector store", refusesFiles),
            Clause("has no file or vector store that is not there", hasNoOthers),
        ]

        /// The service, with its vector stores.
        func vectorStores() throws -> any VectorStoreService {
            guard let service = service as? any VectorStoreService else {
                throw Breach(description: "The service has no vector stores")
            }
            return service
        }

        /// A file with a text in it.
        func file(
            _ name: String, _ text: String, purpose: String = "assistants"
        ) async throws -> File {
            try await file(name, Array(text.utf8), purpose: purpose)
        }

        func file(
            _ name: String, _ bytes: [UInt8], purpose: String = "assistants"
        ) async throws -> File {
            let place = FileManager.default.temporaryDirectory.path + "/upload-\(UUID().uuidString)"
            try Data(bytes).write(to: URL(filePath: place))
            defer { try? FileManager.default.removeItem(atPath: place) }
            return try await vectorStores().createFile(
                FileUpload(path: place, filename: name, purpose: purpose, isTemporary: true),
                for: caller)
        }

        /// Waits until nothing of a store is being indexed.
        func indexed(_ id: VectorStore.ID) async throws -> VectorStore {
            let service = try vectorStores()
            while true {
                let store = try await service.vectorStore(id, for: caller)
                if store.status != .inProgress { return store }
                try Task.checkCancellation()
                await Task.yield()
            }
        }

        private static func bytes(of content: FileContent) async throws -> [UInt8] {
            var bytes: [UInt8] = []
            for try await piece in content { bytes += piece }
            return bytes
        }

        private static func keepsFiles(_ contract: ServiceContract) async throws {
            let (service, caller) = (try contract.vectorStores(), contract.caller)
            let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let made = try await contract.file("../ä b.bin", bytes, purpose: "user_data")
            try contract.expect(made.filename, is: "../ä b.bin", "The name")
            try contract.expect(made.byteCount, is: bytes.count, "The size")
            try contract.expect(made.status, is: .processed, "The status")
            try contract.expect(made.id.hasPrefix("file-"), is: true, "The beginning of its id")
            let read = try await service.file(made.id, for: caller)
            try contract.expect(read, is: made, "The file")
            let content = try await service.fileContent(made.id, for: caller)
            try contract.expect(await Self.bytes(of: content) == bytes, is: true, "Its content")
            let empty = try await contract.file("empty.txt", "")
            let nothing = try await service.fileContent(empty.id, for: caller)
            try contract.expect(await Self.bytes(of: nothing), is: [], "What is in an empty file")
            try await service.deleteFile(made.id, for: caller)
            try await contract.expectRefusal(
                404, "No such File object: \(made.id)", param: "id"
            ) { _ = try await service.file(made.id, for: caller) }
            try await contract.expectRefusal(404) {
                _ = try await service.fileContent(made.id, for: caller)
            }
        }

        private static func listsFiles(_ contract: ServiceContract) async throws {
            let (service, caller) = (try contract.vectorStores(), contract.caller)
            for name in ["1", "2", "3"] { _ = try await contract.file(name, name) }
            _ = try await contract.file("v", "v", purpose: "vision")
            let all = try await service.files(
                PageRequest(limit: 10_000), purpose: nil, for: caller)
            try contract.expect(all.data.map(\.filename), is: ["v", "3", "2", "1"], "The list")
            let some = try await service.files(
                PageRequest(limit: 2, order: .ascending), purpose: "assistants", for: caller)
            try contract.expect(some.data.map(\.filename), is: ["1", "2"], "A page")
            try contract.expect(some.hasMore, is: true, "Whether more follows")
            let rest = try await service.files(
                PageRequest(limit: 2, order: .ascending, after: some.data[1].id),
                purpose: "assistants", for: caller)
            try contract.expect(rest.data.map(\.filename), is: ["3"], "The next page")
        }

        private static func indexesFiles(_ contract: ServiceContract) async throws {
            let (service, caller) = (try contract.vectorStores(), contract.caller)
            var request = VectorStoreRequest(name: "Library")
            request.metadata = ["a": "b"]
            let empty = try await service.createVectorStore(request, for: caller)
            try contract.expect(empty.status, is: .completed, "The status of an empty store")
            try contract.expect(empty.metadata, is: ["a": "b"], "The metadata")
            let good = try await contract.file("good.md", "# Zebra\n\nA zebra has stripes.")
            let bad = try await contract.file("bad.pdf", "%PDF-1.7")
            let added = try await service.createVectorStoreFile(
                VectorStoreFileRequest(fileID: good.id, attributes: ["year": 2024]),
                in: empty.id, for: caller)
            try contract.expect(added.status, is: .inProgress, "The status of an added file")
            try contract.expect(
                added.chunkingStrategy, is: .fixed(tokens: 800, overlap: 400), "Its pieces")
            _ = try await service.createVectorStoreFile(
                VectorStoreFileRequest(fileID: bad.id), in: empty.id, for: caller)
            let full = try await contract.indexed(empty.id)
            try contract.expect(full.fileCounts.completed, is: 1, "The indexed files")
            try contract.expect(full.fileCounts.failed, is: 1, "The failed files")
            try contract.expect(full.usageBytes > 0, is: true, "Whether the index takes room")
            let read = try await service.vectorStoreFile(good.id, in: full.id, for: caller)
            try contract.expect(read.status, is: .completed, "The status of the indexed file")
            try contract.expect(read.attributes, is: ["year": 2024], "Its attributes")
            let failed = try await service.vectorStoreFiles(
                in: full.id, status: .failed, PageRequest(), for: caller)
            try contract.expect(failed.data.map(\.id), is: [bad.id], "The failed ones")
            try contract.expect(
                failed.data.first?.lastError?.code, is: .unsupportedFile, "Why it failed")
            let texts = try await service.vectorStoreFileContent(
                good.id, in: full.id, for: caller)
            try contract.expect(
                texts.joined(), is: "# Zebra\n\nA zebra has stripes.", "The text that was read")
            try await service.deleteVectorStoreFile(bad.id, in: full.id, for: caller)
            let after = try await service.vectorStore(full.id, for: caller)
            try contract.expect(after.fileCounts.total, is: 1, "The files that are left")
            _ = try await service.file(bad.id, for: caller)
            try await service.deleteFile(good.id, for: caller)
            let last = try await service.vectorStore(full.id, for: caller)
            try contract.expect(last.fileCounts.total, is: 0, "The files after a deletion")
            try await service.deleteVectorStore(full.id, for: caller)
            try await contract.expectRefusal(404) {
                _ = try await service.vectorStore(full.id, for: caller)
            }
        }

        private static func findsPassages(_ contract: ServiceContract) async throws {
            let (service, caller) = (try contract.vectorStores(), contract.caller)
            var request = VectorStoreRequest()
            request.fileIDs = [try await contract.file("z.txt", "A zebra has stripes.").id]
            let store = try await service.createVectorStore(request, for: caller)
            let tiger = try await contract.file("t.txt", "A tiger has stripes, and teeth.")
            _ = try await service.createVectorStoreFile(
                VectorStoreFileRequest(fileID: tiger.id, attributes: ["wild": true]),
                in: store.id, for: caller)
            _ = try await contract.indexed(store.id)
            func names(_ search: VectorStoreSearch) async throws -> [String] {
                let found = try await service.searchVectorStore(store.id, search, for: caller)
                for result in found where !(0...1).contains(result.score) {
                    throw Breach(description: "A score is \(result.score)")
                }
                return found.map(\.filename)
            }
            try contract.expect(
                try await names(VectorStoreSearch(["Who has a tooth or teeth?"])), is: ["t.txt"],
                "What one word finds")
            try contract.expect(
                try await names(VectorStoreSearch(["a striped zebra", "stripes"])),
                is: ["z.txt", "t.txt"], "What two queries find")
            let filter = AttributeFilter.compare(key: "wild", .equal, true)
            try contract.expect(
                try await names(VectorStoreSearch(["stripes"], filter: filter)), is: ["t.txt"],
                "What is found among some")
            try contract.expect(
                try await names(VectorStoreSearch(["stripes"], limit: 1)).count, is: 1,
                "How many are found at most")
            try contract.expect(
                try await names(VectorStoreSearch(["elephant"])), is: [], "What nothing finds")
            _ = try await service.modifyVectorStoreFile(
                tiger.id, in: store.id, attributes: ["wild": false], for: caller)
            try contract.expect(
                try await names(VectorStoreSearch(["stripes"], filter: filter)), is: [],
                "What is found after the attributes changed")
        }

        private static func addsBatches(_ contract: ServiceContract) async throws {
            let (service, caller) = (try contract.vectorStores(), contract.caller)
            let store = try await service.createVectorStore(VectorStoreRequest(), for: caller)
            var files: [VectorStoreFileRequest] = []
            for place in 0..<5 {
                let file = try await contract.file("\(place).txt", "Number \(place)")
                files.append(VectorStoreFileRequest(fileID: file.id))
            }
            let batch = try await service.createFileBatch(files, in: store.id, for: caller)
            try contract.expect(batch.fileCounts.total, is: 5, "The files of a batch")
            _ = try await contract.indexed(store.id)
            let done = try await service.fileBatch(batch.id, in: store.id, for: caller)
            try contract.expect(done.status, is: .completed, "The status of a batch")
            try contract.expect(done.fileCounts.completed, is: 5, "Its indexed files")
            let page = try await service.fileBatchFiles(
                batch.id, in: store.id, status: .completed,
                PageRequest(limit: 3, order: .ascending), for: caller)
            try contract.expect(
                page.data.map(\.id), is: files.prefix(3).map(\.fileID), "A page of its files")
            try contract.expect(page.hasMore, is: true, "Whether more follows")
            try await contract.expectRefusal(400) {
                _ = try await service.cancelFileBatch(batch.id, in: store.id, for: caller)
            }
        }

        private static func refusesFiles(_ contract: ServiceContract) async throws {
            let (service, caller) = (try contract.vectorStores(), contract.caller)
            try await contract.expectRefusal(
                400,
                "'world_domination' is not one of ['fine-tune', 'assistants', 'batch', "
                    + "'user_data', 'vision', 'evals'] - 'purpose'", param: "purpose"
            ) { _ = try await contract.file("a", "a", purpose: "world_domination") }
            var request = VectorStoreRequest()
            request.expiresAfter = VectorStoreExpiry(days: 366)
            let tooLong = request
            try await contract.expectRefusal(
                400, param: "expires_after.days", code: "integer_above_max_value"
            ) { _ = try await service.createVectorStore(tooLong, for: caller) }
            let store = try await service.createVectorStore(VectorStoreRequest(), for: caller)
            let file = try await contract.file("a", "a")
            let bad: [(VectorStoreFileRequest, String)] = [
                (
                    .init(fileID: file.id, chunkingStrategy: .fixed(tokens: 99, overlap: 0)),
                    "chunking_strategy.static.max_chunk_size_tokens"
                ),
                (
                    .init(fileID: file.id, chunkingStrategy: .fixed(tokens: 100, overlap: 51)),
                    "chunking_strategy.static.chunk_overlap_tokens"
                ),
                (.init(fileID: file.id, attributes: ["a": ["b"]]), "attributes.a"),
            ]
            for (request, param) in bad {
                try await contract.expectRefusal(400, param: param) {
                    _ = try await service.createVectorStoreFile(request, in: store.id, for: caller)
                }
            }
            for search in [VectorStoreSearch(["a"], limit: 51), VectorStoreSearch(["a"], limit: 0)]
            {
                try await contract.expectRefusal(400, param: "max_num_results") {
                    _ = try await service.searchVectorStore(store.id, search, for: caller)
                }
            }
        }

        private static func hasNoOthers(_ contract: ServiceContract) async throws {
            let (service, caller) = (try contract.vectorStores(), contract.caller)
            let store = try await service.createVectorStore(VectorStoreRequest(), for: caller)
            try await contract.expectRefusal(404, "No such File object: file-x") {
                try await service.deleteFile("file-x", for: caller)
            }
            try await contract.expectRefusal(404, "No such File object: file-x") {
                _ = try await service.createVectorStoreFile(
                    VectorStoreFileRequest(fileID: "file-x"), in: store.id, for: caller)
            }
            try await contract.expectRefusal(404, "No vector store found with id 'vs_x'.") {
                _ = try await service.vectorStore("vs_x", for: caller)
            }
            try await contract.expectRefusal(404) {
                _ = try await service.vectorStoreFile("file-x", in: store.id, for: caller)
            }
            try await contract.expectRefusal(404) {
                _ = try await service.fileBatch("vsfb_x", in: store.id, for: caller)
            }
        }
    }
#endif
