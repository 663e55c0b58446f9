import Assistants
import Events

/// The stream of a run that another process carries on, read from what that process tells.
///
/// It goes on where the run does, when that process goes and another takes over. An actor, because
/// it keeps its place between two calls.
actor FollowedRun {
    private let bus: EventBus<ServiceEvent>
    private let mailbox: Mailbox<ServiceEvent>
    private let run: Run.ID
    private var first: [AssistantEvent]
    private let answered: Set<String>
    /// Whether what is told may still be of before the outputs were given.
    private var isLate: Bool
    private var hasEnded = false

    /// Reads what was told since the mailbox was subscribed.
    ///
    /// - Parameter answered: The calls that were given outputs: what is told late of the time
    ///   before is passed over.
    init(
        _ run: Run.ID, _ mailbox: Mailbox<ServiceEvent>, of bus: EventBus<ServiceEvent>,
        first: [AssistantEvent] = [], answered: Set<String> = []
    ) {
        (self.run, self.mailbox, self.bus, self.first) = (run, mailbox, bus, first)
        self.answered = answered
        isLate = !answered.isEmpty
    }

    deinit { bus.unsubscribe(mailbox) }

    func next() async throws -> [AssistantEvent]? {
        if hasEnded { return nil }
        if !first.isEmpty {
            defer { first = [] }
            return first
        }
        while let events = await mailbox.next() {
            var told: [AssistantEvent] = []
            for event in events where event.runID == run && !hasEnded {
                guard case .run(let event) = event.kind, !isLeftOver(event) else { continue }
                told.append(event)
                hasEnded = event.endsStream
            }
            if !told.isEmpty { return told }
        }
        if Task.isCancelled { return nil }
        throw APIError(
            status: 503, code: "stream_cut", message: "Switchboard ended while the run went on.")
    }

    private func isLeftOver(_ event: AssistantEvent) -> Bool {
        if isLate { isLate = !event.follows(outputsOf: answered) }
        return isLate
    }
}
