import Assistants
import AssistantsClient
import AssistantsEngine
import Synchronization
import TestSupport
import Testing
import Transport

/// Between client and server stands something that loses, delays, cuts and duplicates.
@Suite("Behind a proxy with faults", .timeLimit(.minutes(30)))
struct FaultProxyTests {
    static let seeds = Array(0..<(LongForms.areAsked ? 200 : 12))

    @Test("nothing is lost and nothing doubled at our own server", arguments: seeds)
    func ours(seed: Int) async throws {
        try await converse(.init(seed: UInt64(seed), knowsRepeats: true))
    }

    @Test("no message and no run is lost or doubled at any other server", arguments: seeds)
    func foreign(seed: Int) async throws {
        try await converse(.init(seed: UInt64(seed), knowsRepeats: false))
    }

    private func converse(_ faults: FaultyTransport.Plan) async throws {
        let served = try await ServedEngine()
        let transport = FaultyTransport(faults)
        var connection = RemoteConnection(
            baseURL: served.server.url + "/v1", key: "test", transport: transport,
            retries: RetryPolicy(limit: 30), clock: .hasty)
        connection.timeouts.recovery = .seconds(3600)
        let client = AssistantsClient(connection)
        let function = Tool.function(name: "f")
        let assistant = try await client.assistants.create(
            AssistantRequest(model: "scripted", tools: [function]))
        let thread = try await client.threads.create(metadata: ["a": "b"])
        var wanted: [String] = []
        for round in 0..<3 {
            // The same text each time: what is repeated must not pass for what is equal.
            _ = try await client.threads.messages.create(in: thread.id, "Again")
            _ = try await client.threads.messages.create(in: thread.id, "Again")
            served.model.add(ScriptedModel.calls(("f", "{\"round\":\(round)}")))
            served.model.add(ScriptedModel.text("One two three four five \(round)."))
            let waiting = try await client.withRunStream(on: thread.id, assistant: assistant.id) {
                try await $0.finalRun()
            }
            #expect(waiting.status == .requiresAction)
            let outputs = waiting.requiredAction.map { ToolOutput(toolCallID: $0.id, output: "1") }
            var text = ""
            let run = try await client.withToolOutputsStream(
                outputs, to: waiting.id, on: thread.id
            ) { stream in
                for try await piece in stream.textDeltas { text += piece }
                return try await stream.finalRun()
            }
            #expect(run.status == .completed)
            #expect(text == "One two three four five \(round).")
            wanted += ["Again", "Again", text]
        }
        #expect(faults.knowsRepeats || transport.posted > 0)
        let service = served.engine
        let page = PageRequest(limit: 100, order: .ascending)
        let messages = try await service.messages(
            in: thread.id, run: nil, page, for: .trusted
        ).data.map(\.text)
        #expect(messages == wanted)
        #expect(try await service.runs(on: thread.id, page, for: .trusted).data.count == 3)
        if faults.knowsRepeats {
            let names = try await service.assistants(page, for: .trusted).data.filter {
                $0.model == "scripted"
            }
            #expect(names.count == 1)
        }
        #expect(transport.faultCount > 0)
        await served.close()
    }
}

extension ClientClock {
    /// A clock that never makes anybody wait long.
    fileprivate static let hasty = ClientClock(
        now: { .zero }, sleep: { _ in try await Task.sleep(for: .milliseconds(1)) }, seconds: { 0 })
}

/// A transport with faults by chance, the same for the same seed and order of requests.
private final class FaultyTransport: HTTPTransport {
    struct Plan {
        var seed: UInt64
        /// Whether the server is to be seen as one of ours.
        var knowsRepeats: Bool
    }

    private enum Fault: CaseIterable { case none, loseRequest, loseAnswer, cut, delay, duplicate }

    private let inner = AsyncHTTPTransport()
    private let plan: Plan
    private let state: Mutex<(generator: SeededGenerator, faults: Int, posted: Int)>

    init(_ plan: Plan) {
        self.plan = plan
        state = Mutex((SeededGenerator(seed: plan.seed), 0, 0))
    }

    var faultCount: Int { state.withLock { $0.faults } }
    var posted: Int { state.withLock { $0.posted } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let (fault, limit) = state.withLock { state in
            var fault = Fault.allCases.randomElement(using: &state.generator) ?? .none
            if fault == .duplicate, !plan.knowsRepeats || request.method != "POST" { fault = .none }
            if fault != .none { state.faults += 1 }
            if request.method == "POST" { state.posted += 1 }
            return (fault, Int.random(in: 0..<6_000, using: &state.generator))
        }
        switch fault {
        case .none: return try await pass(request)
        case .loseRequest: throw TransportError(.cut, host: "proxy")
        case .loseAnswer:
            _ = try await pass(request)
            throw TransportError(.cut, host: "proxy")
        case .cut:
            var response = try await pass(request)
            response.body = HTTPBody(source: CutBody(response.body, limit))
            return response
        case .delay:
            for _ in 0..<50 { await Task.yield() }
            return try await pass(request)
        case .duplicate:
            let response = try await pass(request)
            _ = try await pass(request)
            return response
        }
    }

    /// Passes a request on; a server that is not to be ours neither sees nor says what only ours
    /// does.
    private func pass(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        if plan.knowsRepeats { return try await inner.send(request) }
        var request = request
        let extras = ["idempotency-key", "x-stainless-retry-count", "x-switchboard-cursor"]
        request.headers.removeAll { extras.contains($0.0.lowercased()) }
        var response = try await inner.send(request)
        response.headers.removeAll {
            ["server", "x-switchboard-cursor"].contains($0.0.lowercased())
        }
        return response
    }
}

/// A body that breaks off after so many bytes.
private final class CutBody: HTTPBodySource {
    private let body: HTTPBody
    private let rest: Mutex<Int>

    init(_ body: HTTPBody, _ limit: Int) {
        self.body = body
        rest = Mutex(limit)
    }

    func next() async throws(TransportError) -> [UInt8]? {
        if rest.withLock({ $0 }) == 0 {
            body.cancel()
            throw TransportError(.cut, host: "proxy")
        }
        var iterator = body.makeAsyncIterator()
        guard let piece = try await iterator.next() else { return nil }
        let taken = rest.withLock { rest in
            let taken = min(rest, piece.count)
            rest -= taken
            return taken
        }
        return taken == 0 ? try await next() : Array(piece.prefix(taken))
    }

    func cancel() { body.cancel() }
}
