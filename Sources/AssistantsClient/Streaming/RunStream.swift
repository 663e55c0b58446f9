public import Assistants
import Transport

/// The stream of one run, to be read in one of three ways: its events by iterating it, the text of
/// its messages by iterating `textDeltas`, or by telling a handler and listeners what happens while
/// `untilDone` reads it. All share one place in the stream.
///
/// A stream that breaks is put together again: nothing is lost and nothing comes twice. It ends
/// with the run's end, or where the run waits for outputs; anything else is thrown as an error,
/// also an `error` event of the server. Cancelling the task, and letting go of the stream, close
/// the connection; the run itself goes on.
///
/// A class that one task uses: it is where the stream is read.
public final class RunStream: AsyncSequence {
    public typealias Element = AssistantEvent
    public typealias Failure = any Error

    /// What the events so far add up to.
    public internal(set) var transcript = Transcript()
    /// The event that callbacks are called for; nil between events.
    public private(set) var currentEvent: AssistantEvent?

    private let source: RunSource
    var handlers: [any AssistantEventHandler] = []
    private var listeners: RunListeners?
    var callbacks = CallbackState()
    private var phase = Phase.unread

    private enum Phase { case unread, reading, ended, left }

    init(_ source: RunSource, handler: (any AssistantEventHandler)? = nil) {
        self.source = source
        if let handler { handlers.append(handler) }
    }

    deinit { source.close() }

    // MARK: - Ways to read

    /// Has a closure called for each signal of a name, before the stream is read or while it is.
    @discardableResult
    public func on<Values>(
        _ signal: RunSignal<Values>, _ listener: @escaping (Values) async throws -> Void
    ) -> RunStream {
        if listeners == nil {
            let new = RunListeners()
            listeners = new
            handlers.append(new)
        }
        listeners?.add(listener, for: signal)
        return self
    }

    /// Reads the events that have not been read.
    public func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

    /// Gives one event after the other.
    public struct Iterator: AsyncIteratorProtocol {
        let stream: RunStream

        /// The next event, after its callbacks were called; nil at the end.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws -> AssistantEvent? {
            try await stream.nextEvent()
        }
    }

    /// The pieces of text that messages grow by, as they come.
    public var textDeltas: TextDeltas { TextDeltas(stream: self) }

    /// Reads to the end, for the sake of callbacks.
    public func untilDone() async throws {
        while try await nextEvent() != nil {}
    }

    // MARK: - What there is

    /// The run as it was last told.
    public var currentRun: Run? { transcript.runs.last }

    /// The message that grows, or grew last, with all it has so far.
    public var currentMessageSnapshot: Message? { transcript.messages.last }

    /// The run step that goes on, with all it has so far; nil outside of steps.
    public var currentRunStepSnapshot: RunStep? {
        transcript.steps.last.flatMap { $0.status == .inProgress ? $0 : nil }
    }

    /// How the stream goes: times, gaps, completeness.
    public var health: StreamHealth { source.health }

    /// Reads to the end and gives the run as it is then.
    public func finalRun() async throws -> Run {
        try await untilComplete()
        guard let run = currentRun else {
            throw APIError.cut("The stream told of no run.")
        }
        return run
    }

    /// Reads to the end and gives the run's steps, in the order in which they began.
    public func finalRunSteps() async throws -> [RunStep] {
        try await untilComplete()
        return transcript.steps
    }

    /// Reads to the end and gives the run's messages, in the order in which they began.
    public func finalMessages() async throws -> [Message] {
        try await untilComplete()
        return transcript.messages
    }

    /// Closes the connection. What was not read is gone; the run goes on.
    public func close() {
        source.close()
        if phase != .left { phase = .ended }
    }

    private func untilComplete() async throws {
        try await untilDone()
        if !health.isComplete {
            throw APIError.cut("The stream was left before its end. Ask for the run.")
        }
    }

    // MARK: - Reading

    /// Closes the connection from any task.
    var closer: StreamCloser { source.closer }

    /// The next event, after its callbacks were called; nil at the end.
    func nextEvent() async throws -> AssistantEvent? {
        switch phase {
        case .ended, .left: return nil
        case .unread:
            phase = .reading
            do {
                for handler in handlers { try await handler.onConnect() }
            } catch {
                try await fail(error)
            }
        case .reading: break
        }
        do {
            while true {
                guard let event = try source.takeReady() else {
                    if try await source.fill(transcript) { continue }
                    return try await end()
                }
                switch event {
                case .done: return try await end()
                case .error(let error): throw error
                default: break
                }
                if handlers.isEmpty {
                    transcript.apply(event)
                } else {
                    currentEvent = event
                    try await dispatch(event)
                    currentEvent = nil
                }
                return event
            }
        } catch {
            currentEvent = nil
            try await fail(error)
            return nil
        }
    }

    private func end() async throws -> AssistantEvent? {
        guard source.health.isComplete else {
            throw APIError.cut("The stream ended before the run did. Ask for the run.")
        }
        source.close()
        if let run = currentRun {
            for handler in handlers { try await handler.onFinalRun(run) }
        }
        try await leave()
        return nil
    }

    /// Tells of an error, and throws it.
    private func fail(_ error: any Error) async throws {
        source.close()
        if phase == .left { throw error }
        phase = .ended
        for handler in handlers {
            if error is CancellationError {
                try await handler.onAbort()
            } else {
                if (error as? APIError)?.isTimeout == true { try await handler.onTimeout() }
                try await handler.onException(error)
            }
        }
        try await leave()
        throw error
    }

    /// Closes the connection and tells of the end, once.
    func leave() async throws {
        source.close()
        if phase == .left { return }
        phase = .left
        for handler in handlers { try await handler.onEnd() }
    }
}
