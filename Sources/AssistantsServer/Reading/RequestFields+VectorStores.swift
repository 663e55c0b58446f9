import Assistants
import Wire

extension RequestFields {
    /// A vector store to make.
    mutating func vectorStore() throws(APIError) -> VectorStoreRequest {
        var request = VectorStoreRequest(name: try string("name"))
        request.description = try string("description")
        request.fileIDs = try strings("file_ids") ?? []
        request.expiresAfter = try expiry()
        request.chunkingStrategy = try chunkingStrategy()
        request.metadata = try metadata() ?? [:]
        return request
    }

    /// What changes about a vector store.
    mutating func vectorStoreChanges() throws(APIError) -> VectorStoreChanges {
        var changes = VectorStoreChanges()
        changes.name = try edit("name") { (fields) throws(APIError) in try fields.string("name") }
        changes.expiresAfter = try edit("expires_after") { (fields) throws(APIError) in
            try fields.expiry()
        }
        changes.metadata = try edit("metadata", default: [:]) { (fields) throws(APIError) in
            try fields.metadata()
        }
        return changes
    }

    /// A file to add to a store.
    mutating func vectorStoreFile() throws(APIError) -> VectorStoreFileRequest {
        VectorStoreFileRequest(
            fileID: try requiredString("file_id"), chunkingStrategy: try chunkingStrategy(),
            attributes: try object("attributes") ?? [:])
    }

    /// Files to add to a store: ids that share their settings, or each with its own.
    mutating func fileBatch() throws(APIError) -> [VectorStoreFileRequest] {
        let ids = try strings("file_ids")
        let strategy = try chunkingStrategy()
        let attributes = try object("attributes") ?? [:]
        let files = try each("files") { (fields) throws(APIError) in try fields.vectorStoreFile() }
        switch (ids, files) {
        case (nil, let files?): return files
        case (let ids?, nil):
            return ids.map {
                VectorStoreFileRequest(
                    fileID: $0, chunkingStrategy: strategy, attributes: attributes)
            }
        case (_?, _?): throw RequestFault.exclusive(path("file_ids"), path("files"))
        case (nil, nil): throw RequestFault.missing(path("file_ids"))
        }
    }

    /// What is looked for in a store.
    mutating func search() throws(APIError) -> VectorStoreSearch {
        guard let query = value("query") else { throw RequestFault.missing(path("query")) }
        var queries: [String] = []
        if let text = query.stringValue {
            queries = [text]
        } else {
            guard let list = query.arrayValue else {
                throw RequestFault.wrongType(
                    at: path("query"), expected: "one of a string or array of strings", got: query)
            }
            for (index, element) in list.enumerated() {
                guard let text = element.stringValue else {
                    throw RequestFault.wrongType(
                        at: "\(path("query"))[\(index)]", expected: "a string", got: element)
                }
                queries.append(text)
            }
        }
        var search = VectorStoreSearch(queries, limit: try integer("max_num_results") ?? 10)
        search.filter = try filter()
        _ = try bool("rewrite_query")
        if var ranking = try fields("ranking_options") {
            _ = try ranking.string("ranker")
            search.scoreThreshold = try ranking.double("score_threshold") ?? 0
            try ranking.finish()
        }
        return search
    }

    private mutating func filter() throws(APIError) -> AttributeFilter? {
        guard let json = value("filters") else { return nil }
        return try AttributeFilter(json: json, at: path("filters"))
    }

    private mutating func expiry() throws(APIError) -> VectorStoreExpiry? {
        guard var fields = try fields("expires_after") else { return nil }
        let anchor = try fields.requiredString("anchor")
        if anchor != "last_active_at" {
            throw RequestFault.notSupported(
                anchor, ["last_active_at"], at: fields.path("anchor"))
        }
        guard let days = try fields.integer("days") else {
            throw RequestFault.missing(fields.path("days"))
        }
        try fields.finish()
        return VectorStoreExpiry(days: days)
    }

    private mutating func chunkingStrategy() throws(APIError) -> ChunkingStrategy {
        guard let object = try object("chunking_strategy") else { return .standard }
        return ChunkingStrategy(json: .object(object))
    }
}
