package import Assistants

/// Finds passages in files, for the `file_search` tool.
package protocol FileSearch: Sendable {
    /// The passages that match best, best first, over all queries; at most `limit`.
    func search(_ queries: [String], limit: Int) async throws(APIError) -> [FileSearchResult]
}
