import Assistants
import AssistantsClient
import AssistantsEngine
import Synchronization
import TestSupport
import Testing
import Transport

@Suite("A stream that is cut", .timeLimit(.minutes(5)))
struct CutStreamTests {
    @Test("goes on where it was, wherever the cut is")
    func resuming() async throws {
        let served = try await ServedEngine()
        let transport = CuttingTransport()
        let client = RemoteService(
            baseURL: served.server.url + "/v1", key: "test", transport: transport)
        var lengths: Set<Int> = []
        let tools = [Tool.function(FunctionTool(name: "f"))]
        let assistant = try await client.createAssistant(
            AssistantRequest(model: "scripted", tools: tools), for: .trusted)
        // The stream has about 6,000 bytes; the last cuts are at its end and behind it.
        for cut in stride(from: 0, to: 8_000, by: 397) {
            served.model.add(ScriptedModel.calls(("f", "{\"a\":1}")))
            served.model.add(ScriptedModel.text("One two three four five."))
            var thread = ThreadRequest()
            thread.messages = [MessageRequest("Q")]
            let id = try await client.createThread(thread, for: .trusted).id
            transport.cutAfter(nil)
            let first = try await client.streamRun(
                RunRequest(assistantID: assistant.id), on: id, for: .trusted
            ).all()
            guard case .run(.requiresAction, let run) = first.dropLast().last else {
                Issue.record("\(first.map(\.name))")
                break
            }
            transport.cutAfter(cut)
            let second = try await client.streamToolOutputs(
                [ToolOutput(toolCallID: run.requiredAction[0].id, output: "")], to: run.id,
                on: id, for: .trusted
            ).all()
            #expect(
                second.collapsedNames == [
                    "thread.run.step.completed", "thread.run.queued", "thread.run.in_progress",
                    "thread.run.step.created", "thread.run.step.in_progress",
                    "thread.message.created", "thread.message.in_progress",
                    "thread.message.delta", "thread.message.completed",
                    "thread.run.step.completed", "thread.run.completed", "done",
                ], "cut after \(cut)")
            var text = ""
            for case .messageDelta(let delta) in second {
                if case .text(let more, _) = delta.parts[0].content { text += more }
            }
            #expect(text == "One two three four five.", "cut after \(cut)")
            lengths.insert(transport.received)
        }
        #expect(lengths.max() ?? 0 > 4_000)
        await served.close()
    }
}

/// A transport whose next stream breaks off after so many bytes.
private final class CuttingTransport: HTTPTransport {
    private let inner = AsyncHTTPTransport()
    private let state = Mutex((limit: Int?.none, received: 0))

    var received: Int { state.withLock { $0.received } }

    func cutAfter(_ bytes: Int?) { state.withLock { $0 = (bytes, 0) } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        var response = try await inner.send(request)
        guard response.header("content-type")?.hasPrefix("text/event-stream") == true,
            let limit = state.withLock({ $0.limit })
        else { return response }
        // Only the first: what goes on after the cut is whole.
        state.withLock { $0.limit = nil }
        response.body = HTTPBody(
            source: Cut(response.body, limit) { count in
                self.state.withLock { $0.received += count }
            })
        return response
    }

    /// An actor would do, but the protocol asks for a class that is cancelled from anywhere.
    private final class Cut: HTTPBodySource {
        private let body: HTTPBody
        private let rest: Mutex<Int>
        private let count: @Sendable (Int) -> Void

        init(_ body: HTTPBody, _ limit: Int, count: @escaping @Sendable (Int) -> Void) {
            self.body = body
            rest = Mutex(limit)
            self.count = count
        }

        func next() async throws(TransportError) -> [UInt8]? {
            if rest.withLock({ $0 }) == 0 { throw TransportError(.cut, host: "test") }
            var iterator = body.makeAsyncIterator()
            guard let piece = try await iterator.next() else { return nil }
            let taken = rest.withLock { rest in
                let taken = min(rest, piece.count)
                rest -= taken
                return taken
            }
            count(piece.count)
            return Array(piece.prefix(taken))
        }

        func cancel() { body.cancel() }
    }
}
