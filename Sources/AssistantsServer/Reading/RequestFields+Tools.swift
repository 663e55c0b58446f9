import Assistants
import Wire

extension RequestFields {
    /// What the hosted service filled in where a file search names no ranking.
    static let searchDefaults: JSONObject = [
        "ranking_options": [
            "ranker": "default_2024_08_21", "score_threshold": .double(0), "hybrid_search": .null,
        ]
    ]

    /// The tools of an assistant or a run.
    mutating func tools() throws(APIError) -> [Tool]? {
        try each("tools") { (fields) throws(APIError) in try fields.tool() }
    }

    private mutating func tool() throws(APIError) -> Tool {
        let type = try requiredString("type")
        switch type {
        case "code_interpreter": return .codeInterpreter
        case "file_search": return .fileSearch(options: try searchOptions())
        case "function":
            guard var function = try fields("function") else {
                throw RequestFault.missing(path("function"))
            }
            let tool = try function.function()
            try function.finish()
            return .function(tool)
        default:
            throw RequestFault.notSupported(
                type, ["code_interpreter", "file_search", "function"], at: path("type"))
        }
    }

    private mutating func searchOptions() throws(APIError) -> JSONObject {
        guard var options = try fields("file_search") else { return Self.searchDefaults }
        var read: JSONObject = [:]
        if let most = try options.integer("max_num_results") {
            read["max_num_results"] = .integer(most)
        }
        guard var ranking = try options.fields("ranking_options") else {
            try options.finish()
            for member in Self.searchDefaults { read[member.key] = member.value }
            return read
        }
        var order: JSONObject = [:]
        order["ranker"] = .string(try ranking.string("ranker") ?? "default_2024_08_21")
        guard let threshold = try ranking.double("score_threshold") else {
            throw RequestFault.missing(ranking.path("score_threshold"))
        }
        order["score_threshold"] = .double(threshold)
        order["hybrid_search"] = ranking.value("hybrid_search") ?? .null
        try ranking.finish()
        try options.finish()
        read["ranking_options"] = .object(order)
        return read
    }

    private mutating func function() throws(APIError) -> FunctionTool {
        FunctionTool(
            name: try requiredString("name"), description: try string("description"),
            parameters: try object("parameters").map { .object($0) } ?? FunctionTool.noParameters,
            isStrict: try bool("strict") ?? false)
    }

    /// Files and stores for tools; their ids must be texts.
    mutating func toolResources() throws(APIError) -> JSONObject? {
        guard let resources = try object("tool_resources") else { return nil }
        var fields = try RequestFields(.object(resources), at: path("tool_resources"))
        if var code = try fields.fields("code_interpreter") {
            _ = try code.strings("file_ids")
            try code.finish()
        }
        if var search = try fields.fields("file_search") {
            let stores = try search.strings("vector_store_ids")
            let made = try search.each("vector_stores") { (store) throws(APIError) in
                _ = store.value("chunking_strategy")
                _ = try store.metadata()
                _ = store.value("expires_after")
                return try store.strings("file_ids") ?? []
            }
            try search.finish()
            if stores?.isEmpty == false, made?.isEmpty == false {
                throw RequestFault.exclusive(
                    search.path("vector_store_ids"), search.path("vector_stores"))
            }
            if let made, made.count > 1 {
                throw RequestFault.tooMany(1, made.count, at: search.path("vector_stores"))
            }
        }
        try fields.finish()
        return resources
    }

    /// `"auto"` or an object; nil where nothing is said.
    mutating func responseFormat() throws(APIError) -> JSONValue? {
        guard let format = value("response_format") else { return nil }
        if format.stringValue == nil, format.objectValue == nil {
            throw RequestFault.wrongType(
                at: path("response_format"), expected: "one of a string or an object", got: format)
        }
        return format
    }
}
