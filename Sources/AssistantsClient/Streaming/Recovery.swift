import Assistants
import Transport

/// What is needed to go on with a run's stream behind a cut: who to ask, which run it is, and what
/// of it was seen.
struct Recovery {
    /// With it, our server says where its feed stood before the run did anything.
    static let cursorField = "x-switchboard-cursor"

    private let service: any RemoteAPI
    private var request: HTTPRequest
    private let find: (@Sendable () async throws(APIError) -> Run?)?
    var threadID: Thread.ID?
    var runID: Run.ID?
    var cursor: String?
    private var timesSentAgain = 0
    private let answered: Set<String>

    // What was seen, to know what of the feed is new.
    private var deltaCount = 0
    private var seen: Set<Seen> = []
    private var known = 0
    private var feed: RemoteEvents.Iterator?
    /// How often in a row the feed was opened and told nothing.
    private var feedsInVain = 0
    /// Whether what the feed tells is still of before the outputs were given.
    private var isBehind = false

    /// An event that comes once in a stream.
    private struct Seen: Hashable {
        var name: String
        var object: String?
    }

    /// - Parameters:
    ///   - request: What the stream answers.
    ///   - answered: The calls that it gives outputs for.
    ///   - find: Looks for the run where not even its id came.
    init(
        _ service: any RemoteAPI, _ request: HTTPRequest, thread: Thread.ID? = nil,
        run: Run.ID? = nil, answered: Set<String> = [],
        find: (@Sendable () async throws(APIError) -> Run?)? = nil
    ) {
        self.service = service
        self.answered = answered
        self.request = request
        self.find = find
        threadID = thread
        runID = run
    }

    /// Whether the feed is being read.
    var isFollowing: Bool { feed != nil }

    mutating func close() { feed = nil }

    /// Takes note of an event that was given on.
    mutating func note(_ event: AssistantEvent) {
        switch event {
        case .messageDelta, .stepDelta:
            deltaCount += 1
            return
        case .run(_, let run): (runID, threadID) = (run.id, run.threadID)
        case .step(_, let step): (runID, threadID) = (step.runID, step.threadID)
        case .message(_, let message): threadID = message.threadID
        default: break
        }
        if cursor != nil { seen.insert(Seen(name: event.name, object: event.mergeKey)) }
    }

    // MARK: - Our server

    /// Whether the server knows a repeated request by its key, so that asking again does nothing
    /// twice: one that has been started anew since does not, and refuses it by the cursor that it
    /// names.
    var mayAskAgain: Bool { service.connection.knowsKeys }

    /// Asks for the same stream once more; nil where that was done as often as it may be, or where
    /// the server no longer knows what became of it.
    mutating func again() async throws(APIError) -> HTTPResponse? {
        if timesSentAgain >= service.connection.retries.limit { return nil }
        timesSentAgain += 1
        if let cursor {
            request.headers.removeAll { $0.0 == Self.cursorField }
            request.headers.append((Self.cursorField, cursor))
        }
        do throws(APIError) {
            return try await service.connection.send(request, sentBefore: timesSentAgain) { $0 }
                .value
        } catch {
            if error.code == "stream_lost" { return nil }
            throw error
        }
    }

    /// Begins to read the feed; false where it no longer has what is needed.
    mutating func follow(_ closer: StreamCloser) async throws(APIError) -> Bool {
        known = deltaCount
        isBehind = !answered.isEmpty
        feedsInVain = 0
        return try await openFeed(closer)
    }

    private mutating func openFeed(_ closer: StreamCloser) async throws(APIError) -> Bool {
        let events: RemoteEvents
        do throws(APIError) {
            events = try await RemoteService(service.connection).events(
                after: cursor, run: runID)
        } catch {
            if error.isCancellation { throw error }
            return false
        }
        closer.hold(events.body)
        feed = events.makeAsyncIterator()
        feedsInVain += 1
        return true
    }

    /// Goes on with the feed behind a cut; false after two that told nothing.
    private mutating func reopenFeed(_ closer: StreamCloser) async throws(APIError) -> Bool {
        if feedsInVain > 0 {
            let connection = service.connection
            guard feedsInVain < 2,
                let delay = connection.retries.delay(after: feedsInVain - 1, RetryAdvice())
            else { return false }
            try await connection.pause(delay)
        }
        return try await openFeed(closer)
    }

    /// The next event of the feed that was not seen before the cut; nil where the feed ends, or
    /// breaks off again and again.
    mutating func next(_ closer: StreamCloser) async throws -> AssistantEvent? {
        while true {
            do {
                while let next = try await feed?.next() {
                    guard let kind = next.event?.kind else { continue }
                    (cursor, feedsInVain) = (next.cursor, 0)
                    guard case .run(let event) = kind else { continue }
                    if isNew(event) { return event }
                }
            } catch let error as APIError where error.isConnectionFailure {
                if try await reopenFeed(closer) { continue }
            }
            feed = nil
            return nil
        }
    }

    private mutating func isNew(_ event: AssistantEvent) -> Bool {
        if isBehind { isBehind = !event.follows(outputsOf: answered) }
        if isBehind { return false }
        switch event {
        case .messageDelta, .stepDelta:
            known -= 1
            return known < 0
        // Whoever watches a run may have it told again, as whole objects.
        default: return !seen.contains(Seen(name: event.name, object: event.mergeKey))
        }
    }

    // MARK: - Any server

    /// How long to wait before the run is asked for again.
    private static let waits: [Duration] = [
        .milliseconds(500), .seconds(1), .seconds(2), .seconds(5),
    ]

    /// Waits for the run's end and gives the events that were missed; nil where nobody knows which
    /// run it is.
    func missed(_ seen: Transcript) async throws(APIError) -> [AssistantEvent]? {
        guard let run = try await endedRun(), let thread = threadID ?? run.threadID.nonEmpty
        else { return nil }
        let steps = try await all { (page) throws(APIError) in
            try await service.steps(of: run.id, on: thread, page, for: .trusted)
        }
        let messages = try await all { (page) throws(APIError) in
            try await service.messages(in: thread, run: run.id, page, for: .trusted)
        }
        let own = messages.filter { $0.runID == run.id && $0.role == .assistant }
        return MissedEvents(seen).of(run, steps, own)
    }

    private func endedRun() async throws(APIError) -> Run? {
        let clock = service.connection.clock
        var outSince: Duration?
        for attempt in 0... {
            do throws(APIError) {
                if let run = try await newestRun() {
                    if run.status.isTerminal || run.status == .requiresAction { return run }
                } else {
                    return nil
                }
                outSince = nil
            } catch {
                let isPassing = error.isConnectionFailure || error.status >= 500
                let since = outSince ?? clock.now()
                outSince = since
                let limit = service.connection.timeouts.recovery
                if !isPassing || clock.now() - since >= limit { throw error }
            }
            try await service.connection.pause(Self.waits[min(attempt, Self.waits.count - 1)])
        }
        return nil
    }

    private func newestRun() async throws(APIError) -> Run? {
        guard let runID, let threadID else { return try await find?() }
        return try await service.run(runID, on: threadID, for: .trusted)
    }

    private func all<Element: Identifiable & Sendable>(
        _ read: (PageRequest) async throws(APIError) -> Page<Element>
    ) async throws(APIError) -> [Element] where Element.ID == String {
        var all: [Element] = []
        var request = PageRequest(limit: 100, order: .ascending)
        while true {
            let page = try await read(request)
            all += page.data
            guard page.hasMore, let last = page.data.last, last.id != request.after else {
                return all
            }
            request.after = last.id
        }
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
