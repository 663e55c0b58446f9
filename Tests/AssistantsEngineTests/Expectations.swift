import Assistants
import GRDB
import Testing

/// Expects that something is refused with a status and, where given, these exact words.
func expectError(
    _ status: Int, _ message: String? = nil, code: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async {
    do {
        try await body()
        Issue.record("Nothing was refused", sourceLocation: sourceLocation)
    } catch let error as APIError {
        #expect(error.status == status, sourceLocation: sourceLocation)
        if let message { #expect(error.message == message, sourceLocation: sourceLocation) }
        if let code { #expect(error.code == code, sourceLocation: sourceLocation) }
    } catch {
        Issue.record(error, sourceLocation: sourceLocation)
    }
}

extension Database {
    /// How SQLite would carry a statement out.
    func plan(of sql: String) throws -> String {
        try Row.fetchAll(self, sql: "EXPLAIN QUERY PLAN " + sql)
            .map { $0["detail"] as String }.joined(separator: "; ")
    }
}

/// Waits for something that must come; a test that waits in vain ends with its time limit.
func until(_ condition: () async throws -> Bool) async throws {
    while try await !condition() {
        try Task.checkCancellation()
        await Task.yield()
    }
}
