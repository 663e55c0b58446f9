import Assistants

/// Reads a run's events for whoever asks for the next batch of them.
///
/// An actor, because it keeps its place in the stream between two calls.
actor RunReader {
    private let source: RunSource
    private var seen = Transcript()
    private var failure: (any Error)?

    /// The most events of one batch.
    private static let batchLimit = 256

    init(_ source: sending RunSource) { self.source = source }

    /// How the stream goes.
    var health: StreamHealth { source.health }

    /// The next events, never none; nil at the end.
    func nextBatch() async throws -> [AssistantEvent]? {
        if let failure {
            self.failure = nil
            throw failure
        }
        while true {
            var batch: [AssistantEvent] = []
            do {
                while batch.count < Self.batchLimit, let event = try source.takeReady() {
                    seen.apply(event)
                    batch.append(event)
                }
                if !batch.isEmpty { return batch }
                if try await !source.fill(seen) { return nil }
            } catch {
                let error = error is CancellationError ? APIError.cancelled : error
                if batch.isEmpty { throw error }
                failure = error
                return batch
            }
        }
    }
}
