import Assistants
import Wire

/// Decides what happens in a run: facts in, orders out.
///
/// No clock, no store, no model: each input comes with the time, and the actions are performed by
/// a `RunLoop`. The orders of events are those of `CONTRACT.md` 8.4.
struct RunMachine: Sendable {
    /// What the run waits for.
    enum Phase: Hashable, Sendable {
        case queued
        case answering(ModelAnswer)
        /// The built-in tools of an answer are at work: the calls that are not done.
        case working(ModelAnswer, Set<String>)
        case requiresAction(RunStep.ID)
        case cancelling(ModelAnswer?)
        case ended
    }

    /// The most model calls of one run.
    static let roundLimit = 25
    /// The most bytes of one answer, thoughts and arguments included.
    static let answerLimit = 16 << 20
    /// How often a run may be interrupted before it is given up (`RELIABILITY.md` 2.3).
    static let interruptionLimit = 3

    /// The run, and the steps and messages it made.
    var transcript = Transcript()
    var memory: RunMemory
    var phase = Phase.queued
    let runID: Run.ID
    /// What was said and done in the rounds that are over.
    var conversation: [ModelMessage] = []
    /// What each search of the run found, for citations.
    var searches: [[FileSearchResult]] = []
    /// The files that the thread's code has made or found, by their paths below `/mnt/data`.
    var files: [String]
    /// Whether text may cite files.
    let hasFileSearch: Bool
    /// The functions that commands answer without being asked for.
    let commands: Set<String>
    /// The most tokens of the run, whoever asks for more; nil for no limit.
    let tokenLimit: Int?
    var identifiers: IdentifierSource
    /// The time of the input that is being handled, in seconds since 1970.
    var now = 0
    private var actions: [RunAction] = []

    /// Takes up a run with what it has made so far.
    init(
        _ run: Run, steps: [RunStep] = [], messages: [Message] = [],
        memory: RunMemory = RunMemory(), tokenLimit: Int? = nil, commands: Set<String> = [],
        files: [String] = [], identifiers: IdentifierSource = IdentifierSource()
    ) {
        runID = run.id
        hasFileSearch = run.tools.contains { if case .fileSearch = $0 { true } else { false } }
        self.memory = memory
        self.tokenLimit = tokenLimit
        self.commands = commands
        self.files = files
        self.identifiers = identifiers
        transcript.apply(run)
        for message in messages { transcript.apply(message) }
        for step in steps { transcript.apply(step) }
        for step in steps where step.status == .completed { remember(step) }
    }

    /// The run as it is now.
    var run: Run {
        // The initialiser puts it there and nothing takes it out.
        guard let run = transcript.run(runID) else { preconditionFailure("A run without itself") }
        return run
    }

    /// Takes in a fact and says what is to be done, in order.
    mutating func handle(_ input: RunInput, at now: Int) -> [RunAction] {
        self.now = now
        switch input {
        case .started: start()
        case .recovered(let interruptions): recover(after: interruptions)
        case .model(let event): take(event)
        case .modelEnded: endAnswer()
        case .modelFailed(let error): fail(RunError(error))
        case .searchFinished(let id, let results): finishSearch(id, results)
        case .searchFailed(let id, let message): failSearch(id, message)
        case .functionFinished(let id, let output): finishFunction(id, output)
        case .codePrinted(let id, let text): takePrinted(id, text)
        case .codeDrew(let id, let file): takeDrawn(id, file)
        case .codeFinished(let id, let files): finishCode(id, files: files, failure: nil)
        case .codeFailed(let id, let sentence): finishCode(id, files: nil, failure: sentence)
        case .outputsSubmitted(let outputs): takeOutputs(outputs)
        case .cancelAsked: beginCancelling()
        case .workStopped: cancel()
        case .expired: expire()
        case .hostFailed(let message): fail(RunError(code: .serverError, message: message))
        }
        defer { actions = [] }
        return actions
    }

    /// Why the run cannot take these outputs now; nil when it can.
    func refusal(of outputs: [ToolOutput]) -> APIError? {
        Self.refusal(of: outputs, by: run)
    }

    /// Why a run in this state cannot take these outputs; nil when it can.
    static func refusal(of outputs: [ToolOutput], by run: Run) -> APIError? {
        guard run.status == .requiresAction else {
            return .invalid("Runs in status \"\(run.status)\" do not accept tool outputs.")
        }
        let expected = run.requiredAction.map(\.id)
        let given = outputs.map(\.toolCallID)
        if expected.sorted() == given.sorted() { return nil }
        return .invalid(
            "Expected tool outputs for call_ids \(pythonList(expected)), got \(pythonList(given))")
    }

    /// Why a run in this state cannot be cancelled; nil when it can.
    static func cancelRefusal(of run: Run) -> APIError? {
        switch run.status {
        case .queued, .inProgress, .requiresAction: nil
        case .cancelling, .completed, .failed, .cancelled, .expired, .incomplete, .unknown:
            .invalid("Cannot cancel run with status '\(run.status)'.")
        }
    }

    private static func pythonList(_ ids: [String]) -> String {
        "[" + ids.map { "'\($0)'" }.joined(separator: ", ") + "]"
    }
}

// MARK: - What the parts of the machine share

extension RunMachine {
    /// Gives an order.
    mutating func order(_ action: RunAction) { actions.append(action) }

    /// Tells an event, and takes it in.
    mutating func emit(_ event: AssistantEvent) {
        transcript.apply(event)
        order(.emit(event))
    }

    /// Changes the run and tells it.
    mutating func tellRun(_ phase: RunPhase, _ change: (inout Run) -> Void = { _ in }) {
        var run = run
        change(&run)
        emit(.run(phase, run))
    }

    /// Changes a step and tells it.
    mutating func tellStep(
        _ id: RunStep.ID, _ phase: StepPhase, _ change: (inout RunStep) -> Void = { _ in }
    ) {
        guard var step = transcript.step(id) else { return }
        change(&step)
        emit(.step(phase, step))
    }

    /// Changes a message and tells it.
    mutating func tellMessage(
        _ id: Message.ID, _ phase: MessagePhase, _ change: (inout Message) -> Void = { _ in }
    ) {
        guard var message = transcript.message(id) else { return }
        change(&message)
        emit(.message(phase, message))
    }

    /// Takes what a step that is over has to say to the model.
    mutating func remember(_ step: RunStep) {
        switch step.details {
        case .messageCreation(let id):
            guard let message = transcript.message(id) else { return }
            conversation.append(.assistant(text: message.text, toolCalls: []))
        case .toolCalls(let calls):
            var text = ""
            if case .assistant(let before, let none, _) = conversation.last, none.isEmpty {
                text = before
                conversation.removeLast()
            }
            conversation.append(
                .assistant(
                    text: text, toolCalls: calls.map(told), kept: memory.kept[step.id] ?? []))
            for call in calls {
                conversation.append(.tool(callID: call.id, output: output(of: call)))
            }
        case .unknown: break
        }
    }

    /// A call as the model is reminded of it: a search with what it looked for.
    private func told(_ call: ToolCall) -> ToolCall {
        guard case .fileSearch(let options, let results) = call.kind else { return call }
        var object = options?.objectValue ?? [:]
        object["queries"] = .array((memory.queries[call.id] ?? []).map { .string($0) })
        return ToolCall(
            id: call.id, kind: .fileSearch(rankingOptions: .object(object), results: results))
    }

    /// What a call came to, as text for the model.
    private mutating func output(of call: ToolCall) -> String {
        switch call.kind {
        case .function(_, _, let output): return output ?? ""
        case .fileSearch(_, let results):
            let number = searches.count
            searches.append(results)
            if results.isEmpty { return "Nothing was found." }
            return results.enumerated().map { place, result in
                "【\(number):\(place)†\(result.fileName)】\n\(result.text ?? "")"
            }.joined(separator: "\n\n")
        case .codeInterpreter(_, let outputs): return told(outputs)
        case .unknown: return ""
        }
    }
}

extension RunError {
    /// What a failed model call means for a run: one of the three codes of the wire.
    init(_ error: ModelError) {
        let code: RunErrorCode =
            switch error.kind {
            case .rateLimited: .rateLimitExceeded
            case .contextOverflow: .invalidPrompt
            case .unreachable, .refused, .server, .cancelled: .serverError
            }
        self.init(code: code, message: error.message)
    }
}

extension RunMachine {
    /// The run and what is open in it, as events for who begins to watch.
    var retold: [AssistantEvent] {
        guard let phase = RunPhase(rawValue: run.status.wireName) else { return [] }
        var events = [AssistantEvent.run(phase, run)]
        for step in transcript.steps {
            guard let phase = StepPhase(rawValue: step.status.wireName) else { continue }
            events.append(.step(phase, step))
        }
        for message in transcript.messages where message.status == .inProgress {
            events.append(.message(.inProgress, message))
        }
        return events
    }
}
