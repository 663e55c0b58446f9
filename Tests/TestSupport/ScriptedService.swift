package import Assistants
package import Events
import Synchronization

/// A service answered from memory: what it does is what a test tells it to.
///
/// It keeps assistants, threads, messages and runs, publishes what changes, and lets a run go on
/// only when `play` is called. A class, because the console and the test share it.
package final class ScriptedService: AssistantsService, ThreadListing, MessageWindows, ModelListing,
    RunWatching
{
    struct State {
        var assistants: [Assistant] = []
        var threads: [Assistants.Thread] = []
        var messages: [Assistants.Thread.ID: [Message]] = [:]
        var runs: [Run] = []
        var steps: [RunStep] = []
        var models: [ModelInfo] = []
        var calls: [String] = []
        var failures: [String: APIError] = [:]
        var count = 0
        var sequence = 0
        var now = 1_785_000_000
        var retold: [AssistantEvent] = []
        var files: [File] = []
        var contents: [File.ID: [UInt8]] = [:]
        var streams: [Assistants.Thread.ID: [AssistantEvent]] = [:]
    }

    /// Where everything is told.
    package let events = EventBus<ServiceEvent>()
    let state = Mutex(State())

    /// A service with these assistants and models.
    package init(assistants: [Assistant] = [], models: [ModelInfo] = []) {
        state.withLock {
            $0.assistants = assistants
            $0.models = models
        }
    }

    // MARK: - For tests

    /// The operations that were called, in order, by their names.
    package var calls: [String] { state.withLock { $0.calls } }

    /// Has an operation fail from now on; nil lets it work again.
    package func fail(_ operation: String, with error: APIError?) {
        state.withLock { $0.failures[operation] = error }
    }

    /// Puts a thread with messages there, as if it always had been.
    package func add(_ thread: Assistants.Thread, messages: [Message]) {
        state.withLock {
            $0.threads.append(thread)
            $0.messages[thread.id] = messages
        }
    }

    /// The messages of a thread now.
    package func messages(in thread: Assistants.Thread.ID) -> [Message] {
        state.withLock { $0.messages[thread] ?? [] }
    }

    /// The runs of all threads, oldest first.
    package var runs: [Run] { state.withLock { $0.runs } }

    /// What is told of an active run when somebody asks for it.
    package var retold: [AssistantEvent] {
        get { state.withLock { $0.retold } }
        set { state.withLock { $0.retold = newValue } }
    }

    /// Has every run that is streamed on a thread consist of these events.
    package func stream(_ events: [AssistantEvent], on thread: Assistants.Thread.ID) {
        state.withLock { $0.streams[thread] = events }
    }

    /// The threads that are there.
    package var threads: [Assistants.Thread] { state.withLock { $0.threads } }

    /// Tells events of a run, and keeps what they say.
    package func play(_ events: [AssistantEvent], run: Run.ID, on thread: Assistants.Thread.ID) {
        for event in events {
            keep(event, in: thread)
            publish(.run(event), thread: thread, run: run)
        }
    }

    /// Tells anything.
    package func publish(
        _ kind: ServiceEvent.Kind, thread: Assistants.Thread.ID = "", run: Run.ID = ""
    ) {
        let sequence = state.withLock {
            $0.sequence += 1
            return $0.sequence
        }
        events.publish(
            ServiceEvent(sequence: sequence, threadID: thread, runID: run, kind: kind))
    }

    private func keep(_ event: AssistantEvent, in thread: Assistants.Thread.ID) {
        state.withLock { state in
            switch event {
            case .run(_, let run):
                state.runs.replace(run)
            case .step(_, let step): state.steps.replace(step)
            case .message(_, let message): state.messages[thread, default: []].replace(message)
            default: break
            }
        }
    }

    /// Notes a call and throws what it is to fail with.
    func note(_ operation: String) throws(APIError) {
        let failure = state.withLock {
            $0.calls.append(operation)
            return $0.failures[operation]
        }
        if let failure { throw failure }
    }

    /// An id that nothing has yet.
    func newID(_ prefix: String) -> (id: String, time: Int) {
        state.withLock {
            $0.count += 1
            return ("\(prefix)_\($0.count)", $0.now + $0.count)
        }
    }
}

extension Array where Element: Identifiable {
    /// Puts an element in the place of the one with its id, or at the end.
    mutating func replace(_ element: Element) {
        if let place = firstIndex(where: { $0.id == element.id }) {
            self[place] = element
        } else {
            append(element)
        }
    }

    /// The page that a request asks for, of a list that is oldest first.
    func page(_ request: PageRequest) -> Page<Element>
    where Element: Sendable, Element.ID == String {
        var list = request.order == .ascending ? self : reversed()
        if let after = request.after, let place = list.firstIndex(where: { $0.id == after }) {
            list.removeFirst(place + 1)
        }
        return Page(data: Array(list.prefix(request.limit)), hasMore: list.count > request.limit)
    }
}
