public import Assistants

extension AssistantsClient {
    /// The runs on threads: executions of an assistant.
    public struct Runs: Sendable {
        let api: ForeignService

        /// The steps of runs.
        public var steps: Steps { Steps(api: api) }

        /// Starts a run and gives it as it was queued.
        public func create(
            on thread: Thread.ID, _ request: RunRequest
        ) async throws(APIError) -> Run {
            try await api.createRun(request, on: thread, for: .trusted)
        }

        /// Starts a run and gives it as it was queued; `RunRequest` has all that can be said.
        public func create(
            on thread: Thread.ID, assistant: Assistant.ID, instructions: String? = nil
        ) async throws(APIError) -> Run {
            try await create(
                on: thread, RunRequest(assistantID: assistant, instructions: instructions))
        }

        /// The run with an id.
        public func retrieve(_ id: Run.ID, on thread: Thread.ID) async throws(APIError) -> Run {
            try await api.run(id, on: thread, for: .trusted)
        }

        /// All runs, from the page on that is asked for.
        public func list(
            on thread: Thread.ID, _ page: PageRequest = PageRequest()
        ) -> PageSequence<Run> {
            PageSequence(page) { (page) throws(APIError) in
                try await api.runs(on: thread, page, for: .trusted)
            }
        }

        /// Replaces a run's metadata.
        public func update(
            _ id: Run.ID, on thread: Thread.ID, metadata: [String: String]
        ) async throws(APIError) -> Run {
            try await api.modifyRun(id, on: thread, metadata: metadata, for: .trusted)
        }

        /// Asks a run to stop; it is `cancelling` until it has.
        public func cancel(_ id: Run.ID, on thread: Thread.ID) async throws(APIError) -> Run {
            try await api.cancelRun(id, on: thread, for: .trusted)
        }

        /// Gives a run the outputs that it waits for, all at once.
        public func submitToolOutputs(
            _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID
        ) async throws(APIError) -> Run {
            try await api.submitToolOutputs(outputs, to: run, on: thread, for: .trusted)
        }

        // MARK: - Streams

        /// Starts a run and gives its stream. The connection is closed when the stream is let go;
        /// `withRunStream` closes it at the end of a scope.
        public func stream(
            on thread: Thread.ID, _ request: RunRequest,
            handler: (any AssistantEventHandler)? = nil
        ) async throws(APIError) -> RunStream {
            RunStream(try await api.runSource(request, on: thread), handler: handler)
        }

        /// Gives a run the outputs that it waits for, and the stream of how it goes on.
        public func streamToolOutputs(
            _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID,
            handler: (any AssistantEventHandler)? = nil
        ) async throws(APIError) -> RunStream {
            RunStream(
                try await api.runSource(outputs, to: run, on: thread), handler: handler)
        }

        // MARK: - Polling

        /// Starts a run and waits until it has ended or needs outputs.
        public func createAndPoll(
            on thread: Thread.ID, _ request: RunRequest, polling: Polling = Polling()
        ) async throws(APIError) -> Run {
            try await polling.run(create(on: thread, request), api)
        }

        /// Waits until a run has ended or needs outputs.
        public func poll(
            _ id: Run.ID, on thread: Thread.ID, polling: Polling = Polling()
        ) async throws(APIError) -> Run {
            try await polling.run(id, on: thread, api)
        }

        /// Gives a run the outputs that it waits for, and waits until it has ended or needs more.
        public func submitToolOutputsAndPoll(
            _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID,
            polling: Polling = Polling()
        ) async throws(APIError) -> Run {
            try await polling.run(submitToolOutputs(outputs, to: run, on: thread), api)
        }
    }

    /// The steps of runs.
    public struct Steps: Sendable {
        let api: ForeignService

        /// The step with an id, with the passages that a search found.
        public func retrieve(
            _ id: RunStep.ID, of run: Run.ID, on thread: Thread.ID
        ) async throws(APIError) -> RunStep {
            try await api.step(id, of: run, on: thread, for: .trusted)
        }

        /// All steps, with the passages that searches found, from the page on that is asked for.
        public func list(
            of run: Run.ID, on thread: Thread.ID, _ page: PageRequest = PageRequest()
        ) -> PageSequence<RunStep> {
            PageSequence(page) { (page) throws(APIError) in
                try await api.steps(of: run, on: thread, page, for: .trusted)
            }
        }
    }
}
