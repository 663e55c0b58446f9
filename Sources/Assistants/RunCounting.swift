/// Knows how many runs go on, whoever's they are: for a server's metrics, not for its clients.
public protocol RunCounting: Sendable {
    /// How many runs are in each state, of those that have not ended.
    func activeRunCounts() async throws(APIError) -> [RunStatus: Int]
}
