package import Assistants
package import AssistantsClient
package import Events
import Synchronization

/// A server somewhere, for the console: its service, and what happens there.
///
/// Our own server tells everything that happens. Any other tells only of the runs that are started
/// here. A class, because the task that listens shares it.
package final class ServerSession: Sendable {
    /// What answers.
    package let service: any AssistantsService
    /// What happens there, as far as the server tells.
    package let events: EventBus<ServiceEvent>
    /// Whether the server tells what others do.
    package let isOurs: Bool

    private let runs = ActiveRuns()
    private let listening = Mutex<Task<Void, Never>?>(nil)

    /// How long to wait before the server is asked again.
    private static let pause = Duration.milliseconds(500)

    private init(_ service: any AssistantsService, _ events: EventBus<ServiceEvent>, isOurs: Bool) {
        (self.service, self.events, self.isOurs) = (service, events, isOurs)
    }

    /// Asks the server who it is, and begins to listen.
    ///
    /// - Parameter known: The threads that were seen there before, the newest first; a server that
    ///   lists none is asked for these.
    /// - Throws: `APIError` where the server does not answer, or not to this key.
    package static func open(
        _ connection: RemoteConnection, known: [Thread.ID]
    ) async throws(APIError) -> ServerSession {
        let events = EventBus<ServiceEvent>()
        guard await connection.isSwitchboard() else {
            let service = ForeignThreads(connection, events, known: known)
            _ = try await service.assistants(PageRequest(limit: 1), for: .trusted)
            return ServerSession(service, events, isOurs: false)
        }
        let service = RemoteService(connection)
        let guest = try await Guest(service, after: nil)
        let session = ServerSession(service, events, isOurs: true)
        let task = Task { await session.listen(to: service, from: guest) }
        session.listening.withLock { $0 = task }
        return session
    }

    /// Ends it.
    package func close() async {
        let task = listening.withLock { $0 }
        task?.cancel()
        await task?.value
        events.close()
    }

    /// Listens until the end, again and again where the connection breaks.
    private func listen(to service: RemoteService, from first: Guest) async {
        var guest: Guest? = first
        var cursor: String?
        while !Task.isCancelled {
            if let guest {
                if guest.hasGap {
                    await Retelling(runs: runs, publish: publish).catchUp(with: service)
                }
                cursor = await guest.read(publish) ?? cursor
            }
            // Woken early only by the end of the task.
            try? await Task.sleep(for: Self.pause)
            guest = try? await Guest(service, after: cursor)
        }
    }

    private func publish(_ event: ServiceEvent) {
        runs.note(event)
        events.publish(event)
    }
}
