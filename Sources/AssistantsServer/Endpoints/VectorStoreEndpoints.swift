import Assistants
import HTTPTypes
import Wire

/// `/v1/vector_stores`.
enum VectorStoreEndpoints {
    static let all: [Endpoint] =
        [
            Endpoint(.get, "/v1/vector_stores", needsBeta: false) { (exchange) throws(APIError) in
                let page = try await exchange.stores().vectorStores(
                    exchange.query.page(), for: exchange.caller)
                return Answer(page, \.json)
            },
            Endpoint(.post, "/v1/vector_stores", needsBeta: false) { (exchange) throws(APIError) in
                let request = try exchange.read { (fields) throws(APIError) in
                    try fields.vectorStore()
                }
                let made = try await exchange.stores().createVectorStore(
                    request, for: exchange.caller)
                return Answer(made.json)
            },
            Endpoint(.get, "/v1/vector_stores/{vector_store_id}", needsBeta: false) {
                (exchange) throws(APIError) in
                let store = try await exchange.stores().vectorStore(
                    exchange.ids[0], for: exchange.caller)
                return Answer(store.json)
            },
            Endpoint(.post, "/v1/vector_stores/{vector_store_id}", needsBeta: false) {
                (exchange) throws(APIError) in
                let changes = try exchange.read { (fields) throws(APIError) in
                    try fields.vectorStoreChanges()
                }
                let changed = try await exchange.stores().modifyVectorStore(
                    exchange.ids[0], changes, for: exchange.caller)
                return Answer(changed.json)
            },
            Endpoint(.delete, "/v1/vector_stores/{vector_store_id}", needsBeta: false) {
                (exchange) throws(APIError) in
                try await exchange.stores().deleteVectorStore(
                    exchange.ids[0], for: exchange.caller)
                return .deleted(exchange.ids[0], "vector_store.deleted")
            },
            Endpoint(.post, "/v1/vector_stores/{vector_store_id}/search", needsBeta: false) {
                (exchange) throws(APIError) in try await search(exchange)
            },
        ] + files + batches

    private static let files: [Endpoint] = [
        Endpoint(.get, "/v1/vector_stores/{vector_store_id}/files", needsBeta: false) {
            (exchange) throws(APIError) in
            let page = try await exchange.stores().vectorStoreFiles(
                in: exchange.ids[0], status: exchange.statusFilter(), exchange.query.page(),
                for: exchange.caller)
            return Answer(page, \.json)
        },
        Endpoint(.post, "/v1/vector_stores/{vector_store_id}/files", needsBeta: false) {
            (exchange) throws(APIError) in
            let request = try exchange.read { (fields) throws(APIError) in
                try fields.vectorStoreFile()
            }
            return .file(
                try await exchange.stores().createVectorStoreFile(
                    request, in: exchange.ids[0], for: exchange.caller))
        },
        Endpoint(.get, "/v1/vector_stores/{vector_store_id}/files/{file_id}", needsBeta: false) {
            (exchange) throws(APIError) in
            var file = try await exchange.stores().vectorStoreFile(
                exchange.ids[1], in: exchange.ids[0], for: exchange.caller)
            if exchange.isNodePoll { file.endForNode() }
            return .file(file)
        },
        Endpoint(.post, "/v1/vector_stores/{vector_store_id}/files/{file_id}", needsBeta: false) {
            (exchange) throws(APIError) in
            let attributes = try exchange.read { (fields) throws(APIError) in
                if !fields.contains("attributes") { throw RequestFault.missing("attributes") }
                return try fields.object("attributes") ?? [:]
            }
            return .file(
                try await exchange.stores().modifyVectorStoreFile(
                    exchange.ids[1], in: exchange.ids[0], attributes: attributes,
                    for: exchange.caller))
        },
        Endpoint(.delete, "/v1/vector_stores/{vector_store_id}/files/{file_id}", needsBeta: false) {
            (exchange) throws(APIError) in
            try await exchange.stores().deleteVectorStoreFile(
                exchange.ids[1], in: exchange.ids[0], for: exchange.caller)
            return .deleted(exchange.ids[1], "vector_store.file.deleted")
        },
        Endpoint(
            .get, "/v1/vector_stores/{vector_store_id}/files/{file_id}/content", needsBeta: false
        ) { (exchange) throws(APIError) in
            let texts = try await exchange.stores().vectorStoreFileContent(
                exchange.ids[1], in: exchange.ids[0], for: exchange.caller)
            return Answer([
                "object": "vector_store.file_content.page",
                "data": .array(texts.map { ["type": "text", "text": .string($0)] }),
                "has_more": false, "next_page": .null,
            ])
        },
    ]

    private static let batches: [Endpoint] = [
        Endpoint(.post, "/v1/vector_stores/{vector_store_id}/file_batches", needsBeta: false) {
            (exchange) throws(APIError) in
            let files = try exchange.read { (fields) throws(APIError) in try fields.fileBatch() }
            return .batch(
                try await exchange.stores().createFileBatch(
                    files, in: exchange.ids[0], for: exchange.caller))
        },
        Endpoint(
            .get, "/v1/vector_stores/{vector_store_id}/file_batches/{batch_id}", needsBeta: false
        ) { (exchange) throws(APIError) in
            .batch(
                try await exchange.stores().fileBatch(
                    exchange.ids[1], in: exchange.ids[0], for: exchange.caller))
        },
        Endpoint(
            .post, "/v1/vector_stores/{vector_store_id}/file_batches/{batch_id}/cancel",
            needsBeta: false
        ) { (exchange) throws(APIError) in
            try exchange.fields().finish()
            return .batch(
                try await exchange.stores().cancelFileBatch(
                    exchange.ids[1], in: exchange.ids[0], for: exchange.caller))
        },
        Endpoint(
            .get, "/v1/vector_stores/{vector_store_id}/file_batches/{batch_id}/files",
            needsBeta: false
        ) { (exchange) throws(APIError) in
            let page = try await exchange.stores().fileBatchFiles(
                exchange.ids[1], in: exchange.ids[0], status: exchange.statusFilter(),
                exchange.query.page(), for: exchange.caller)
            return Answer(page, \.json)
        },
    ]

    private static func search(_ exchange: Exchange) async throws(APIError) -> Answer {
        let search = try exchange.read { (fields) throws(APIError) in try fields.search() }
        let results = try await exchange.stores().searchVectorStore(
            exchange.ids[0], search, for: exchange.caller)
        return Answer([
            "object": "vector_store.search_results.page",
            "search_query": .array(search.queries.map { .string($0) }),
            "data": .array(results.map(\.json)), "has_more": false, "next_page": .null,
        ])
    }
}

extension Exchange {
    /// The service as one that searches files.
    fileprivate func stores() throws(APIError) -> any VectorStoreService {
        if let stores = service as? any VectorStoreService { return stores }
        throw APIError(status: 404, message: "This server has no vector stores.")
    }

    /// The state that listed files must have; nil where any will do.
    fileprivate func statusFilter() throws(APIError) -> IndexingStatus? {
        guard let name = query["filter"] else { return nil }
        let status = IndexingStatus(wireName: name)
        if case .unknown = status {
            throw RequestFault.notSupported(
                name, ["in_progress", "completed", "failed", "cancelled"], at: "filter")
        }
        return status
    }
}

extension Exchange {
    /// Whether a poll helper of openai-node asks.
    fileprivate var isNodePoll: Bool {
        headers[.pollHelper] == "true" && headers[.sdkLanguage] == "js"
    }
}

extension VectorStoreFile {
    /// Says `failed` in place of `cancelled`, which that helper does not take for an end: it would
    /// ask again at once, for ever (`CONTRACT.md` 8.5).
    fileprivate mutating func endForNode() {
        guard status == .cancelled else { return }
        status = .failed
        lastError = IndexingError(
            .serverError, "The batch was cancelled before the file was indexed.")
    }
}

extension Answer {
    /// A file of a store, with a hint how soon to ask again while it is being indexed.
    fileprivate static func file(_ file: VectorStoreFile) -> Answer {
        Answer(file.json, isPending: file.status == .inProgress)
    }

    /// A batch, with the same hint.
    fileprivate static func batch(_ batch: FileBatch) -> Answer {
        Answer(batch.json, isPending: batch.status == .inProgress)
    }

    private init(_ json: JSONValue, isPending: Bool) {
        self.init(json)
        if isPending { headers.append((.pollAfter, "100")) }
    }
}
