import Assistants
import Transport

/// Gives the events of one run, and goes on behind a cut: on our server by its feed, on any other
/// by asking for the run until it has ended.
///
/// A class that only one task uses: events are taken without leaving the task, and only waiting for
/// more is asynchronous.
final class RunSource {
    /// Closes the connection from anywhere.
    let closer = StreamCloser()

    private var decoder = EventDecoder()
    private var body: HTTPBody.AsyncIterator?
    private var bodyEnded = false
    /// Events that came otherwise than through the body.
    private var others: [AssistantEvent] = []
    private var position = 0
    private var hasEnded = false
    /// How many events were given on before it was known which run it is.
    private var givenBeforeRun = 0
    /// How many events of a stream that was asked for again were given on before.
    private var repeated = 0
    private var meter: StreamMeter
    private var recovery: Recovery?
    private let clock: ClientClock

    /// - Parameter recovery: What is needed to go on behind a cut; nil where nothing can.
    init(_ opened: OpenedStream, recovery: Recovery?, start: Duration, clock: ClientClock) {
        meter = StreamMeter(start: start)
        meter.health.retries = opened.retries
        self.recovery = recovery
        self.clock = clock
        switch opened.kind {
        case .response(let response):
            hold(response.body)
            self.recovery?.cursor = response.header(Recovery.cursorField)
        case .run(let run):
            self.recovery?.runID = run.id
            self.recovery?.threadID = run.threadID
            bodyEnded = true
        }
    }

    /// How the stream goes.
    var health: StreamHealth { meter.health }

    private func hold(_ body: HTTPBody) {
        closer.hold(body)
        self.body = body.makeAsyncIterator()
        bodyEnded = false
    }

    /// Closes the connection; nothing more comes.
    func close() {
        hasEnded = true
        closer.close()
        body = nil
        recovery?.close()
    }

    /// The next event that is here already; nil where there is none.
    func takeReady() throws -> AssistantEvent? {
        if hasEnded { return nil }
        var event: AssistantEvent?
        if position < others.count {
            event = others[position]
            position += 1
        } else {
            do {
                event = try decoder.next()
                while repeated > 0, event != nil {
                    repeated -= 1
                    event = try decoder.next()
                }
            } catch {
                hasEnded = true
                throw error
            }
        }
        guard let event else { return nil }
        meter.note(event)
        recovery?.note(event)
        if recovery?.runID == nil { givenBeforeRun += 1 }
        hasEnded = event.endsStream
        return event
    }

    /// Waits for more; false at the end.
    ///
    /// - Parameter seen: What the events so far add up to.
    func fill(_ seen: Transcript) async throws -> Bool {
        if hasEnded { return false }
        if recovery?.isFollowing == true { return try await follow(seen) }
        let cause: APIError
        do throws(TransportError) {
            if !bodyEnded, let chunk = try await body?.next(isolation: #isolation) {
                meter.noteSign(at: clock.now())
                decoder.add(chunk)
                return true
            }
            if !bodyEnded {
                bodyEnded = true
                decoder.finish()
                return true
            }
            cause = .cut("The stream broke off. The run goes on at the server: ask for it.")
        } catch {
            bodyEnded = true
            if error.code == .cancelled { return try endCancelled() }
            cause = APIError(error)
        }
        body = nil
        if meter.health.isComplete { return give([.done]) }
        return try await recover(from: cause, seen)
    }

    private func endCancelled() throws -> Bool {
        hasEnded = true
        throw CancellationError()
    }

    private func give(_ events: [AssistantEvent]) -> Bool {
        (others, position) = (events, 0)
        return true
    }

    // MARK: - Behind a cut

    private func recover(from cause: APIError, _ seen: Transcript) async throws -> Bool {
        guard recovery != nil, !closer.isClosed else {
            hasEnded = true
            throw closer.isClosed ? CancellationError() : cause
        }
        meter.health.resumptions += 1
        do {
            if try await begin() { return true }
            return try await ask(seen, cause)
        } catch {
            hasEnded = true
            if let error = error as? APIError, error.isCancellation { throw CancellationError() }
            throw error
        }
    }

    /// Goes on at our server; false where that is not possible.
    private func begin() async throws -> Bool {
        guard var recovery else { return false }
        defer { self.recovery = recovery }
        if recovery.runID != nil {
            return recovery.cursor == nil ? false : try await recovery.follow(closer)
        }
        // No more than a new thread came yet. Asked again, and told that it is again, the server
        // gives the same stream from its beginning; where it has kept it, without saying where its
        // feed stood.
        guard recovery.mayAskAgain, let response = try await recovery.again() else { return false }
        recovery.cursor = response.header(Recovery.cursorField)
        decoder = EventDecoder()
        repeated = givenBeforeRun
        hold(response.body)
        return true
    }

    /// Reads on from the feed of our server.
    private func follow(_ seen: Transcript) async throws -> Bool {
        guard var recovery else { return false }
        let event: AssistantEvent?
        do {
            event = try await recovery.next(closer)
            self.recovery = recovery
        } catch {
            self.recovery = recovery
            hasEnded = true
            let isCancelled = closer.isClosed || (error as? APIError)?.isCancellation == true
            throw isCancelled ? CancellationError() : error
        }
        if let event {
            meter.noteSign(at: clock.now())
            return give([event])
        }
        if meter.health.isComplete { return give([.done]) }
        return try await ask(seen, .cut("The server stopped. The run is not lost: ask for it."))
    }

    /// Asks for the run until it has ended, and gives what was missed of it.
    private func ask(_ seen: Transcript, _ cause: APIError) async throws -> Bool {
        guard let recovery else { throw cause }
        guard let missed = try await recovery.missed(seen) else {
            hasEnded = true
            throw cause
        }
        meter.noteSign(at: clock.now())
        return give(missed + [.done])
    }
}
