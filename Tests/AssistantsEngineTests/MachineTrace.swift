import Assistants
import TestSupport

@testable import AssistantsEngine

/// A run machine and what it ordered, as a trace that tests read.
struct MachineTrace {
    static let now = 1_700_000_000

    var machine: RunMachine
    /// What the last inputs led to.
    var actions: [RunAction] = []
    /// Every model call so far.
    var calls: [ModelCall] = []

    init(tools: [Tool] = [], _ change: (inout Run) -> Void = { _ in }) {
        var run = Run(
            id: "run_1", createdAt: Self.now, assistantID: "asst_1", threadID: "thread_1",
            expiresAt: Self.now + 600, model: "scripted", tools: tools)
        change(&run)
        machine = RunMachine(run)
        take(.started)
    }

    init(_ machine: RunMachine) { self.machine = machine }

    var run: Run { machine.run }

    /// The events of the last inputs.
    var events: [AssistantEvent] {
        actions.compactMap { if case .emit(let event) = $0 { event } else { nil } }
    }

    /// Their names, repeats told once.
    var names: [String] { events.collapsedNames }

    var acknowledged: Run? {
        for case .acknowledge(let run) in actions { return run }
        return nil
    }

    /// The searches that the last inputs led to.
    var searches: [SearchCall] {
        actions.compactMap { if case .search(let call) = $0 { call } else { nil } }
    }

    mutating func take(_ input: RunInput) {
        actions = []
        add(input)
    }

    /// The model says these and goes on.
    mutating func say(_ events: [ModelEvent]) {
        for event in events { add(.model(event)) }
    }

    /// The model says these and that is its answer. What the run's beginning led to counts as
    /// part of the trace, what came before does not.
    mutating func answer(_ events: [ModelEvent]) {
        if case .emit(.run(.created, _)) = actions.first {} else { actions = [] }
        say(events)
        add(.modelEnded)
    }

    private mutating func add(_ input: RunInput) {
        let new = machine.handle(input, at: Self.now)
        for case .callModel(let call) in new { calls.append(call) }
        actions += new
    }
}
