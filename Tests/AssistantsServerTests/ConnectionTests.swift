import Assistants
import AssistantsClient
import AssistantsEngine
import AssistantsServer
import FoundationEssentials
import Logging
import Synchronization
import TestSupport
import Testing
import Transport
import Wire

@Suite("A connection to a server", .timeLimit(.minutes(5)))
struct ConnectionTests {
    @Test("can have a run that streams, whichever connection it is")
    func runs() {
        #expect(AsyncHTTPTransport.connectionsPerHost >= ServerLimits().connections)
    }

    @Test("goes on after a request for a head alone")
    func head() async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        let answers = try await onThread {
            var client = try RawClient(port: port)
            client.ask("HEAD /v1/models")
            let head = client.read(until: "\r\n\r\n").map { String(decoding: $0, as: UTF8.self) }
            client.ask("GET /v1/models")
            return (head, client.answer()?.status)
        }
        #expect(answers.0?.contains("405") == true)
        #expect(answers.1 == 200)
        await served.close()
    }

    @Test("asks for a body that waits to be asked for")
    func expectation() async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        let answers = try await onThread {
            var client = try RawClient(port: port)
            let headers = [
                "Content-Type: application/json", "Content-Length: 2", "Expect: 100-continue",
            ]
            client.ask("POST /v1/threads", headers: headers)
            let first = client.read(until: "\r\n\r\n").map { String(decoding: $0, as: UTF8.self) }
            client.send("{}")
            return (first, client.answer()?.status)
        }
        #expect(answers.0?.hasPrefix("HTTP/1.1 100 ") == true)
        #expect(answers.1 == 200)
        await served.close()
    }

    @Test(
        "is closed after the answer where the client asks for that", arguments: ["close", "Close"])
    func closing(word: String) async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        let (status, rest) = try await onThread {
            var client = try RawClient(port: port)
            client.ask("GET /v1/models", headers: ["Connection: \(word)"])
            return (client.answer()?.status, client.readToEnd())
        }
        #expect(status == 200)
        #expect(rest.isEmpty)
        await served.close()
    }

    @Test("may be a socket that only its owner can open, with no key")
    func socket() async throws {
        let path = "/tmp/server-\(UUID().uuidString.prefix(8)).sock"
        let server = APIServer(
            ScriptedService(), settings: ServerSettings(.socket(path: path)),
            logger: .quiet
        ) { key in key == nil ? .trusted : nil }
        let (ready, isReady) = AsyncStream<Void>.makeStream()
        let running = Task {
            try await server.run { _ in isReady.finish() }
        }
        for await _ in ready {}
        let facts = try FileManager.default.attributesOfItem(atPath: path)
        #expect(facts[.posixPermissions] as? Int == 0o600)
        let client = RemoteService(
            baseURL: "http://localhost/v1", key: nil, transport: AsyncHTTPTransport(),
            socketPath: path)
        #expect(try await client.threads(PageRequest(), for: .trusted).data.isEmpty)
        server.stop()
        try await running.value
        try? FileManager.default.removeItem(atPath: path)
    }

    @Test("leaves one line a request in the log, with no content and no key")
    func logging() async throws {
        let log = KeptLog()
        let server = APIServer(
            ScriptedService(), settings: ServerSettings(.address(host: "127.0.0.1", port: 0)),
            logger: Logger(label: "kept") { _ in log }
        ) { key in key == "sk-canary" ? .project("team") : nil }
        let (ports, port) = AsyncStream<Int>.makeStream()
        let running = Task { try await server.run { port.yield($0) } }
        var iterator = ports.makeAsyncIterator()
        let number = try #require(await iterator.next())
        try await onThread {
            _ = try RawClient.ask(
                port: number, "POST /v1/threads?canary=1", key: "sk-canary",
                body: "{\"metadata\":{\"k\":\"canary\"}}")
            _ = try RawClient.ask(port: number, "GET /v1/canary%1b[2J", key: "sk-canary")
            _ = try RawClient.ask(port: number, "PUT /v1/threads", key: "sk-canary-wrong")
        }
        server.stop()
        try await running.value
        let lines = log.lines
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { !$0.lowercased().contains("canary") }, "\(lines)")
        #expect(lines.allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } })
        #expect(lines[0].contains("route=/v1/threads ") && lines[0].contains("status=200"))
        #expect(lines[0].contains("project=team"))
        #expect(lines[1].contains("route=- ") && lines[1].contains("status=404"))
        #expect(lines[2].contains("method=PUT") && lines[2].contains("status=401"))
    }
}

extension Logger {
    /// A logger that says nothing.
    static var quiet: Logger { Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() } }
}

/// A log that is kept in memory.
struct KeptLog: LogHandler {
    /// A class, because the server and the test share it.
    private final class Lines: Sendable {
        let kept = Mutex<[String]>([])
    }

    private let shared = Lines()
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    /// Each line with its metadata, sorted by name.
    var lines: [String] { shared.kept.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = (event.metadata ?? [:]).sorted { $0.key < $1.key }
        let text = facts.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        shared.kept.withLock { $0.append("\(event.message) \(text)") }
    }
}
