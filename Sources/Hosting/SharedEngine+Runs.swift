package import Assistants
import AssistantsEngine
import Events

// Runs and their steps, wherever the engine is.
extension SharedEngine: AssistantsService {
    package func createRun(
        _ request: RunRequest, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        try await write { (service) throws(APIError) in
            try await service.createRun(request, on: thread, for: caller)
        }
    }

    package func streamRun(
        _ request: RunRequest, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream {
        _ = try await service()
        if let engine { return try await engine.streamRun(request, on: thread, for: caller) }
        return try await followed { () throws(APIError) in
            (try await createRun(request, on: thread, for: caller).id, [])
        }
    }

    package func createThreadAndRun(
        _ thread: ThreadRequest, _ request: RunRequest, for caller: Caller
    ) async throws(APIError) -> Run {
        try await write { (service) throws(APIError) in
            try await service.createThreadAndRun(thread, request, for: caller)
        }
    }

    package func streamThreadAndRun(
        _ thread: ThreadRequest, _ request: RunRequest, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream {
        _ = try await service()
        if let engine {
            return try await engine.streamThreadAndRun(thread, request, for: caller)
        }
        return try await followed { () throws(APIError) in
            let run = try await createThreadAndRun(thread, request, for: caller)
            let thread = try await self.thread(run.threadID, for: caller)
            return (run.id, [.threadCreated(thread)])
        }
    }

    package func run(
        _ id: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        try await read { (service) throws(APIError) in
            try await service.run(id, on: thread, for: caller)
        }
    }

    package func runs(
        on thread: Thread.ID, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Run> {
        try await read { (service) throws(APIError) in
            try await service.runs(on: thread, page, for: caller)
        }
    }

    package func modifyRun(
        _ id: Run.ID, on thread: Thread.ID, metadata: [String: String], for caller: Caller
    ) async throws(APIError) -> Run {
        try await write { (service) throws(APIError) in
            try await service.modifyRun(id, on: thread, metadata: metadata, for: caller)
        }
    }

    package func cancelRun(
        _ id: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        try await write { (service) throws(APIError) in
            try await service.cancelRun(id, on: thread, for: caller)
        }
    }

    package func submitToolOutputs(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        try await write { (service) throws(APIError) in
            try await service.submitToolOutputs(outputs, to: run, on: thread, for: caller)
        }
    }

    package func streamToolOutputs(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream {
        _ = try await service()
        if let engine {
            return try await engine.streamToolOutputs(outputs, to: run, on: thread, for: caller)
        }
        return try await followed(answered: Set(outputs.map(\.toolCallID))) { () throws(APIError) in
            _ = try await submitToolOutputs(outputs, to: run, on: thread, for: caller)
            return (run, [])
        }
    }

    package func step(
        _ id: RunStep.ID, of run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> RunStep {
        try await read { (service) throws(APIError) in
            try await service.step(id, of: run, on: thread, for: caller)
        }
    }

    package func steps(
        of run: Run.ID, on thread: Thread.ID, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<RunStep> {
        try await read { (service) throws(APIError) in
            try await service.steps(of: run, on: thread, page, for: caller)
        }
    }

    /// Starts something, and reads its run from what the host tells everyone: nothing is missed,
    /// because the reading begins before the run.
    private func followed(
        answered: Set<String> = [],
        _ start: () async throws(APIError) -> (Run.ID, [AssistantEvent])
    ) async throws(APIError) -> AssistantEventStream {
        let mailbox = events.subscribe(merges: false)
        do throws(APIError) {
            let (run, first) = try await start()
            let followed = FollowedRun(
                run, mailbox, of: events, first: first, answered: answered)
            return AssistantEventStream { try await followed.next() }
        } catch {
            events.unsubscribe(mailbox)
            throw error
        }
    }
}

extension SharedEngine: RunWatching {
    package func retellRun(on thread: Thread.ID, for caller: Caller) async throws(APIError) {
        try await read { (service) throws(APIError) in
            try await service.retellRun(on: thread, for: caller)
        }
    }
}
