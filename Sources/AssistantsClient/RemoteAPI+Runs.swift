public import Assistants
import Wire

// Runs and their steps.
extension RemoteAPI {
    public func createRun(
        _ request: RunRequest, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        try await Run(
            json: post(
                path(thread) + "/runs", .object(request.json), headers: request.deadlineHeader))
    }

    public func streamRun(
        _ request: RunRequest, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream {
        try await connection.stream(
            path(thread) + "/runs", .object(request.json), headers: request.deadlineHeader,
            resumes: resumesStreams)
    }

    public func createThreadAndRun(
        _ thread: ThreadRequest, _ request: RunRequest, for caller: Caller
    ) async throws(APIError) -> Run {
        try await Run(
            json: post(
                "/threads/runs", body(thread, request), headers: request.deadlineHeader))
    }

    public func streamThreadAndRun(
        _ thread: ThreadRequest, _ request: RunRequest, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream {
        try await connection.stream(
            "/threads/runs", body(thread, request), headers: request.deadlineHeader,
            resumes: resumesStreams)
    }

    public func run(
        _ id: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        try await Run(json: get(path(id, on: thread)))
    }

    public func runs(
        on thread: Thread.ID, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Run> {
        try await connection.page(path(thread) + "/runs", page, [], Run.init(json:))
    }

    public func modifyRun(
        _ id: Run.ID, on thread: Thread.ID, metadata: [String: String], for caller: Caller
    ) async throws(APIError) -> Run {
        try await Run(json: post(path(id, on: thread), ["metadata": metadata.wireJSON]))
    }

    public func cancelRun(
        _ id: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        try await Run(json: post(path(id, on: thread) + "/cancel"))
    }

    public func submitToolOutputs(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        try await Run(
            json: post(
                path(run, on: thread) + "/submit_tool_outputs", ["tool_outputs": outputs.json]))
    }

    public func streamToolOutputs(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream {
        try await connection.stream(
            path(run, on: thread) + "/submit_tool_outputs", ["tool_outputs": outputs.json],
            resumes: resumesStreams)
    }

    public func step(
        _ id: RunStep.ID, of run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> RunStep {
        try await RunStep(
            json: get(path(run, on: thread) + "/steps/\(id.percentEncoded)", everything))
    }

    public func steps(
        of run: Run.ID, on thread: Thread.ID, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<RunStep> {
        try await connection.page(
            path(run, on: thread) + "/steps", page, everything, RunStep.init(json:))
    }

    /// Steps come with what was found, as they do from the engine.
    private var everything: [(String, String)] {
        [("include[]", "step_details.tool_calls[*].file_search.results[*].content")]
    }

    private func path(_ run: Run.ID, on thread: Thread.ID) -> String {
        path(thread) + "/runs/\(run.percentEncoded)"
    }

    /// A run's request with its new thread inside; what only a thread that is there can take,
    /// becomes part of the new one.
    private func body(_ thread: ThreadRequest, _ request: RunRequest) -> JSONValue {
        var thread = thread
        thread.messages += request.additionalMessages
        var body = request.json
        body.removeValue(forKey: "additional_messages")
        // This one endpoint does not take it.
        body.removeValue(forKey: "reasoning_effort")
        body["thread"] = thread.json
        return .object(body)
    }
}
