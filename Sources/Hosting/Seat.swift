import Assistants
import AssistantsClient
import AssistantsEngine

/// What this process is for the directory.
enum Seat {
    /// It runs the engine.
    case host(Engine)
    /// It has joined another that does.
    case guest(Guest)
}

/// A connection to the process that runs the engine.
struct Guest {
    let service: RemoteService
    /// What happens there, from now on or behind the event that was seen last.
    let events: RemoteEvents
    /// Whether something may have happened that nobody told us.
    let hasGap: Bool

    /// Begins to listen.
    /// - Throws: `APIError` where nobody answers.
    init(_ service: RemoteService, after cursor: String?) async throws(APIError) {
        self.service = service
        if let cursor {
            do throws(APIError) {
                events = try await service.events(after: cursor)
                hasGap = false
                return
            } catch {
                // Another process answers there now, whose events are others.
                if error.status != 410 { throw error }
            }
        }
        events = try await service.events()
        hasGap = true
    }

    /// Tells what happens until the host goes; gives back where to go on, where it told anything.
    func read(_ take: (ServiceEvent) -> Void) async -> String? {
        var cursor: String?
        do {
            for try await next in events {
                cursor = next.cursor
                if let event = next.event { take(event) }
            }
        } catch {
            // The host is gone, or the connection to it.
        }
        return cursor
    }
}
