import FoundationEssentials
import TestSupport
import Testing
import Wire

/// What programs and a server said to each other, for the API's OpenAPI file to judge.
struct RecordedExchanges {
    let server: ServedProgram
    private var file: String { server.home.path + "/exchanges.ndjson" }

    /// Runs a Python program of `Tests/Peers`, and records what it says and hears.
    func python(
        _ name: String, _ arguments: String..., sdk: SDKVersion? = nil
    ) async throws -> Program.Result {
        try await Peers.python(
            "recorded.py", [file, name] + arguments, sdk: sdk,
            environment: server.home.environment.merging(server.variables) { $1 })
    }

    /// Notes an answer that no server gave.
    func add(_ method: String, _ path: String, type: String, body: String) throws {
        let exchange: JSONValue = [
            "method": .string(method), "path": .string(path), "status": 200,
            "type": .string(type),
            "body": .string(Data(body.utf8).base64EncodedString()),
        ]
        let old = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        try server.home.write(old + exchange.text + "\n", to: file)
    }

    /// Holds every answer and every streamed event against the file.
    func report() async throws -> JSONValue {
        let specification = try #require(Fixture.root) + "/contract/assistants-v2.openapi.yaml"
        let result = try await Peers.python(
            "openapi_exchanges.py", [specification, file], environment: server.home.environment)
        try #require(result.status == 0, "\(result)")
        return try JSONValue(parsing: result.output)
    }
}
