import Assistants
import Transport

/// Reads a stream for whoever asks for its next events, and goes on after a cut where it can.
///
/// An actor, because it keeps its place in the stream between two calls.
actor RunReader {
    private var events: RunStream<HTTPBody>.Iterator
    private var resumption: Resumption?
    private var isCut = false
    private var hasEnded = false

    init(_ stream: RunStream<HTTPBody>, resumption: Resumption?) {
        events = stream.makeAsyncIterator()
        self.resumption = resumption
    }

    func nextBatch() async throws -> [AssistantEvent]? {
        if hasEnded { return nil }
        let event = isCut ? try await resumedEvent() : try await streamedEvent()
        guard let event else {
            hasEnded = true
            return nil
        }
        resumption?.note(event)
        hasEnded = event.endsStream
        return [event]
    }

    private func streamedEvent() async throws -> AssistantEvent? {
        var iterator = events
        defer { events = iterator }
        var cause = APIError(
            status: 503, code: "stream_cut",
            message: "The stream broke off. The run goes on at the server: ask for it.")
        do {
            if let event = try await iterator.next(isolation: self) { return event }
            if iterator.isComplete || Task.isCancelled { return nil }
        } catch let error as TransportError {
            cause = APIError(error)
            if error.code == .cancelled { throw cause }
        }
        guard let resumption else { throw cause }
        if resumption.canResume {
            isCut = true
            return try await resumedEvent()
        }
        // Nothing came yet. Asked again, and told that it is again, the server gives the same
        // stream from its beginning.
        guard let again = try await resumption.again() else { throw cause }
        self.resumption = again.resumption
        iterator = again.stream.makeAsyncIterator()
        return try await iterator.next(isolation: self)
    }

    private func resumedEvent() async throws -> AssistantEvent? {
        guard var resumption else { return nil }
        defer { self.resumption = resumption }
        return try await resumption.next()
    }
}

/// What is needed to go on with a run's stream behind a cut: what was seen, and where the feed of
/// the server stood before the run did anything.
struct Resumption {
    private let service: RemoteService
    private let request: HTTPRequest
    private let cursor: String
    private let isSecond: Bool
    private var run: Run.ID?
    private var deltaCount = 0
    private var seen: Set<Seen> = []
    /// How many deltas of the feed are still known from the stream.
    private var known = 0
    private var feed: RemoteEvents.Iterator?
    private var attempts = 0

    /// An event that comes once in a stream.
    private struct Seen: Hashable {
        var name: String
        var object: String?
    }

    private static let attemptLimit = 3

    /// - Parameters:
    ///   - request: What the stream answers.
    ///   - isSecond: Whether that was asked a second time.
    init(_ service: RemoteService, _ request: HTTPRequest, cursor: String, isSecond: Bool) {
        self.service = service
        self.request = request
        self.cursor = cursor
        self.isSecond = isSecond
    }

    /// Asks for the same stream once more; nil where that was done before.
    func again() async throws(APIError) -> (
        stream: RunStream<HTTPBody>, resumption: Resumption
    )? {
        if isSecond { return nil }
        var request = request
        request.headers.append(("X-Stainless-Retry-Count", "1"))
        let response = try await service.connection.send(request)
        let again = Resumption(service, request, cursor: cursor, isSecond: true)
        return (RunStream(response.body), again)
    }

    /// Whether it is known which run the stream is of.
    var canResume: Bool { run != nil }

    /// Takes note of an event that was given on.
    mutating func note(_ event: AssistantEvent) {
        switch event {
        case .messageDelta, .stepDelta: deltaCount += 1
        case .run(_, let run):
            self.run = run.id
            seen.insert(Seen(name: event.name, object: run.id))
        case .step(_, let step):
            run = step.runID
            seen.insert(Seen(name: event.name, object: step.id))
        default: seen.insert(Seen(name: event.name, object: event.mergeKey))
        }
    }

    /// The next event that was not seen before the cut; nil at the end.
    mutating func next() async throws -> AssistantEvent? {
        while true {
            do {
                if feed == nil {
                    feed = try await service.events(after: cursor, run: run).makeAsyncIterator()
                    known = deltaCount
                }
                while let next = try await feed?.next() {
                    guard case .run(let event) = next.event?.kind else { continue }
                    if isNew(event) { return event }
                }
            } catch let error as APIError where error.code == "connection_failed" {
                attempts += 1
                if attempts >= Self.attemptLimit { throw error }
                feed = nil
                continue
            }
            throw APIError(
                status: 503, code: "stream_cut",
                message: "The server stopped. The run is not lost: ask for it later.")
        }
    }

    private mutating func isNew(_ event: AssistantEvent) -> Bool {
        switch event {
        case .messageDelta, .stepDelta:
            known -= 1
            return known < 0
        // Whoever watches a run may have it told again, as whole objects.
        default: return !seen.contains(Seen(name: event.name, object: event.mergeKey))
        }
    }
}
