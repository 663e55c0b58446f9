import Assistants
import AssistantsClient
import AssistantsEngine
import AssistantsServer
import FoundationEssentials
import Logging
import TestSupport
import Transport

/// A server on a free port, over any service, until it is stopped.
final class TestServer: Sendable {
    let port: Int
    private let server: APIServer
    private let running: Task<Void, Never>

    /// Keys: `test` is the person at this machine, `team-…` a project of that name.
    init(
        _ service: any AssistantsService, events: (@Sendable () -> ServiceEventStream)? = nil,
        _ change: (inout ServerSettings) -> Void = { _ in }
    ) async throws {
        var settings = ServerSettings(.address(host: "127.0.0.1", port: 0))
        // The long forms keep the processors busy: what is slow here is the machine.
        settings.limits.headPatience = .seconds(600)
        settings.limits.bodyPatience = .seconds(600)
        settings.limits.idlePatience = .seconds(600)
        change(&settings)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = APIServer(
            service, settings: settings, logger: logger, events: events
        ) { key in
            if key == "test" { return .trusted }
            return key.flatMap { $0.hasPrefix("team-") ? .project($0) : nil }
        }
        let (ports, port) = AsyncStream<Int>.makeStream()
        self.server = server
        running = Task {
            do {
                try await server.run { port.yield($0) }
            } catch {
                print(error)
            }
            port.finish()
        }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { throw NoServer() }
        self.port = port
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// The API as our own client sees it.
    func client(key: String = "test") -> RemoteService {
        RemoteService(baseURL: url + "/v1", key: key, transport: AsyncHTTPTransport())
    }

    func stop() async {
        server.stop()
        await running.value
    }

    struct NoServer: Error {}
}

/// An engine on a directory of its own with a scripted model, behind a server.
struct ServedEngine {
    let engine: Engine
    let model: ScriptedModel
    let server: TestServer
    private let directory: String

    init(_ change: (inout ServerSettings) -> Void = { _ in }) async throws {
        model = ScriptedModel([])
        directory = FileManager.default.temporaryDirectory.path + "/server-\(UUID().uuidString)"
        engine = try await Engine.open(directory: directory, models: model, clock: ManualClock())
        server = try await TestServer(engine, events: engine.events.stream, change)
    }

    func close() async {
        await server.stop()
        await engine.close()
        try? FileManager.default.removeItem(atPath: directory)
    }
}
