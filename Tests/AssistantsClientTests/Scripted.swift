import Assistants
import AssistantsClient
import Synchronization
import TestSupport
import Transport
import Wire

/// Clients whose server is a script.
enum Scripted {
    /// A client of a scripted server.
    static func client(
        _ transport: any HTTPTransport, clock: ClientClock = .system,
        _ change: (inout RemoteConnection) -> Void = { _ in }
    ) -> AssistantsClient {
        var connection = RemoteConnection(
            baseURL: "http://script/v1", key: "key", transport: transport, clock: clock)
        change(&connection)
        return AssistantsClient(connection)
    }

    /// A run's stream of these bytes, in pieces of one size. The server has nothing but them.
    static func stream(
        _ bytes: [UInt8], size: Int = 997, handler: (any AssistantEventHandler)? = nil
    ) async throws -> RunStream {
        let transport = ScriptedTransport { _, number in
            number == 0
                ? ScriptedTransport.Answer(bytes: bytes, size: size)
                : ScriptedTransport.Answer(404, text: "{}")
        }
        let client = client(transport) { $0.retries = .none }
        return try await client.threads.runs.stream(
            on: "thread_1", RunRequest(assistantID: "asst_1"), handler: handler)
    }

    /// The bytes of events.
    static func bytes(_ events: [AssistantEvent]) -> [UInt8] {
        var bytes: [UInt8] = []
        for event in events {
            ServerSentEvent(name: event.name, data: event.data).write(to: &bytes)
        }
        return bytes
    }
}

/// A clock that never makes anybody wait: it shows the time that was slept, and keeps the sleeps.
final class SkippingClock: Sendable {
    private let state = Mutex((now: Duration.zero, sleeps: [Duration]()))
    /// Seconds since 1970 at its beginning.
    static let seconds = 1_700_000_000

    /// How long somebody slept, each time.
    var sleeps: [Duration] { state.withLock { $0.sleeps } }
    /// The time that has passed.
    var now: Duration { state.withLock { $0.now } }

    /// The clock as a client takes it.
    var clock: ClientClock {
        ClientClock(
            now: { self.now },
            sleep: { duration in
                try Task.checkCancellation()
                self.state.withLock {
                    $0.now += duration
                    $0.sleeps.append(duration)
                }
                await Task.yield()
            },
            seconds: { Self.seconds })
    }
}
