package import Assistants
import GRDB
import Wire

extension Engine {
    package func createRun(
        _ request: RunRequest, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        let begun = try await begin(request, on: thread, for: caller)
        start(begun.loop, with: .started)
        return begun.run
    }

    package func streamRun(
        _ request: RunRequest, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream {
        let begun = try await begin(request, on: thread, for: caller)
        let stream = begun.subscribe()
        start(begun.loop, with: .started)
        return stream.events
    }

    package func createThreadAndRun(
        _ thread: ThreadRequest, _ request: RunRequest, for caller: Caller
    ) async throws(APIError) -> Run {
        let begun = try await begin(request, with: thread, for: caller)
        start(begun.loop, with: .started)
        return begun.run
    }

    package func streamThreadAndRun(
        _ thread: ThreadRequest, _ request: RunRequest, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream {
        let begun = try await begin(request, with: thread, for: caller)
        let stream = begun.subscribe()
        start(begun.loop, with: .started)
        return stream.events
    }

    package func run(
        _ id: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        try await store.read { db in
            try db.requireThread(thread, for: caller)
            return try db.run(id, on: thread, for: caller)
        }
    }

    package func runs(
        on thread: Thread.ID, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Run> {
        let query = PageQuery(
            table: "run", order: ["created_at", "position"],
            condition: Condition("thread = ?", [thread]))
        return try await store.read { db in
            try db.requireThread(thread, for: caller)
            return try query.page(page, in: db) { try Run(json: $0.object) }
        }
    }

    package func modifyRun(
        _ id: Run.ID, on thread: Thread.ID, metadata: [String: String], for caller: Caller
    ) async throws(APIError) -> Run {
        try RequestChecks.metadata(metadata)
        return try await store.write { db in
            try db.requireThread(thread, for: caller)
            var run = try db.run(id, on: thread, for: caller)
            if run.status.isActive {
                throw APIError.invalid("Cannot update run with status '\(run.status)'.")
            }
            run.metadata = metadata
            try db.update(run)
            return run
        }
    }

    package func step(
        _ id: RunStep.ID, of run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> RunStep {
        try await store.read { db in
            try db.requireThread(thread, for: caller)
            _ = try db.run(run, on: thread, for: caller)
            return try db.step(id, of: run, on: thread, for: caller)
        }
    }

    package func steps(
        of run: Run.ID, on thread: Thread.ID, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<RunStep> {
        let query = PageQuery(
            table: "step", order: ["created_at", "position"],
            condition: Condition("run = ?", [run]))
        return try await store.read { db in
            try db.requireThread(thread, for: caller)
            _ = try db.run(run, on: thread, for: caller)
            return try query.page(page, in: db) { try RunStep(json: $0.object) }
        }
    }
}

// MARK: - Changing an active run

extension Engine {
    package func cancelRun(
        _ id: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        let run = try await run(id, on: thread, for: caller)
        if let refusal = RunMachine.cancelRefusal(of: run) { throw refusal }
        return try await asking(run, for: caller) { (loop) throws(APIError) in
            try await loop.cancel()
        } otherwise: {
            RunMachine.cancelRefusal(of: $0)
        }
    }

    package func submitToolOutputs(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        let run = try await self.run(run, on: thread, for: caller)
        return try await asking(run, for: caller) { (loop) throws(APIError) in
            try await loop.submit(outputs)
        } otherwise: {
            RunMachine.refusal(of: outputs, by: $0)
        }
    }

    package func streamToolOutputs(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream {
        let run = try await self.run(run, on: thread, for: caller)
        if let refusal = RunMachine.refusal(of: outputs, by: run) { throw refusal }
        guard let loop = loop(of: run.id) else { throw Self.nobodyHosts(run) }
        let stream = loop.streams.subscribe()
        do throws(APIError) {
            _ = try await loop.submit(outputs)
        } catch {
            stream.cancel()
            throw error
        }
        return stream.events
    }

    /// Asks the loop of a run; where it has ended meanwhile, the run's last state says why not.
    private func asking(
        _ run: Run, for caller: Caller, _ ask: (RunLoop) async throws(APIError) -> Run,
        otherwise refusal: (Run) -> APIError?
    ) async throws(APIError) -> Run {
        if let loop = loop(of: run.id) {
            do throws(APIError) {
                return try await ask(loop)
            } catch {
                if error.code != RunLoop.overCode { throw error }
            }
        }
        let last = try await self.run(run.id, on: run.threadID, for: caller)
        throw refusal(last) ?? Self.nobodyHosts(last)
    }

    private static func nobodyHosts(_ run: Run) -> APIError {
        APIError(
            status: 500, code: "not_hosted",
            message: "The run \(run.id) is not carried on by this process.")
    }
}

// MARK: - Beginning

/// A run that is in the store and not yet carried out.
private struct BegunRun {
    var run: Run
    var loop: RunLoop
    var newThread: Thread?

    /// A stream of everything the run tells, beginning with the thread where it is new.
    func subscribe() -> RunSubscription {
        let stream = loop.streams.subscribe()
        if let newThread { loop.streams.publish(.threadCreated(newThread)) }
        return stream
    }
}

extension Engine {
    private func begin(
        _ request: RunRequest, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> BegunRun {
        try await begin(request, for: caller, draft: nil, on: thread)
    }

    private func begin(
        _ request: RunRequest, with thread: ThreadRequest, for caller: Caller
    ) async throws(APIError) -> BegunRun {
        try RequestChecks.thread(thread)
        let draft = newThread(thread)
        return try await begin(request, for: caller, draft: draft, on: draft.thread.id)
    }

    private func begin(
        _ request: RunRequest, for caller: Caller, draft: ThreadDraft?, on thread: Thread.ID
    ) async throws(APIError) -> BegunRun {
        try RequestChecks.run(request)
        let added = request.additionalMessages.map { newMessage($0, in: thread) }
        let (id, time) = (newID("run"), clock.milliseconds)
        let (settling, adding) = (settler(for: caller), settler(for: caller))
        let limits = limits
        let (run, project, changed) = try await store.write { db in
            _ = try draft?.insert(in: db, settling, at: time)
            let row = try db.threadRow(thread, for: caller)
            try db.requireTokens(of: row.project, limits, at: time)
            if let active = row.activeRun {
                throw APIError.invalid("Thread \(thread) already has an active run \(active).")
            }
            let assistant = try db.assistant(request.assistantID, for: caller)
            for message in added { try db.append(message, project: row.project, at: time) }
            var settler = adding
            settler.project = row.project
            let changed =
                try settler.attach(filesOf: added, to: row.thread, in: db)
                ?? (draft == nil ? nil : row.thread)
            let run = Run(id: id, request, assistant, thread: thread, at: time / 1000)
            try db.requireQuestion(in: thread, for: run)
            try db.insert(run, project: row.project, lease: time + RunLoop.leaseLength, at: time)
            return (run, row.project, changed)
        }
        if let changed {
            if !changed.toolResources.isEmpty { indexer.wake() }
            publish(.threadChanged(changed), thread: thread)
        }
        for message in (draft?.messages ?? []) + added {
            publish(.messageAdded(message), thread: thread)
        }
        let machine = RunMachine(
            run, tokenLimit: limits.run, commands: freeCommands, files: await codeFiles(of: run))
        let loop = RunLoop(self, machine, project: project, attempt: 1)
        return BegunRun(run: run, loop: loop, newThread: draft == nil ? nil : changed)
    }
}

extension Run {
    /// A queued run as a request asks for it: what it leaves open, the assistant decides.
    fileprivate init(
        id: Run.ID, _ request: RunRequest, _ assistant: Assistant, thread: Thread.ID, at now: Int
    ) {
        let told = [request.instructions ?? assistant.instructions, request.additionalInstructions]
        let instructions = told.compactMap { $0 }.filter { !$0.isEmpty }
        self.init(
            id: id, createdAt: now, assistantID: assistant.id, threadID: thread,
            expiresAt: now + max(1, Int(request.deadline.components.seconds)),
            model: request.model ?? assistant.model,
            instructions: instructions.isEmpty ? nil : instructions.joined(separator: "\n\n"),
            tools: request.tools ?? assistant.tools)
        toolResources = assistant.toolResources
        metadata = request.metadata
        temperature = request.temperature ?? assistant.temperature
        topP = request.topP ?? assistant.topP
        reasoningEffort = request.reasoningEffort ?? assistant.reasoningEffort
        maxPromptTokens = request.maxPromptTokens
        maxCompletionTokens = request.maxCompletionTokens
        truncation = request.truncation
        responseFormat = request.responseFormat ?? assistant.responseFormat
        toolChoice = request.toolChoice
        allowsParallelToolCalls = request.allowsParallelToolCalls
    }
}

extension Database {
    /// Throws where a project has used up its tokens of the day.
    func requireTokens(
        of project: Project.ID, _ limits: TokenLimits, at milliseconds: Int
    ) throws {
        guard let most = limits.projectDay else { return }
        let used = try tokens(usedBy: project, onDayOf: milliseconds)
        if used < most { return }
        throw APIError(
            status: 429, code: "rate_limit_exceeded",
            message: "The project \(project) has used \(used) tokens today; the most it may use a "
                + "day is \(most). It may go on after midnight in Greenwich.")
    }

    /// Throws unless there is something to answer.
    fileprivate func requireQuestion(in thread: Thread.ID, for run: Run) throws {
        if run.instructions != nil { return }
        let sql = "SELECT EXISTS (SELECT 1 FROM message WHERE thread = ? AND role = 'user')"
        if try Bool.fetchOne(self, sql: sql, arguments: [thread]) == true { return }
        throw APIError.invalid(
            "Run creation requires a Thread with a user message or an assistant with instructions.",
            code: "invalid_thread")
    }
}
