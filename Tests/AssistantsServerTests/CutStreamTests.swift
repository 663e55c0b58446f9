import Assistants
import AssistantsClient
import AssistantsEngine
import Synchronization
import TestSupport
import Testing
import Transport

@Suite("A stream that is cut", .timeLimit(LongForms.timeLimit))
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
        for cut in stride(from: 0, to: 8_000, by: LongForms.areAsked ? 5 : 397) {
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

    @Test("of a new thread and its run tells nothing twice, wherever the cut is")
    func threadAndRun() async throws {
        let served = try await ServedEngine()
        let transport = CuttingTransport()
        let client = RemoteService(
            baseURL: served.server.url + "/v1", key: "test", transport: transport)
        let assistant = try await client.createAssistant(
            AssistantRequest(model: "scripted"), for: .trusted)
        var thread = ThreadRequest()
        thread.messages = [MessageRequest("Q")]
        var names: [[String]] = []
        for cut in stride(from: 0, to: 6_000, by: LongForms.areAsked ? 5 : 197) {
            served.model.add(ScriptedModel.text("One two three."))
            transport.cutAfter(cut)
            let events = try await client.streamThreadAndRun(
                thread, RunRequest(assistantID: assistant.id), for: .trusted
            ).all()
            names.append(events.collapsedNames)
            #expect(names.last == names.first, "cut after \(cut)")
            #expect(events.count { $0.name == "thread.created" } == 1, "cut after \(cut)")
        }
        #expect(names.first?.prefix(2) == ["thread.created", "thread.run.created"])
        #expect(names.first?.suffix(2) == ["thread.run.completed", "done"])
        #expect(transport.received > 4_000)
        await served.close()
    }

    @Test(
        "before anything came of it is asked for again, and begins no other run", arguments: 1...3)
    func again(cuts: Int) async throws {
        let served = try await ServedEngine()
        let transport = CuttingTransport()
        let client = RemoteService(
            baseURL: served.server.url + "/v1", key: "test", transport: transport)
        let assistant = try await client.createAssistant(
            AssistantRequest(model: "scripted"), for: .trusted)
        let thread = try await client.createThread(ThreadRequest(), for: .trusted).id
        served.model.add(ScriptedModel.text("One two three."))
        transport.cutAfter(10, times: cuts)
        var request = RunRequest(assistantID: assistant.id)
        request.additionalMessages = [MessageRequest("Q")]
        let stream = try await client.streamRun(
            request, on: thread, for: .trusted)
        // As often as anything is sent again.
        if cuts <= client.connection.retries.limit {
            let events = try await stream.all()
            #expect(events.first?.name == "thread.run.created")
            #expect(events.last == .done)
        } else {
            let error = await #expect(throws: APIError.self) { try await stream.all() }
            #expect(error?.isConnectionFailure == true)
        }
        #expect(transport.retryCounts == (1...min(cuts, 2)).map { "\($0)" })
        #expect(try await client.runs(on: thread, PageRequest(), for: .trusted).data.count == 1)
        await served.close()
    }
}

/// A transport whose next streams break off after so many bytes.
private final class CuttingTransport: HTTPTransport {
    private let inner = AsyncHTTPTransport()
    private let state = Mutex((limit: Int?.none, times: 0, received: 0, retryCounts: [String]()))

    var received: Int { state.withLock { $0.received } }
    /// What requests said of how often they were sent before.
    var retryCounts: [String] { state.withLock { $0.retryCounts } }

    func cutAfter(_ bytes: Int?, times: Int = 1) {
        state.withLock { $0 = (bytes, times, 0, []) }
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        for (name, value) in request.headers where name == "X-Stainless-Retry-Count" {
            state.withLock { $0.retryCounts.append(value) }
        }
        var response = try await inner.send(request)
        guard response.header("content-type")?.hasPrefix("text/event-stream") == true,
            let limit = state.withLock({ $0.times > 0 ? $0.limit : nil })
        else { return response }
        // What goes on after the cuts is whole.
        state.withLock { $0.times -= 1 }
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
