import Assistants
import Testing

/// The rules that a run's stream must keep or the SDKs break (`CONTRACT.md` 8.5), checked event by
/// event.
struct StreamRules {
    private var steps: [RunStep.ID: RunStep] = [:]
    private var endedSteps: Set<RunStep.ID> = []
    private var openMessage: Message.ID?
    private var texts: [Message.ID: [Int: String]] = [:]
    private var calls: [RunStep.ID: [String]] = [:]
    private var run: Run?
    private var isSegmentOver = false
    private(set) var broken: [String] = []
    /// The messages as they were closed.
    private(set) var messages: [Message] = []

    /// The run's last state.
    var status: RunStatus? { run?.status }

    mutating func check(_ event: AssistantEvent) {
        if run?.status.isTerminal == true, event != .done { breaks("\(event.name) after the end") }
        if isSegmentOver { isSegmentOver = false }
        switch event {
        case .run(_, let run):
            if run.status.isTerminal { checkNothingOpen() }
            self.run = run
        case .step(let phase, let step): check(phase, step)
        case .stepDelta(let delta): check(delta)
        case .message(let phase, let message): check(phase, message)
        case .messageDelta(let delta): check(delta)
        case .done:
            if run?.status.isTerminal != true, run?.status != .requiresAction {
                breaks("done while the run is \(run?.status.description ?? "unknown")")
            }
            isSegmentOver = true
        case .threadCreated, .error, .unknown: break
        }
    }

    private mutating func check(_ phase: StepPhase, _ step: RunStep) {
        switch phase {
        case .created:
            if steps[step.id] != nil { breaks("a step created twice") }
            steps[step.id] = step
        case .inProgress:
            if steps[step.id] == nil { breaks("a step in progress before it was created") }
        case .completed, .failed, .cancelled, .expired:
            if steps[step.id] == nil { breaks("a step ended before it was created") }
            if !endedSteps.insert(step.id).inserted { breaks("a step ended twice") }
            if step.usage == nil { breaks("an ended step without usage") }
        }
    }

    private mutating func check(_ delta: RunStepDelta) {
        if steps[delta.id] == nil || endedSteps.contains(delta.id) {
            breaks("a delta for a step that is not open")
        }
        guard case .toolCalls(let deltas) = delta.details else { return }
        for call in deltas {
            let known = calls[delta.id, default: []]
            if call.index > known.count { breaks("a gap before call \(call.index)") }
            if call.index == known.count {
                if call.id == nil { breaks("a first delta without an id") }
                calls[delta.id, default: []].append(call.id ?? "")
            }
        }
    }

    private mutating func check(_ phase: MessagePhase, _ message: Message) {
        switch phase {
        case .created:
            if openMessage != nil { breaks("two messages open at once") }
            if !message.content.isEmpty { breaks("a message created with content") }
            openMessage = message.id
            texts[message.id] = [:]
        case .inProgress:
            if openMessage != message.id { breaks("a message in progress that is not open") }
        case .completed, .incomplete:
            if openMessage != message.id { breaks("a message closed that is not open") }
            openMessage = nil
            let parts = (texts[message.id] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
            if message.text != parts.joined() {
                breaks("the deltas do not add up: \(parts) and \(message.text)")
            }
            messages.append(message)
        }
    }

    private mutating func check(_ delta: MessageDelta) {
        if openMessage != delta.id { breaks("a delta for a message that is not open") }
        for part in delta.parts {
            switch part.content {
            case .text(let text, _), .refusal(let text):
                texts[delta.id, default: [:]][part.index, default: ""] += text
            case .whole: break
            }
        }
    }

    private mutating func checkNothingOpen() {
        if openMessage != nil { breaks("a message open at the run's end") }
        if endedSteps.count != steps.count { breaks("a step open at the run's end") }
    }

    private mutating func breaks(_ what: String) { broken.append(what) }
}
