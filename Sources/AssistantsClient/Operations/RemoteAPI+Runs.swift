package import Assistants
import Transport
import Wire

// Runs and their steps.
extension RemoteAPI {
    package func createRun(
        _ request: RunRequest, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        let mark = connection.mark(request.metadata)
        var request = request
        request.metadata = mark.metadata
        return try await Run(
            json: connection.create(
                path(thread) + "/runs", .object(request.json), headers: request.deadlineHeader,
                doubt: mark.doubt { (name) throws(APIError) in
                    try await self.run(marked: name, on: thread)?.json
                }))
    }

    package func createThreadAndRun(
        _ thread: ThreadRequest, _ request: RunRequest, for caller: Caller
    ) async throws(APIError) -> Run {
        try await Run(
            json: connection.create(
                "/threads/runs", body(thread, request), headers: request.deadlineHeader,
                doubt: connection.knowsKeys ? .sendAgain : .giveUp))
    }

    /// The run that was created under a name; threads cannot be listed, so nothing finds one that
    /// was created together with its thread.
    private func run(marked name: String, on thread: Thread.ID) async throws(APIError) -> Run? {
        try await runs(on: thread, PageRequest(limit: 5), for: .trusted).data
            .first { $0.metadata[CreationMark.key] == name }
    }

    // MARK: - Streams

    package func streamRun(
        _ request: RunRequest, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream {
        stream(try await runSource(request, on: thread))
    }

    package func streamThreadAndRun(
        _ thread: ThreadRequest, _ request: RunRequest, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream {
        stream(try await runSource(thread, request))
    }

    package func streamToolOutputs(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream {
        stream(try await runSource(outputs, to: run, on: thread))
    }

    /// The same events, for readers in other tasks.
    private func stream(_ source: sending RunSource) -> AssistantEventStream {
        let reader = RunReader(source)
        return AssistantEventStream(health: { await reader.health }) {
            try await reader.nextBatch()
        }
    }

    /// The events of a new run.
    func runSource(
        _ request: RunRequest, on thread: Thread.ID
    ) async throws(APIError) -> sending RunSource {
        let mark = connection.mark(request.metadata)
        var request = request
        request.metadata = mark.metadata
        var find: (@Sendable () async throws(APIError) -> Run?)?
        if let name = mark.name {
            find = { () throws(APIError) in try await self.run(marked: name, on: thread) }
        }
        return try await open(
            path(thread) + "/runs", .object(request.json), request.deadlineHeader,
            doubt: mark.doubt { (name) throws(APIError) in
                try await self.run(marked: name, on: thread).map {
                    OpenedStream(kind: .run($0), retries: 1)
                }
            }, thread: thread, find: find)
    }

    /// The events of a new thread with a run.
    func runSource(
        _ thread: ThreadRequest, _ request: RunRequest
    ) async throws(APIError) -> sending RunSource {
        try await open(
            "/threads/runs", body(thread, request), request.deadlineHeader,
            doubt: connection.knowsKeys ? .sendAgain : .giveUp)
    }

    /// The events of a run that goes on with outputs.
    func runSource(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID
    ) async throws(APIError) -> sending RunSource {
        try await open(
            path(run, on: thread) + "/submit_tool_outputs", ["tool_outputs": outputs.json], [],
            doubt: connection.knowsKeys
                ? .sendAgain
                : .look { () throws(APIError) in
                    try await self.run(run, on: thread, ifItTook: outputs).map {
                        OpenedStream(kind: .run($0), retries: 1)
                    }
                }, thread: thread, run: run, answered: Set(outputs.map(\.toolCallID)))
    }

    private func open(
        _ path: String, _ body: JSONValue, _ headers: [(String, String)],
        doubt: Doubt<OpenedStream>, thread: Thread.ID? = nil, run: Run.ID? = nil,
        answered: Set<String> = [],
        find: (@Sendable () async throws(APIError) -> Run?)? = nil
    ) async throws(APIError) -> sending RunSource {
        var body = body.objectValue ?? [:]
        body["stream"] = true
        var request = connection.request("POST", path, body: .object(body))
        request.silenceTimeout = connection.timeouts.streamSilence
        // Without meaning to other servers than ours.
        request.headers += headers + [RemoteConnection.newKey, (Recovery.cursorField, "1")]
        let start = connection.clock.now()
        let sent = try await connection.send(request, doubt: doubt) {
            OpenedStream(kind: .response($0), retries: 0)
        }
        var opened = sent.value
        opened.retries = sent.retries
        return RunSource(
            opened,
            recovery: Recovery(
                self, request, thread: thread, run: run, answered: answered, find: find),
            start: start, clock: connection.clock)
    }

    // MARK: - One run

    package func run(
        _ id: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        try await Run(json: get(path(id, on: thread)))
    }

    package func runs(
        on thread: Thread.ID, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Run> {
        try await connection.page(path(thread) + "/runs", page, [], Run.init(json:))
    }

    package func modifyRun(
        _ id: Run.ID, on thread: Thread.ID, metadata: [String: String], for caller: Caller
    ) async throws(APIError) -> Run {
        try await Run(json: post(path(id, on: thread), ["metadata": metadata.wireJSON]))
    }

    package func cancelRun(
        _ id: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        try await Run(
            json: connection.post(
                path(id, on: thread) + "/cancel",
                doubt: .look { () throws(APIError) in
                    let run = try await self.run(id, on: thread, for: .trusted)
                    return run.status.isActive && run.status != .cancelling ? nil : run.json
                }))
    }

    package func submitToolOutputs(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        try await Run(
            json: connection.create(
                path(run, on: thread) + "/submit_tool_outputs", ["tool_outputs": outputs.json],
                doubt: connection.knowsKeys
                    ? .sendAgain
                    : .look { () throws(APIError) in
                        try await self.run(run, on: thread, ifItTook: outputs)?.json
                    }))
    }

    /// A run that no longer waits for these outputs; nil where it does.
    private func run(
        _ id: Run.ID, on thread: Thread.ID, ifItTook outputs: [ToolOutput]
    ) async throws(APIError) -> Run? {
        let run = try await run(id, on: thread, for: .trusted)
        let waiting = Set(run.requiredAction.map(\.id))
        let isWaiting =
            run.status == .requiresAction && waiting == Set(outputs.map(\.toolCallID))
        return isWaiting ? nil : run
    }

    package func step(
        _ id: RunStep.ID, of run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> RunStep {
        try await RunStep(
            json: get(path(run, on: thread) + "/steps/\(id.percentEncoded)", everything))
    }

    package func steps(
        of run: Run.ID, on thread: Thread.ID, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<RunStep> {
        try await connection.page(
            path(run, on: thread) + "/steps", page, everything, RunStep.init(json:))
    }

    /// Steps come with what was found, as they do from the engine.
    private var everything: [(String, String)] {
        [("include[]", "step_details.tool_calls[*].file_search.results[*].content")]
    }

    func path(_ run: Run.ID, on thread: Thread.ID) -> String {
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
