import Assistants
import Wire

/// Performs what a `RunMachine` decides: stores, tells, asks the model, and feeds back what comes.
///
/// An actor, because API calls, the model and the deadline all reach one run; what they bring is
/// taken in one after the other from one queue.
actor RunLoop {
    /// Something that reached the run.
    enum Arrival: Sendable {
        case input(RunInput)
        /// Something of a model call or a search; void when those were let go since.
        case work(generation: Int, RunInput)
        /// How the stream of a model call went that was not well, and the call's generation.
        case trouble(Int, StreamHealth)
        case outputs([ToolOutput], Reply)
        case cancel(Reply)
        /// Time to store what grew.
        case saveDue
        /// What grew is stored, or could not be.
        case growthSaved
        /// Somebody began to watch.
        case retell
        /// The host goes away and leaves the run to the next.
        case suspend
    }

    typealias Reply = CheckedContinuation<Run, any Error>

    /// How long a growing message may differ from what is stored.
    static let saveInterval = Duration.milliseconds(250)
    /// How long a host's claim holds without a write, in milliseconds (`RELIABILITY.md` 2.3).
    static let leaseLength = 30_000
    /// How long to wait before a failed write is tried again.
    static let retryInterval = Duration.seconds(1)

    nonisolated let runID: Run.ID
    nonisolated let threadID: Thread.ID
    nonisolated let streams = RunStreams()

    private let engine: Engine
    private let project: String
    private let attempt: Int
    private var machine: RunMachine
    let context: RunContext
    private let arrivals: AsyncStream<Arrival>
    let arrive: AsyncStream<Arrival>.Continuation
    var generation = 0
    var work: [Task<Void, Never>] = []
    private var deadline: Task<Void, Never>?
    private var saveTimer: Task<Void, Never>?
    private var changedSteps: Set<RunStep.ID> = []
    private var changedMessages: Set<Message.ID> = []
    /// What the run remembered when it was last stored whole.
    private var storedMemory: RunMemory?
    /// Whether what grew is on its way to the disk: a slow one gets the next when it is done.
    private var isSavingGrowth = false
    private var isOver = false

    init(_ engine: Engine, _ machine: RunMachine, project: String, attempt: Int) {
        self.engine = engine
        self.machine = machine
        self.project = project
        self.attempt = attempt
        let run = machine.run
        runID = run.id
        threadID = run.threadID
        context = RunContext(engine, run)
        (arrivals, arrive) = AsyncStream.makeStream()
    }

    /// Runs until the run has ended or the host goes.
    func run(first: RunInput) async {
        startDeadline()
        await handle(first, reply: nil)
        if !isOver {
            for await arrival in arrivals {
                await take(arrival)
                if isOver { break }
            }
        }
        letGo()
        streams.end()
        arrive.finish()
        for await arrival in arrivals { refuse(arrival) }
    }

    /// Answers the waiting calls; returns the run as it was queued again.
    nonisolated func submit(_ outputs: [ToolOutput]) async throws(APIError) -> Run {
        try await ask { .outputs(outputs, $0) }
    }

    /// Asks the run to stop; returns it as `cancelling`.
    nonisolated func cancel() async throws(APIError) -> Run {
        try await ask { .cancel($0) }
    }

    /// Tells those who watch the run and what is open in it again.
    nonisolated func retell() { arrive.yield(.retell) }

    /// Leaves the run to the next host.
    nonisolated func suspend() { arrive.yield(.suspend) }

    private nonisolated func ask(
        _ arrival: (Reply) -> Arrival
    ) async throws(APIError) -> Run {
        do {
            return try await withCheckedThrowingContinuation { reply in
                let result = arrive.yield(arrival(reply))
                if case .terminated = result { reply.resume(throwing: RunIsOver()) }
            }
        } catch let error as APIError {
            throw error
        } catch {
            throw APIError(
                status: 400, code: Self.overCode, message: "The run \(runID) has ended.")
        }
    }

    /// Marks the answer of a loop that ended meanwhile: the store knows the run's last state.
    static let overCode = "run_over"
    private struct RunIsOver: Error {}

    // MARK: Taking in

    private func take(_ arrival: Arrival) async {
        switch arrival {
        case .input(let input): await handle(input, reply: nil)
        case .work(let number, let input):
            if number == generation { await handle(input, reply: nil) }
        case .trouble(let number, let health):
            if number == generation { publish(.streamHealth(health)) }
        case .outputs(let outputs, let reply):
            if let refusal = machine.refusal(of: outputs) {
                reply.resume(throwing: refusal)
            } else {
                await handle(.outputsSubmitted(outputs), reply: reply)
            }
        case .cancel(let reply):
            if let refusal = RunMachine.cancelRefusal(of: machine.run) {
                reply.resume(throwing: refusal)
            } else {
                await handle(.cancelAsked, reply: reply)
            }
        case .saveDue: saveGrowth()
        case .growthSaved:
            isSavingGrowth = false
            startSaveTimer()
        case .retell: for event in machine.retold { publish(.run(event)) }
        case .suspend: await leave()
        }
    }

    private func handle(_ input: RunInput, reply: Reply?) async {
        await perform(machine.handle(input, at: engine.clock.seconds), reply: reply)
    }

    private func refuse(_ arrival: Arrival) {
        switch arrival {
        case .outputs(_, let reply), .cancel(let reply): reply.resume(throwing: RunIsOver())
        case .input, .work, .trouble, .saveDue, .growthSaved, .retell, .suspend: break
        }
    }

    // MARK: Performing

    private func perform(_ actions: [RunAction], reply: Reply?) async {
        for case .keepFile(let file) in actions { await keep(file) }
        let beginsCall = actions.contains { if case .runFunction = $0 { true } else { false } }
        // That a command is begun is on disk before it is, so that it is never begun twice; whole
        // objects are on disk before anybody hears of them; deltas follow within the
        // interval.
        if note(actions) || beginsCall {
            do {
                try await save()
            } catch {
                reply?.resume(throwing: error)
                return await storeFailed(error, before: actions)
            }
        } else {
            startSaveTimer()
        }
        for action in actions {
            switch action {
            case .emit(let event): tell(event)
            case .tellReasoning(let text): publish(.reasoning(text))
            case .acknowledge(let run): reply?.resume(returning: run)
            case .callModel(let call): startModelCall(call)
            case .search(let call): startSearch(call)
            case .runCode(let call): startCode(call)
            case .runFunction(let call): startFunction(call)
            case .keepFile: break
            case .stopWork:
                letGoOfWork()
                arrive.yield(.input(.workStopped))
            case .finish: isOver = true
            }
        }
    }

    /// Remembers what changed; true when a whole object is to be told.
    private func note(_ actions: [RunAction]) -> Bool {
        var isWhole = false
        for case .emit(let event) in actions {
            switch event {
            case .messageDelta(let delta): changedMessages.insert(delta.id)
            case .stepDelta(let delta): changedSteps.insert(delta.id)
            case .message(_, let message):
                changedMessages.insert(message.id)
                isWhole = true
            case .step(_, let step):
                changedSteps.insert(step.id)
                isWhole = true
            case .run: isWhole = true
            case .threadCreated, .error, .done, .unknown: break
            }
        }
        return isWhole
    }

    private func tell(_ event: AssistantEvent) {
        publish(.run(event))
        streams.publish(event)
    }

    private func publish(_ kind: ServiceEvent.Kind) {
        engine.publish(kind, thread: threadID, run: runID)
    }

    // MARK: Storing

    private func changes(lease: Int?) -> RunWrite {
        defer { (changedSteps, changedMessages) = ([], []) }
        // In the order in which they were made, not in that of the sets.
        return RunWrite(
            run: machine.run, memory: machine.memory, project: project, attempt: attempt,
            steps: machine.transcript.steps.filter { changedSteps.contains($0.id) },
            messages: machine.transcript.messages.filter { changedMessages.contains($0.id) },
            lease: lease, milliseconds: engine.clock.milliseconds)
    }

    private func save() async throws(APIError) {
        saveTimer?.cancel()
        saveTimer = nil
        let steps = changedSteps
        let messages = changedMessages
        let write = changes(lease: engine.clock.milliseconds + Self.leaseLength)
        do {
            try await engine.store.save(write)
            storedMemory = write.memory
        } catch {
            changedSteps.formUnion(steps)
            changedMessages.formUnion(messages)
            throw error
        }
    }

    private func saveGrowth() {
        saveTimer = nil
        if changedSteps.isEmpty, changedMessages.isEmpty { return }
        var write = changes(lease: engine.clock.milliseconds + Self.leaseLength)
        // The run itself is stored whenever it changes.
        write.isGrowth = write.memory == storedMemory
        isSavingGrowth = true
        // Not waited for: the text goes on meanwhile, and the next whole write tells of trouble.
        engine.store.submit(
            { [write] in try $0.save(write) },
            ending: { [arrive] _ in arrive.yield(.growthSaved) })
    }

    private func startSaveTimer() {
        if changedMessages.isEmpty, changedSteps.isEmpty { return }
        guard saveTimer == nil, !isSavingGrowth else { return }
        saveTimer = Task { [arrive, clock = engine.clock] in
            do {
                try await clock.sleep(for: Self.saveInterval)
                arrive.yield(.saveDue)
            } catch {
                // Cancelled: everything was stored meanwhile.
            }
        }
    }

    /// The run cannot be recorded: it stops, says so, and ends as soon as the store takes it.
    private func storeFailed(_ error: APIError, before untold: [RunAction]) async {
        letGoOfWork()
        if error.code != Store.supersededCode {
            streams.publish(.error(error))
            streams.end()
            publish(.run(.error(error)))
            let ending = machine.handle(
                .hostFailed(message: error.message), at: engine.clock.seconds)
            _ = note(ending)
            if await saveSooner() {
                // What could not be told before is true now, and so is the end.
                for case .emit(let event) in untold + ending { tell(event) }
            }
        }
        streams.end()
        isOver = true
    }

    /// Writes again and again until the store takes it; false when the host goes before.
    private func saveSooner() async -> Bool {
        while !engine.isClosing {
            do throws(APIError) {
                try await save()
                return true
            } catch {
                if error.code == Store.supersededCode { return false }
            }
            // Woken early only by the end of the task, and then there is nothing to wait for.
            try? await engine.clock.sleep(for: Self.retryInterval)
        }
        return false
    }

    private func leave() async {
        letGo()
        isOver = true
        let write = changes(lease: nil)
        // When this fails the next host finds the claim and counts an interruption.
        try? await engine.store.save(write)
    }

    // MARK: Ending

    private func startDeadline() {
        guard let expiresAt = machine.run.expiresAt else { return }
        let left = max(0, expiresAt * 1000 - engine.clock.milliseconds)
        deadline = Task { [arrive, clock = engine.clock] in
            do {
                try await clock.sleep(for: .milliseconds(left))
                arrive.yield(.input(.expired))
            } catch {
                // Cancelled: the run has ended before.
            }
        }
    }

    /// Ends the model call and the searches; what they still say is not heard.
    func letGoOfWork() {
        generation += 1
        for task in work { task.cancel() }
        work = []
    }

    private func letGo() {
        letGoOfWork()
        deadline?.cancel()
        saveTimer?.cancel()
    }
}
