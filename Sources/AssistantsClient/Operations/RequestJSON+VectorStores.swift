import Assistants
import Wire

extension VectorStoreRequest {
    var json: JSONValue {
        var object: JSONObject = [:]
        if let name { object["name"] = .string(name) }
        if let description { object["description"] = .string(description) }
        if !fileIDs.isEmpty { object["file_ids"] = .array(fileIDs.map { .string($0) }) }
        if let expiresAfter { object["expires_after"] = expiresAfter.json }
        if chunkingStrategy != .standard { object["chunking_strategy"] = chunkingStrategy.json }
        if !metadata.isEmpty { object["metadata"] = metadata.wireJSON }
        return .object(object)
    }
}

extension VectorStoreChanges {
    var json: JSONValue {
        var object: JSONObject = [:]
        object.set("name", name) { $0.map { .string($0) } ?? .null }
        object.set("expires_after", expiresAfter) { $0?.json ?? .null }
        object.set("metadata", metadata, \.wireJSON)
        return .object(object)
    }
}

extension VectorStoreFileRequest {
    var json: JSONValue {
        var object: JSONObject = ["file_id": .string(fileID)]
        for member in settings { object[member.key] = member.value }
        return .object(object)
    }

    /// What is said of the file besides which it is.
    fileprivate var settings: JSONObject {
        var object: JSONObject = [:]
        if !attributes.isEmpty { object["attributes"] = .object(attributes) }
        if chunkingStrategy != .standard { object["chunking_strategy"] = chunkingStrategy.json }
        return object
    }
}

extension [VectorStoreFileRequest] {
    /// A batch: ids where all files are to be treated alike, which older servers know as well.
    var json: JSONValue {
        let settings = first?.settings ?? [:]
        guard allSatisfy({ $0.settings == settings }) else { return ["files": .array(map(\.json))] }
        var object: JSONObject = ["file_ids": .array(map { .string($0.fileID) })]
        for member in settings { object[member.key] = member.value }
        return .object(object)
    }
}

extension VectorStoreSearch {
    var json: JSONValue {
        let query: JSONValue =
            queries.count == 1 ? .string(queries[0]) : .array(queries.map { .string($0) })
        var object: JSONObject = ["query": query, "max_num_results": .integer(limit)]
        if let filter { object["filters"] = filter.json }
        if scoreThreshold > 0 {
            object["ranking_options"] = ["score_threshold": .double(scoreThreshold)]
        }
        if rewritesQuery { object["rewrite_query"] = true }
        return .object(object)
    }
}
