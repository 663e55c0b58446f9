import Assistants
import AssistantsClient
import Events
import Synchronization
import Transport

/// A server that lists no threads and tells nothing by itself: the threads are those that were seen
/// there before, and the runs that are started here are told as they stream.
///
/// A class, because it remembers what it sees.
final class ForeignThreads: RemoteAPI, ModelListing, ThreadListing {
    let connection: RemoteConnection
    private let service: ForeignService
    private let events: EventBus<ServiceEvent>
    private let known: Mutex<[Thread.ID]>

    /// The most threads that are asked for.
    private static let mostThreads = 50

    init(_ connection: RemoteConnection, _ events: EventBus<ServiceEvent>, known: [Thread.ID]) {
        self.connection = connection
        self.events = events
        service = ForeignService(connection)
        self.known = Mutex(known)
    }

    // MARK: - Threads

    func createThread(
        _ request: ThreadRequest, for caller: Caller
    ) async throws(APIError) -> Thread {
        let thread = try await service.createThread(request, for: caller)
        known.withLock { $0.insert(thread.id, at: 0) }
        return thread
    }

    /// The threads that are known and still there.
    func threads(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<ThreadSummary> {
        if page.after != nil { return Page(data: [], hasMore: false) }
        let ids = known.withLock { Array($0.prefix(Self.mostThreads)) }
        let found = await withTaskGroup(of: ThreadSummary?.self) { group in
            for id in ids { group.addTask { try? await self.summary(of: id) } }
            return await group.reduce(into: [ThreadSummary]()) { list, summary in
                if let summary { list.append(summary) }
            }
        }
        let newest = found.sorted { $0.lastActivity > $1.lastActivity }
        return Page(data: newest, hasMore: false)
    }

    private func summary(of id: Thread.ID) async throws(APIError) -> ThreadSummary {
        let thread = try await service.thread(id, for: .trusted)
        let page = try await service.messages(
            in: id, run: nil, PageRequest(limit: 100, order: .ascending), for: .trusted)
        let run = try await service.runs(on: id, PageRequest(limit: 1), for: .trusted).data.first
        let last = page.data.last?.createdAt ?? thread.createdAt
        let opening = page.data.first?.text.prefix { !$0.isNewline } ?? ""
        return ThreadSummary(
            thread: thread, lastActivity: max(last, run?.createdAt ?? 0),
            messageCount: page.data.count, opening: String(opening.prefix(120)),
            activeRun: run.flatMap { $0.status.isActive ? $0.id : nil },
            assistantID: run?.assistantID)
    }

    // MARK: - Models

    /// The models that the server lists; none where it has no such list, as the API has none.
    func models(for caller: Caller) async throws(APIError) -> [ModelInfo] {
        do throws(APIError) {
            return try await service.models(for: caller).map { model in
                var model = model
                model.host = host
                return model
            }
        } catch {
            if error.status == 404 || error.status == 405 { return [] }
            throw error
        }
    }

    /// The assistant's own model, whether it is listed or not.
    func model(
        answering assistant: Assistant, for caller: Caller
    ) async throws(APIError) -> ModelInfo {
        ModelInfo(name: assistant.model, provider: "", host: host, isLocal: false)
    }

    /// Where requests go: nobody else knows where the models run.
    private var host: String { HTTPRequest(url: connection.baseURL).destination }

    // MARK: - Runs

    func createRun(
        _ request: RunRequest, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        try await tell(try await service.streamRun(request, on: thread, for: caller), of: thread)
    }

    func submitToolOutputs(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run {
        try await tell(
            try await service.streamToolOutputs(outputs, to: run, on: thread, for: caller),
            of: thread)
    }

    /// Tells a stream as it comes; gives the run back as soon as it is known.
    private func tell(
        _ stream: AssistantEventStream, of thread: Thread.ID
    ) async throws(APIError) -> Run {
        let (runs, found) = AsyncStream<Result<Run, APIError>>.makeStream()
        // Whoever asked does not wait for the run's end.
        Task {
            var run: Run?
            do {
                for try await event in stream {
                    if case .run(_, let told) = event {
                        run = told
                        found.yield(.success(told))
                    }
                    if case .error(let error) = event, run == nil { throw error }
                    self.publish(event, of: thread, run?.id)
                }
            } catch {
                let error = error as? APIError
                found.yield(
                    .failure(error ?? APIError(status: 502, message: "The stream broke off.")))
                if let run { await self.waitForEnd(of: run) }
            }
            if let health = await stream.health() {
                self.events.publish(
                    ServiceEvent(
                        threadID: thread, runID: run?.id ?? "", kind: .streamHealth(health)))
            }
            found.finish()
        }
        for await result in runs { return try result.get() }
        throw APIError(
            status: 502, message: "The server answered with a stream that tells of no run.")
    }

    private func publish(_ event: AssistantEvent, of thread: Thread.ID, _ run: Run.ID?) {
        events.publish(
            ServiceEvent(threadID: thread, runID: run ?? "", kind: .run(event)))
    }

    /// Asks how a run goes on whose stream was cut, and tells its end.
    private func waitForEnd(of run: Run) async {
        var last = run
        while last.status.isActive, !Task.isCancelled {
            // Woken early only by the end of the task.
            try? await Task.sleep(for: .seconds(1))
            guard let now = try? await service.run(run.id, on: run.threadID, for: .trusted) else {
                continue
            }
            last = now
        }
        let retelling = Retelling(runs: ActiveRuns()) { self.events.publish($0) }
        await retelling.tell(ended: last, service)
    }
}
