package import Assistants
import Synchronization

// Runs, which stay queued until a test plays their events, and the capabilities.
extension ScriptedService {
    package func createRun(
        _ request: RunRequest, on thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        try note("createRun")
        let assistant = try await assistant(request.assistantID, for: caller)
        let (id, time) = newID("run")
        let run = Run(
            id: id, createdAt: time, assistantID: assistant.id, threadID: thread,
            model: assistant.model, instructions: request.additionalInstructions)
        play([.run(.created, run), .run(.queued, run)], run: id, on: thread)
        return run
    }

    package func streamRun(
        _ request: RunRequest, on thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream {
        guard let events = state.withLock({ $0.streams[thread] }) else {
            throw .invalid("A scripted service streams what a test gave it.")
        }
        let source = Script(events)
        return AssistantEventStream { source.next() }
    }

    /// What is still to be streamed.
    private final class Script: Sendable {
        private let events: Mutex<[AssistantEvent]?>
        init(_ events: [AssistantEvent]) { self.events = Mutex(events) }
        func next() -> [AssistantEvent]? { events.withLock { $0.take() } }
    }

    package func createThreadAndRun(
        _ thread: ThreadRequest, _ request: RunRequest, for caller: Caller
    ) async throws(APIError) -> Run {
        try await createRun(request, on: createThread(thread, for: caller).id, for: caller)
    }

    package func streamThreadAndRun(
        _ thread: ThreadRequest, _ request: RunRequest, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream {
        throw .invalid("A scripted service streams to its bus only.")
    }

    package func run(
        _ id: Run.ID, on thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        try note("run")
        return try found(runs.first { $0.id == id }, "run", id)
    }

    package func runs(
        on thread: Assistants.Thread.ID, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Run> {
        try note("runs")
        return runs.filter { $0.threadID == thread }.page(page)
    }

    package func modifyRun(
        _ id: Run.ID, on thread: Assistants.Thread.ID, metadata: [String: String],
        for caller: Caller
    ) async throws(APIError) -> Run {
        try await run(id, on: thread, for: caller)
    }

    package func cancelRun(
        _ id: Run.ID, on thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        var run = try await run(id, on: thread, for: caller)
        try note("cancelRun")
        run.status = .cancelling
        play([.run(.cancelling, run)], run: id, on: thread)
        run.status = .cancelled
        play([.run(.cancelled, run), .done], run: id, on: thread)
        return run
    }

    package func submitToolOutputs(
        _ outputs: [ToolOutput], to id: Run.ID, on thread: Assistants.Thread.ID,
        for caller: Caller
    ) async throws(APIError) -> Run {
        var run = try await run(id, on: thread, for: caller)
        try note("submitToolOutputs " + outputs.map(\.output).joined(separator: ","))
        run.status = .queued
        run.requiredAction = []
        play([.run(.queued, run)], run: id, on: thread)
        return run
    }

    package func streamToolOutputs(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Assistants.Thread.ID,
        for caller: Caller
    ) async throws(APIError) -> AssistantEventStream {
        throw .invalid("A scripted service streams to its bus only.")
    }

    package func step(
        _ id: RunStep.ID, of run: Run.ID, on thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> RunStep {
        try found(state.withLock { $0.steps.first { $0.id == id } }, "run step", id)
    }

    package func steps(
        of run: Run.ID, on thread: Assistants.Thread.ID, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<RunStep> {
        try note("steps")
        return state.withLock { $0.steps.filter { $0.runID == run }.page(page) }
    }

    // MARK: - Capabilities

    package func retellRun(
        on thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) {
        try note("retellRun")
        for event in retold {
            publish(.run(event), thread: thread, run: runs.last { $0.threadID == thread }?.id ?? "")
        }
    }

    package func threads(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<ThreadSummary> {
        try note("threads")
        return state.withLock { state in
            let summaries = state.threads.map { thread in
                let messages = state.messages[thread.id] ?? []
                let run = state.runs.last { $0.threadID == thread.id }
                return ThreadSummary(
                    thread: thread, lastActivity: messages.last?.createdAt ?? thread.createdAt,
                    messageCount: messages.count, opening: messages.first?.text ?? "",
                    activeRun: run.flatMap { $0.status.isActive ? $0.id : nil },
                    assistantID: run?.assistantID)
            }
            return summaries.sorted { $0.lastActivity < $1.lastActivity }.page(page)
        }
    }

    package func messageCount(
        in thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> Int {
        try note("messageCount")
        return messages(in: thread).count
    }

    package func messages(
        in thread: Assistants.Thread.ID, at range: Range<Int>, for caller: Caller
    ) async throws(APIError) -> [Message] {
        try note("messages \(range)")
        let messages = messages(in: thread)
        return Array(messages[range.clamped(to: 0..<messages.count)])
    }

    package func models(for caller: Caller) async throws(APIError) -> [ModelInfo] {
        try note("models")
        return state.withLock { $0.models }
    }

    package func model(
        answering assistant: Assistant, for caller: Caller
    ) async throws(APIError) -> ModelInfo {
        let model = state.withLock { $0.models.first { $0.name == assistant.model } }
        return try found(model, "model", assistant.model)
    }
}
