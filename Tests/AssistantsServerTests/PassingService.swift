import Assistants
import Synchronization
import TestSupport

/// A service whose models answer with what they were asked; it does nothing else.
final class PassingService: AssistantsService, ModelGateway {
    func passOn(
        _ request: ModelAPIRequest, for caller: Caller
    ) async throws(APIError) -> ModelAPIAnswer {
        let first = Array("\(request.operation.rawValue) \(request.model) ".utf8)
        let pieces = Mutex([first, request.body][...])
        let reading = Reading(pieces)
        return ModelAPIAnswer(status: 418, contentType: "text/x-echo") { reading.next() }
    }

    private final class Reading: Sendable {
        private let pieces: Mutex<ArraySlice<[UInt8]>>
        init(_ pieces: consuming Mutex<ArraySlice<[UInt8]>>) { self.pieces = pieces }
        func next() -> [UInt8]? { pieces.withLock { $0.popFirst() } }
    }
}

// What nobody asks of it.
extension PassingService {
    private func refuse() throws(APIError) -> Never { throw .invalid("Not here.") }

    func createAssistant(
        _ request: AssistantRequest, for caller: Caller
    ) async throws(APIError) -> Assistant { try refuse() }

    func assistant(_ id: Assistant.ID, for caller: Caller) async throws(APIError) -> Assistant {
        try refuse()
    }

    func assistants(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Assistant> { try refuse() }

    func modifyAssistant(
        _ id: Assistant.ID, _ changes: AssistantChanges, for caller: Caller
    ) async throws(APIError) -> Assistant { try refuse() }

    func deleteAssistant(_ id: Assistant.ID, for caller: Caller) async throws(APIError) {
        try refuse()
    }

    func createThread(
        _ request: ThreadRequest, for caller: Caller
    ) async throws(APIError) -> Assistants.Thread { try refuse() }

    func thread(
        _ id: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> Assistants.Thread { try refuse() }

    func modifyThread(
        _ id: Assistants.Thread.ID, _ changes: ThreadChanges, for caller: Caller
    ) async throws(APIError) -> Assistants.Thread { try refuse() }

    func deleteThread(_ id: Assistants.Thread.ID, for caller: Caller) async throws(APIError) {
        try refuse()
    }

    func createMessage(
        _ request: MessageRequest, in thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> Message { try refuse() }

    func message(
        _ id: Message.ID, in thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> Message { try refuse() }

    func messages(
        in thread: Assistants.Thread.ID, run: Run.ID?, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Message> { try refuse() }

    func modifyMessage(
        _ id: Message.ID, in thread: Assistants.Thread.ID, metadata: [String: String],
        for caller: Caller
    ) async throws(APIError) -> Message { try refuse() }

    func deleteMessage(
        _ id: Message.ID, in thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) { try refuse() }

    func createRun(
        _ request: RunRequest, on thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run { try refuse() }

    func streamRun(
        _ request: RunRequest, on thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream { try refuse() }

    func createThreadAndRun(
        _ thread: ThreadRequest, _ request: RunRequest, for caller: Caller
    ) async throws(APIError) -> Run { try refuse() }

    func streamThreadAndRun(
        _ thread: ThreadRequest, _ request: RunRequest, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream { try refuse() }

    func run(
        _ id: Run.ID, on thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run { try refuse() }

    func runs(
        on thread: Assistants.Thread.ID, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Run> { try refuse() }

    func modifyRun(
        _ id: Run.ID, on thread: Assistants.Thread.ID, metadata: [String: String],
        for caller: Caller
    ) async throws(APIError) -> Run { try refuse() }

    func cancelRun(
        _ id: Run.ID, on thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run { try refuse() }

    func submitToolOutputs(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> Run { try refuse() }

    func streamToolOutputs(
        _ outputs: [ToolOutput], to run: Run.ID, on thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> AssistantEventStream { try refuse() }

    func step(
        _ id: RunStep.ID, of run: Run.ID, on thread: Assistants.Thread.ID, for caller: Caller
    ) async throws(APIError) -> RunStep { try refuse() }

    func steps(
        of run: Run.ID, on thread: Assistants.Thread.ID, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<RunStep> { try refuse() }
}
