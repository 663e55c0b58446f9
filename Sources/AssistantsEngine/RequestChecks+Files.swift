import Assistants
import Wire

extension RequestChecks {
    private static let purposes = [
        "fine-tune", "assistants", "batch", "user_data", "vision", "evals",
    ]

    static func upload(_ upload: FileUpload, by caller: Caller) throws(APIError) {
        let isOutput = upload.purpose == "assistants_output" && caller == .trusted
        if !isOutput, !purposes.contains(upload.purpose) {
            let names = purposes.map { "'\($0)'" }.joined(separator: ", ")
            throw .invalid(
                "'\(upload.purpose)' is not one of [\(names)] - 'purpose'", param: "purpose")
        }
        if upload.filename.isEmpty { throw RequestFault.missing("file.filename") }
        let path = "expires_after.seconds"
        if let seconds = upload.expiresAfter {
            if seconds < 3600 { throw RequestFault.below(3600, seconds, at: path) }
            if seconds > 2_592_000 { throw RequestFault.above(2_592_000, seconds, at: path) }
        }
    }

    static func vectorStore(_ request: VectorStoreRequest) throws(APIError) {
        if request.fileIDs.count > 500 {
            throw RequestFault.tooMany(500, request.fileIDs.count, at: "file_ids")
        }
        try expiry(request.expiresAfter)
        try chunking(request.chunkingStrategy)
        try metadata(request.metadata)
    }

    static func expiry(_ expiry: VectorStoreExpiry?) throws(APIError) {
        guard let days = expiry?.days else { return }
        if days < 1 { throw RequestFault.below(1, days, at: "expires_after.days") }
        if days > 365 { throw RequestFault.above(365, days, at: "expires_after.days") }
    }

    static func member(
        _ request: VectorStoreFileRequest, at path: String = ""
    ) throws(APIError) {
        if request.fileID.isEmpty { throw RequestFault.missing(path + "file_id") }
        try chunking(request.chunkingStrategy, at: path)
        try attributes(request.attributes, at: path + "attributes")
    }

    static func batch(_ files: [VectorStoreFileRequest]) throws(APIError) {
        if files.isEmpty { throw RequestFault.missing("file_ids") }
        if files.count > 2000 { throw RequestFault.tooMany(2000, files.count, at: "file_ids") }
        for (place, file) in files.enumerated() { try member(file, at: "files[\(place)].") }
    }

    static func attributes(
        _ attributes: JSONObject, at path: String = "attributes"
    ) throws(APIError) {
        if attributes.count > 16 {
            throw RequestFault.tooManyProperties(16, attributes.count, at: path)
        }
        for (key, value) in attributes {
            try length(key, 64, at: path)
            switch value {
            case .string(let text): try length(text, 512, at: "\(path).\(key)")
            case .integer, .double, .bool: break
            case .null, .array, .object:
                throw .invalid(
                    "Invalid type for '\(path).\(key)': expected one of a string, number, or "
                        + "boolean.", param: "\(path).\(key)", code: "invalid_type")
            }
        }
    }

    static func search(_ search: VectorStoreSearch) throws(APIError) {
        if search.queries.isEmpty { throw RequestFault.missing("query") }
        if search.limit < 1 { throw RequestFault.below(1, search.limit, at: "max_num_results") }
        if search.limit > 50 { throw RequestFault.above(50, search.limit, at: "max_num_results") }
        if !(0...1).contains(search.scoreThreshold) {
            throw RequestFault.outside(
                0...1, search.scoreThreshold, at: "ranking_options.score_threshold")
        }
    }

    private static func chunking(
        _ strategy: ChunkingStrategy, at path: String = ""
    ) throws(APIError) {
        let path = path + "chunking_strategy"
        switch strategy {
        case .unknown(let json):
            guard let type = json["type"]?.stringValue else {
                throw RequestFault.missing(path + ".type")
            }
            if type == "static" { throw RequestFault.missing(path + ".static") }
            throw RequestFault.notSupported(type, ["auto", "static"], at: path + ".type")
        case .fixed(let tokens, let overlap):
            let size = path + ".static.max_chunk_size_tokens"
            if tokens < 100 { throw RequestFault.below(100, tokens, at: size) }
            if tokens > 4096 { throw RequestFault.above(4096, tokens, at: size) }
            let shared = path + ".static.chunk_overlap_tokens"
            if overlap < 0 { throw RequestFault.below(0, overlap, at: shared) }
            if overlap > tokens / 2 { throw RequestFault.above(tokens / 2, overlap, at: shared) }
        }
    }
}
