package import Assistants
import Events
import GRDB
import Synchronization

// The runs that this process carries on.

extension Engine: RunCounting {
    /// Starts a loop; it is known until it has ended.
    func start(_ loop: RunLoop, with input: RunInput) {
        let isHosted = live.withLock { live in
            if live.isClosing { return false }
            let task = Task {
                await loop.run(first: input)
                self.remove(loop)
            }
            live.loops[loop.runID] = (loop, task)
            return true
        }
        // The engine is closing: the run stays in the queue for the next host.
        if !isHosted { loop.streams.end() }
    }

    /// The loop of a run, while it is active here.
    func loop(of run: Run.ID) -> RunLoop? { live.withLock { $0.loops[run]?.loop } }

    /// Whether the engine lets go of its runs.
    var isClosing: Bool { live.withLock { $0.isClosing } }

    /// Carries on with the runs that were active when the last host went; once, where `open` did
    /// not.
    package func recover() async throws(APIError) {
        let lease = clock.milliseconds + RunLoop.leaseLength
        let records = try await store.write { try $0.claimActiveRuns(lease: lease) }
        for record in records {
            let machine = RunMachine(
                record.run, steps: record.steps, messages: record.messages, memory: record.memory,
                tokenLimit: limits.run, commands: freeCommands,
                files: await codeFiles(of: record.run))
            let loop = RunLoop(self, machine, project: record.project, attempt: record.attempt)
            start(loop, with: .recovered(interruptions: record.interruptions))
        }
    }

    package func activeRunCounts() async throws(APIError) -> [RunStatus: Int] {
        try await store.read { try $0.activeRunCounts() }
    }

    /// Lets go of every run, for the next host to carry on, and of the data directory.
    package func close() async {
        let tasks = live.withLock { live in
            live.isClosing = true
            return live.loops.values.map { loop, task in
                loop.suspend()
                return task
            }
        }
        for task in tasks { await task.value }
        await indexer.close()
        await interpreter.close()
        events.close()
        await store.close()
    }

    /// Deletes a thread; an active run on it is cancelled first.
    package func deleteThread(_ id: Thread.ID, for caller: Caller) async throws(APIError) {
        let active = try await store.read { try $0.threadRow(id, for: caller).activeRun }
        if let active, let (loop, task) = live.withLock({ $0.loops[active] }) {
            // A run that ends by itself meanwhile needs no cancelling.
            _ = try? await loop.cancel()
            await task.value
        }
        try await store.write { db in
            try db.requireThread(id, for: caller)
            try db.execute(sql: "DELETE FROM thread WHERE id = ?", arguments: [id])
        }
        await interpreter.forget(id)
        publish(.threadDeleted, thread: id)
    }

    private func remove(_ loop: RunLoop) {
        live.withLock { _ = $0.loops.removeValue(forKey: loop.runID) }
    }
}

/// The loops of active runs, and the tasks in which they run.
struct LiveRuns {
    var loops: [Run.ID: (loop: RunLoop, task: Task<Void, Never>)] = [:]
    var isClosing = false
}

extension Engine: RunWatching {
    package func retellRun(
        on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) {
        let active = try await store.read { try $0.threadRow(thread, for: caller).activeRun }
        if let active { loop(of: active)?.retell() }
    }
}

extension Engine: ModelListing {
    package func models(for caller: Caller) async throws(APIError) -> [ModelInfo] {
        await models.models()
    }

    package func model(
        answering assistant: Assistant, for caller: Caller
    ) async throws(APIError) -> ModelInfo {
        do throws(ModelError) {
            return try await models.backend(for: assistant.model).info
        } catch {
            throw APIError(status: 503, code: "no_model", message: error.message)
        }
    }
}
