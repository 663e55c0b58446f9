import Assistants

/// Reads all that happens in the service, for the feed and for the metrics.
struct FeedWatcher: Sendable {
    let feed: EventFeed
    let metrics: ServerMetrics

    /// Reads to the end of the events.
    func watch(_ events: ServiceEventStream) async throws {
        var runs: [Run.ID: RunStatus] = [:]
        defer { feed.finish() }
        for try await batch in events {
            feed.add(batch)
            for event in batch {
                guard case .run(.run(let phase, let run)) = event.kind else { continue }
                // Told a second time to someone who came late.
                if phase == .created, runs[run.id] != nil { continue }
                if runs[run.id] == run.status { continue }
                metrics.note(run, from: runs[run.id])
                runs[run.id] = run.status.isActive ? run.status : nil
            }
        }
    }
}
