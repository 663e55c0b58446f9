import Assistants
import Transport
import Wire

/// How somebody waits for what takes a while, by asking again and again.
public struct Polling: Hashable, Sendable {
    /// Between two questions; nil for what the server advises, else a second.
    public var interval: Duration?
    /// How long is waited at most; nil for as long as it takes. Then an `APIError` is thrown whose
    /// `isTimeout` is true; what was waited for goes on.
    public var deadline: Duration?

    /// A way to wait.
    public init(interval: Duration? = nil, deadline: Duration? = nil) {
        self.interval = interval
        self.deadline = deadline
    }

    /// Asks until `read` gives something.
    ///
    /// - Throws: `APIError`, also where the task is cancelled: see `isCancellation`.
    func poll<Value>(
        _ connection: RemoteConnection, _ path: String,
        _ read: (JSONValue) throws(APIError) -> Value?
    ) async throws(APIError) -> Value {
        let end = deadline.map { connection.clock.now() + $0 }
        var request = connection.request("GET", path)
        request.headers.append(("X-Stainless-Poll-Helper", "true"))
        while true {
            let (json, head) = try await connection.answer(to: request)
            if let value = try read(json) { return value }
            let hint = head?.header("openai-poll-after-ms").flatMap { Int($0) }
            var wait =
                interval ?? hint.map { .milliseconds(max(0, min($0, 60_000))) } ?? .seconds(1)
            if let end {
                let left = end - connection.clock.now()
                if left <= .zero {
                    throw .timedOut("Waiting took longer than it may. What was begun goes on.")
                }
                wait = min(wait, left)
            }
            try await connection.pause(wait)
        }
    }

    func run(
        _ run: Run, _ api: ForeignService
    ) async throws(APIError) -> Run {
        if run.isAtRest { return run }
        return try await self.run(run.id, on: run.threadID, api)
    }

    func run(
        _ id: Run.ID, on thread: Thread.ID, _ api: ForeignService
    ) async throws(APIError) -> Run {
        try await poll(api.connection, api.path(id, on: thread)) {
            (json) throws(APIError) -> Run? in
            let run = try Run(json: json)
            return run.isAtRest ? run : nil
        }
    }
}

extension Run {
    /// Whether the run waits for somebody else, or for nothing any more.
    fileprivate var isAtRest: Bool { status.isTerminal || status == .requiresAction }
}
