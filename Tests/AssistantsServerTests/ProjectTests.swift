import Assistants
import HTTPTypes
import TestSupport
import Testing
import Wire

@testable import AssistantsServer

@Suite("A project's objects", .timeLimit(.minutes(5)))
struct ProjectTests {
    /// What a request to an endpoint must hold to be understood.
    private static func body(for path: String, _ ids: [String: String]) -> String? {
        let assistant = "\"assistant_id\":\"\(ids["assistant_id"] ?? "")\""
        let file = ids["file_id"] ?? ""
        return switch path.split(separator: "/").last {
        case "messages": "{\"role\":\"user\",\"content\":\"x\"}"
        case "runs": "{\(assistant)}"
        case "submit_tool_outputs": "{\"tool_outputs\":[]}"
        case "search": "{\"query\":\"x\"}"
        case "files": "{\"file_id\":\"\(file)\"}"
        case "file_batches": "{\"file_ids\":[\"\(file)\"]}"
        case "{file_id}": "{\"attributes\":{}}"
        case "cancel": nil
        default: "{\"metadata\":{}}"
        }
    }

    @Test("are not there for another project, whatever it asks")
    func isolation() async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        let ids = try await onThread { try Self.make(port: port) }
        let endpoints = APIServer.endpoints.filter { endpoint in
            endpoint.path.contains("{") && !endpoint.path.contains("{model}")
                && !endpoint.path.contains("{part")
        }
        #expect(endpoints.count > 30)
        for endpoint in endpoints {
            var path = endpoint.path
            for (name, id) in ids { path.replace("{\(name)}", with: id) }
            #expect(!path.contains("{"), "\(endpoint.path)")
            let line = "\(endpoint.method.rawValue) \(path)"
            let body = endpoint.method == .post ? Self.body(for: endpoint.path, ids) : nil
            let answer = try await onThread {
                try RawClient.ask(port: port, line, key: "team-b", body: body)
            }
            #expect(answer.status == 404, "\(line): \(answer.status)")
            #expect(answer.json?["error"]?["message"] != nil, "\(line)")
        }
        for list in ["assistants", "threads", "files", "vector_stores"] {
            let answer = try await onThread {
                try RawClient.ask(port: port, "GET /v1/\(list)", key: "team-b")
            }
            let shown = answer.json?["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
            #expect(Set(shown).isDisjoint(with: ids.values), "\(list)")
        }
        await served.close()
    }

    /// One object of each kind, all of project `team-a`; their ids by the names in paths.
    private static func make(port: Int) throws -> [String: String] {
        func ask(_ line: String, _ body: String? = nil) throws -> JSONValue {
            try RawClient.ask(port: port, line, key: "team-a", body: body).json ?? .null
        }
        func id(_ json: JSONValue) -> String { json["id"]?.stringValue ?? "" }
        var ids = ["key_id": "key_x"]
        ids["assistant_id"] = id(try ask("POST /v1/assistants", "{\"model\":\"scripted\"}"))
        let run = try ask(
            "POST /v1/threads/runs",
            "{\"assistant_id\":\"\(ids["assistant_id"] ?? "")\","
                + "\"thread\":{\"messages\":[{\"role\":\"user\",\"content\":\"Q\"}]}}")
        ids["run_id"] = id(run)
        let thread = run["thread_id"]?.stringValue ?? ""
        ids["thread_id"] = thread
        let path = "/v1/threads/\(thread)"
        while try ask("GET \(path)/runs/\(id(run))")["status"] != "completed" {}
        let steps = try ask("GET \(path)/runs/\(id(run))/steps")
        ids["step_id"] = id(steps["data"]?[0] ?? .null)
        ids["message_id"] = id(try ask("GET \(path)/messages")["data"]?[0] ?? .null)
        let file = try UploadTests.upload(
            Array("text".utf8), name: "a.txt", port: port, key: "team-a")
        ids["file_id"] = id(file.json ?? .null)
        ids["vector_store_id"] = id(try ask("POST /v1/vector_stores", "{}"))
        ids["batch_id"] = id(
            try ask(
                "POST /v1/vector_stores/\(ids["vector_store_id"] ?? "")/file_batches",
                "{\"file_ids\":[\"\(ids["file_id"] ?? "")\"]}"))
        return ids
    }
}
