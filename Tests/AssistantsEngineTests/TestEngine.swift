import Assistants
import AssistantsEngine
import Events
import FoundationEssentials
import Processes
import TestSupport

/// An engine on a directory of its own, which goes with it.
final class TestEngine: Sendable {
    let engine: Engine
    let directory: String
    let clock: ManualClock

    init(
        _ model: ScriptedModel, fileSearch: [String: any FileSearch] = [:],
        interpreter: any CodeInterpreter = NoCodeInterpreter(),
        commands: [String: FunctionCommand] = [:],
        directory: String? = nil, clock: ManualClock = ManualClock(),
        limits: TokenLimits = TokenLimits()
    ) async throws {
        self.directory = directory ?? Self.newDirectory()
        self.clock = clock
        engine = try await Engine.open(
            directory: self.directory, models: model, fileSearch: fileSearch,
            interpreter: interpreter, commands: commands, limits: limits, clock: clock)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func close() async { await engine.close() }

    static func newDirectory() -> String {
        FileManager.default.temporaryDirectory.path + "/engine-\(UUID().uuidString)"
    }

    /// An assistant with tools.
    func assistant(_ tools: [Tool] = [], instructions: String? = nil) async throws -> Assistant {
        try await engine.createAssistant(
            AssistantRequest(
                model: "scripted", name: "Tester", instructions: instructions, tools: tools),
            for: .trusted)
    }

    /// A thread with one question in it.
    func thread(_ question: String = "Hello?") async throws -> Assistants.Thread {
        var request = ThreadRequest()
        request.messages = [MessageRequest(question)]
        return try await engine.createThread(request, for: .trusted)
    }

    /// Asks a new assistant on a new thread, and gives the stream's events.
    func ask(_ question: String, tools: [Tool] = []) async throws -> [AssistantEvent] {
        let assistant = try await assistant(tools)
        let thread = try await thread(question)
        return try await engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
        ).all()
    }
}

extension TestEngine {
    /// The newest run of a thread.
    func onlyRun(of thread: Assistants.Thread.ID) async throws -> Run? {
        try await engine.runs(on: thread, PageRequest(), for: .trusted).data.first
    }
}

extension Mailbox<ServiceEvent> {
    /// Waits for the end of a run's stream, and gives the names of the runs' events up to there.
    func untilDone() async -> [String] {
        var names: [String] = []
        while let batch = await next() {
            for event in batch {
                guard case .run(let event) = event.kind else { continue }
                names.append(event.name)
            }
            if names.last == "done" { break }
        }
        return names
    }
}
