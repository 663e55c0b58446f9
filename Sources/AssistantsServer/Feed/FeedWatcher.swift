import Assistants

/// Reads all that happens in the service, for the feed and for the metrics.
struct FeedWatcher: Sendable {
    let feed: EventFeed
    let metrics: ServerMetrics

    /// Reads to the end of the events.
    func watch(_ events: ServiceEventStream) async throws {
        defer { feed.finish() }
        for try await batch in events {
            feed.add(batch)
            for event in batch {
                if case .run(.run(_, let run)) = event.kind, !run.status.isActive {
                    metrics.noteEnd(of: run)
                }
            }
        }
    }
}
