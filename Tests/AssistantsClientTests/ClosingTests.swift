import Assistants
import AssistantsClient
import TestSupport
import Testing
import Transport

/// A peer at a raw socket sees the connection go.
@Suite("Whoever leaves a stream closes its connection", .timeLimit(.minutes(5)))
struct ClosingTests {
    struct Trouble: Error {}

    private static let beginning = Scripted.bytes(Array(RunStreamTests.events.prefix(5)))

    private static func server() throws -> LoopbackServer {
        try LoopbackServer { _ in
            [LoopbackServer.Step].streamHead
                + [LoopbackServer.Step].chunk(String(decoding: beginning, as: UTF8.self))
                + [.waitForClose]
        }
    }

    private static func client(_ server: LoopbackServer) -> AssistantsClient {
        AssistantsClient(
            baseURL: server.url + "/v1", key: "k", retries: .none, transport: AsyncHTTPTransport())
    }

    /// How often the server saw its client close a connection, once it has.
    private static func waitForClose(_ server: LoopbackServer) async -> Int {
        var requests = 0
        for await event in server.events {
            if case .request = event { requests += 1 }
            if event == .closedByClient { break }
        }
        return requests
    }

    @Test("by the end of its scope") func scope() async throws {
        let server = try Self.server()
        defer { server.stop() }
        let text = try await Self.client(server).withRunStream(on: "t", assistant: "a") { stream in
            var iterator = stream.textDeltas.makeAsyncIterator()
            return try await iterator.next()
        }
        #expect(text == "Hel")
        #expect(await Self.waitForClose(server) == 1)
    }

    @Test("by throwing") func throwing() async throws {
        let server = try Self.server()
        defer { server.stop() }
        await #expect(throws: Trouble.self) {
            try await Self.client(server).withRunStream(on: "t", assistant: "a") { stream in
                for try await _ in stream.textDeltas { throw Trouble() }
            }
        }
        #expect(await Self.waitForClose(server) == 1)
    }

    @Test("by letting go of it") func dropping() async throws {
        let server = try Self.server()
        defer { server.stop() }
        var stream: RunStream? = try await Self.client(server).threads.runs.stream(
            on: "t", RunRequest(assistantID: "a"))
        #expect(try await stream?.makeAsyncIterator().nextOne()?.name == "thread.run.created")
        stream = nil
        #expect(await Self.waitForClose(server) == 1)
    }

    @Test("by cancelling the task, whether it reads or not", arguments: [true, false])
    func cancelling(reads: Bool) async throws {
        let server = try Self.server()
        defer { server.stop() }
        let (reached, reach) = AsyncStream<Void>.makeStream()
        let task = Task {
            try await Self.client(server).withRunStream(on: "t", assistant: "a") { stream in
                for try await _ in stream.textDeltas {
                    reach.yield()
                    if !reads {
                        // Stays here until the server has seen the connection go.
                        for await event in server.events where event == .closedByClient { break }
                    }
                }
            }
        }
        for await _ in reached { break }
        task.cancel()
        if reads {
            #expect(await Self.waitForClose(server) == 1)
        }
        await #expect(throws: (any Error).self) { try await task.value }
    }

    @Test("and tells that it was aborted") func abort() async throws {
        let server = try Self.server()
        defer { server.stop() }
        let (heard, hear) = AsyncStream<String>.makeStream()
        let task = Task {
            try await Self.client(server).withRunStream(on: "t", assistant: "a") { stream in
                stream.on(.abort) { hear.yield("abort") }.on(.end) { hear.finish() }
                    .on(.error) { _ in hear.yield("error") }
                    .on(.textCreated) { _ in hear.yield("text") }
                try await stream.untilDone()
            }
        }
        var names: [String] = []
        for await name in heard {
            names.append(name)
            if name == "text" { task.cancel() }
        }
        #expect(names == ["text", "abort"])
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}

extension RunStream.Iterator {
    fileprivate func nextOne() async throws -> AssistantEvent? {
        var iterator = self
        return try await iterator.next()
    }
}
