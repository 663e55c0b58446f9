import Assistants
import HTTPTypes
import Wire

/// Extensions for the programs of one machine that share an engine: messages by their place, a
/// run told again, and what only the person at this machine may do.
enum HostEndpoints {
    static let all: [Endpoint] = [
        Endpoint(.get, "/v1/threads/{thread_id}/window", needsBeta: false) {
            (exchange) throws(APIError) in try await window(exchange)
        },
        Endpoint(.post, "/v1/threads/{thread_id}/retell", needsBeta: false) {
            (exchange) throws(APIError) in
            guard let service = exchange.service as? any RunWatching else { throw absent }
            try await service.retellRun(on: exchange.ids[0], for: exchange.caller)
            return Answer(["object": "thread.retold", "id": .string(exchange.ids[0])])
        },
        Endpoint(.post, "/v1/switchboard/hand_over", needsBeta: false) {
            (exchange) throws(APIError) in
            guard exchange.caller == .trusted, let host = exchange.host else { throw absent }
            try await host.handOver()
            return Answer(["object": "switchboard.handed_over"])
        },
        Endpoint(.post, "/v1/switchboard/import", needsBeta: false) {
            (exchange) throws(APIError) in try await importSaved(exchange)
        },
        Endpoint(.post, "/v1/switchboard/keys", needsBeta: false) {
            (exchange) throws(APIError) in try await createKey(exchange)
        },
        Endpoint(.post, "/v1/switchboard/keys/{key_id}/revoke", needsBeta: false) {
            (exchange) throws(APIError) in
            let key = try await keeper(exchange).revokeKey(exchange.ids[0])
            return Answer(["object": "switchboard.key", "id": .string(key.id)])
        },
    ]

    /// The messages at the places `from…<to`, and how many there are in all.
    private static func window(_ exchange: Exchange) async throws(APIError) -> Answer {
        guard let service = exchange.service as? any MessageWindows else { throw absent }
        let thread = exchange.ids[0]
        let from = max(0, try exchange.query.integer("from") ?? 0)
        let to = max(from, try exchange.query.integer("to") ?? from)
        let total = try await service.messageCount(in: thread, for: exchange.caller)
        let range = min(from, total)..<min(to, total)
        let messages =
            range.isEmpty
            ? []
            : try await service.messages(in: thread, at: range, for: exchange.caller)
        return Answer([
            "object": "list", "data": .array(messages.map(\.json)), "total": .integer(total),
        ])
    }

    /// Takes in what lies in a folder of this machine.
    private static func importSaved(_ exchange: Exchange) async throws(APIError) -> Answer {
        guard exchange.caller == .trusted, let host = exchange.host else { throw absent }
        let order = try exchange.read { (fields) throws(APIError) in
            var order = ImportOrder(path: try fields.requiredString("path"))
            order.project = try fields.requiredString("project")
            order.overwrites = try fields.bool("overwrite") ?? false
            order.isDryRun = try fields.bool("dry_run") ?? false
            return order
        }
        return Answer(try await host.takeSaved(order).json)
    }

    /// Adds a key by its hash: the key itself stays where it was made.
    private static func createKey(_ exchange: Exchange) async throws(APIError) -> Answer {
        let keeper = try keeper(exchange)
        let (hash, hint, name, project) = try exchange.read { (fields) throws(APIError) in
            (
                try fields.requiredString("hash"), try fields.requiredString("hint"),
                try fields.string("name") ?? "", try fields.requiredString("project")
            )
        }
        guard let bytes = bytes(ofHex: hash), bytes.count == 32 else {
            throw APIError.invalid("The hash of a key is 64 hexadecimal digits.", param: "hash")
        }
        let key = try await keeper.createKey(
            hash: bytes, hint: hint, name: name, project: project)
        return Answer([
            "object": "switchboard.key", "id": .string(key.id), "project": .string(key.project),
            "name": .string(key.name), "hint": .string(key.hint),
            "created_at": .integer(key.createdAt),
        ])
    }

    private static func bytes(ofHex text: String) -> [UInt8]? {
        let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
        let values = digits.compactMap(\.self)
        return stride(from: 0, to: values.count, by: 2).map {
            UInt8(values[$0] << 4 | values[$0 + 1])
        }
    }

    /// Keys are the business of the person at this machine.
    private static func keeper(_ exchange: Exchange) throws(APIError) -> any KeyKeeping {
        guard exchange.caller == .trusted, let keeper = exchange.service as? any KeyKeeping else {
            throw absent
        }
        return keeper
    }

    private static let absent = APIError(
        status: 404, message: "This server does not do that for whoever asks.")
}
