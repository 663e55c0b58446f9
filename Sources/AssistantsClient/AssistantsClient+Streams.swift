public import Assistants

// Streams that are closed when their scope is left.
extension AssistantsClient {
    /// Runs an assistant on a thread and reads what it does.
    ///
    /// The connection is closed when `body` returns or throws, and at once when the task is
    /// cancelled; the run itself goes on. `handler` is told of everything that `body` reads.
    public func withRunStream<Result>(
        on thread: Thread.ID, _ request: RunRequest,
        handler: (any AssistantEventHandler)? = nil,
        _ body: (RunStream) async throws -> Result
    ) async throws -> Result {
        try await use(threads.runs.stream(on: thread, request, handler: handler), body)
    }

    /// Runs an assistant on a thread and reads what it does; `RunRequest` has all that can be said.
    public func withRunStream<Result>(
        on thread: Thread.ID, assistant: Assistant.ID, instructions: String? = nil,
        handler: (any AssistantEventHandler)? = nil,
        _ body: (RunStream) async throws -> Result
    ) async throws -> Result {
        try await withRunStream(
            on: thread, RunRequest(assistantID: assistant, instructions: instructions),
            handler: handler, body)
    }

    /// Creates a thread, runs an assistant on it and reads what it does.
    public func withThreadAndRunStream<Result>(
        _ thread: ThreadRequest, _ request: RunRequest,
        handler: (any AssistantEventHandler)? = nil,
        _ body: (RunStream) async throws -> Result
    ) async throws -> Result {
        try await use(threads.createAndStream(thread, request, handler: handler), body)
    }

    /// Gives a run the outputs that it waits for, all at once, and reads how it goes on. Works
    /// inside a callback of the stream that told of the calls.
    public func withToolOutputsStream<Result>(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID,
        handler: (any AssistantEventHandler)? = nil,
        _ body: (RunStream) async throws -> Result
    ) async throws -> Result {
        try await use(
            threads.runs.streamToolOutputs(outputs, to: run, on: thread, handler: handler), body)
    }

    private func use<Result>(
        _ stream: RunStream, _ body: (RunStream) async throws -> Result
    ) async throws -> Result {
        let closer = stream.closer
        return try await withTaskCancellationHandler {
            let result: Result
            do {
                result = try await body(stream)
            } catch {
                // What went wrong in the first place is what matters.
                try? await stream.leave()
                throw error
            }
            try await stream.leave()
            return result
        } onCancel: {
            closer.close()
        }
    }
}
