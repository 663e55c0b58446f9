package import Assistants
import Wire

// What only our own server has, for programs that show a thread as it grows.
extension RemoteService: MessageWindows {
    package func messageCount(
        in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Int {
        try await window(thread, 0..<0)["total"]?.integerValue ?? 0
    }

    package func messages(
        in thread: Thread.ID, at range: Range<Int>, for caller: Caller
    ) async throws(APIError) -> [Message] {
        var messages: [Message] = []
        for json in try await window(thread, range)["data"]?.arrayValue ?? [] {
            messages.append(try Message(json: json))
        }
        return messages
    }

    private func window(
        _ thread: Thread.ID, _ range: Range<Int>
    ) async throws(APIError) -> JSONValue {
        try await get(
            path(thread) + "/window",
            [("from", "\(range.lowerBound)"), ("to", "\(range.upperBound)")])
    }
}

extension RemoteService: RunWatching {
    package func retellRun(on thread: Thread.ID, for caller: Caller) async throws(APIError) {
        _ = try await post(path(thread) + "/retell")
    }
}

// What the process that runs the engine does for others of the same person.
extension RemoteService: EngineHosting {
    package func handOver() async throws(APIError) {
        _ = try await post("/switchboard/hand_over")
    }

    /// Has the host take in what lies in a folder of this machine, however long it takes.
    package func takeSaved(_ order: ImportOrder) async throws(APIError) -> ImportReport {
        ImportReport(
            json: try await connection.post(
                "/switchboard/import", order.json, waitsForEver: true))
    }

    /// Adds a key, by its SHA-256.
    package func createKey(
        hash: [UInt8], hint: String, name: String, project: Project.ID
    ) async throws(APIError) -> AccessKey {
        let digits = hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let json = try await post(
            "/switchboard/keys",
            [
                "hash": .string(digits), "hint": .string(hint), "name": .string(name),
                "project": .string(project),
            ])
        return AccessKey(
            id: json["id"]?.stringValue ?? "", project: project, name: name, hint: hint,
            createdAt: json["created_at"]?.integerValue ?? 0)
    }

    /// Takes a key back for good.
    package func revokeKey(_ id: AccessKey.ID) async throws(APIError) {
        _ = try await post("/switchboard/keys/\(id.percentEncoded)/revoke")
    }
}
