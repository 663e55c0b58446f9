import Assistants
import HTTPTypes
import Wire

/// `/v1/threads` and what belongs to a thread but its runs.
enum ThreadEndpoints {
    static let all: [Endpoint] =
        [
            Endpoint(.get, "/v1/threads") { (exchange) throws(APIError) in
                try await list(exchange)
            },
            Endpoint(.post, "/v1/threads") { (exchange) throws(APIError) in
                let request = try exchange.read { (fields) throws(APIError) in try fields.thread() }
                return Answer(
                    try await exchange.service.createThread(request, for: exchange.caller).json)
            },
            Endpoint(.get, "/v1/threads/{thread_id}") { (exchange) throws(APIError) in
                Answer(
                    try await exchange.service.thread(exchange.ids[0], for: exchange.caller).json)
            },
            Endpoint(.post, "/v1/threads/{thread_id}") { (exchange) throws(APIError) in
                let changes = try exchange.read { (fields) throws(APIError) in
                    try fields.threadChanges()
                }
                let changed = try await exchange.service.modifyThread(
                    exchange.ids[0], changes, for: exchange.caller)
                return Answer(changed.json)
            },
            Endpoint(.delete, "/v1/threads/{thread_id}") { (exchange) throws(APIError) in
                try await exchange.service.deleteThread(exchange.ids[0], for: exchange.caller)
                return .deleted(exchange.ids[0], "thread.deleted")
            },
        ] + messages

    private static let messages: [Endpoint] = [
        Endpoint(.get, "/v1/threads/{thread_id}/messages") { (exchange) throws(APIError) in
            let page = try await exchange.service.messages(
                in: exchange.ids[0], run: exchange.query["run_id"], exchange.query.page(),
                for: exchange.caller)
            return Answer(page, \.json)
        },
        Endpoint(.post, "/v1/threads/{thread_id}/messages") { (exchange) throws(APIError) in
            let request = try exchange.read { (fields) throws(APIError) in try fields.message() }
            let made = try await exchange.service.createMessage(
                request, in: exchange.ids[0], for: exchange.caller)
            return Answer(made.json)
        },
        Endpoint(.get, "/v1/threads/{thread_id}/messages/{message_id}") {
            (exchange) throws(APIError) in
            let message = try await exchange.service.message(
                exchange.ids[1], in: exchange.ids[0], for: exchange.caller)
            return Answer(message.json)
        },
        Endpoint(.post, "/v1/threads/{thread_id}/messages/{message_id}") {
            (exchange) throws(APIError) in
            let message: Message
            if let metadata = try exchange.newMetadata() {
                message = try await exchange.service.modifyMessage(
                    exchange.ids[1], in: exchange.ids[0], metadata: metadata,
                    for: exchange.caller)
            } else {
                message = try await exchange.service.message(
                    exchange.ids[1], in: exchange.ids[0], for: exchange.caller)
            }
            return Answer(message.json)
        },
        Endpoint(.delete, "/v1/threads/{thread_id}/messages/{message_id}") {
            (exchange) throws(APIError) in
            try await exchange.service.deleteMessage(
                exchange.ids[1], in: exchange.ids[0], for: exchange.caller)
            return .deleted(exchange.ids[1], "thread.message.deleted")
        },
    ]

    /// The threads there are, by their last activity; the hosted service never told them.
    private static func list(_ exchange: Exchange) async throws(APIError) -> Answer {
        guard let service = exchange.service as? any ThreadListing else {
            throw APIError(status: 404, message: "This server cannot list threads.")
        }
        let (page, metadata) = (try exchange.query.page(), exchange.query.members(of: "metadata"))
        if metadata.isEmpty {
            return Answer(try await service.threads(page, for: exchange.caller), \.json)
        }
        guard let service = service as? any ThreadFiltering else {
            throw .invalid("This server cannot filter threads.", param: "metadata")
        }
        return Answer(
            try await service.threads(with: metadata, page, for: exchange.caller), \.json)
    }
}

extension ThreadSummary {
    /// The thread as it is on the wire, with what else a list shows of it.
    fileprivate var json: JSONValue {
        guard var object = thread.json.objectValue else { return thread.json }
        object["last_activity_at"] = .integer(lastActivity)
        object["message_count"] = .integer(messageCount)
        object["opening"] = .string(opening)
        object["active_run_id"] = activeRun.map { .string($0) } ?? .null
        object["assistant_id"] = assistantID.map { .string($0) } ?? .null
        return .object(object)
    }
}

extension Exchange {
    /// The only parameter of requests that change nothing else; nil where it is not there.
    func newMetadata() throws(APIError) -> [String: String]? {
        try read { (fields) throws(APIError) in
            fields.contains("metadata") ? try fields.metadata() ?? [:] : nil
        }
    }
}
