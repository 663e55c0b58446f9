import Assistants
import AssistantsClient
import Synchronization
import TestSupport
import Testing
import Transport
import Wire

/// A server that knows no more than the API: it is asked for the run by its id, and nothing is
/// posted twice.
@Suite(
    "A stream that is cut, at any server,", .enabled(if: Fixture.isPresent),
    .timeLimit(LongForms.timeLimit))
struct CutTests {
    /// Recorded streams that end as a run does; `true` where outputs were given to begin it.
    static let streams: [(name: String, submits: Bool)] = [
        ("text-hello-01", false), ("text-hello-03", false), ("filesearch-citation-01", false),
        ("incomplete-max_tokens-01-v1", false), ("codeinterp-v2-01", false),
        ("codeinterp-logs-v1", false), ("func-A-1-requires_action", false),
        ("func-deltas-requires_action-v1", false), ("func-A-2-submit", true),
        ("func-C-2-submit", true), ("func-submit-text", true),
        ("stub-failed-azure-tool_user_error", false),
    ]

    /// What is read of a stream.
    struct Reading: Equatable {
        var text = ""
        var messages: [Message] = []
        var steps: [RunStep] = []
        var run: Run?
    }

    @Test("becomes what the uncut one is, wherever the cut", arguments: streams)
    func everyCut(name: String, submits: Bool) async throws {
        let bytes = try Fixture.shared("streams/assistants/\(name).sse")
        let (whole, requests) = try await Self.read(
            CutServer(bytes, cut: nil, truth: nil), submits)
        #expect(requests == 1)
        #expect(whole.run != nil)
        for cut in RecordedStreamTests.cuts(of: bytes) {
            // At every byte, both kinds take turns: within an event they are the same.
            for isClean in LongForms.areAsked ? [cut.isMultiple(of: 2)] : [true, false] {
                let server = CutServer(bytes, cut: cut, isClean: isClean, truth: whole)
                let (reading, requests) = try await Self.read(server, submits)
                if reading != whole || requests != 1 {
                    Issue.record("cut at \(cut): \(requests) posts, \(reading.text)")
                    return
                }
            }
        }
    }

    private static func read(
        _ server: CutServer, _ submits: Bool
    ) async throws -> (Reading, posts: Int) {
        let client = Scripted.client(server, clock: SkippingClock().clock)
        let stream =
            submits
            ? try await client.threads.runs.streamToolOutputs(
                [ToolOutput(toolCallID: "c", output: "")], to: server.runID, on: server.threadID)
            : try await client.threads.runs.stream(
                on: server.threadID, RunRequest(assistantID: "a"))
        var reading = Reading()
        for try await text in stream.textDeltas { reading.text += text }
        reading.messages = stream.transcript.messages
        reading.steps = stream.transcript.steps
        reading.run = stream.currentRun
        // Only the script's list of runs has the name under which the run was created.
        reading.run?.metadata["client_id"] = nil
        return (reading, server.posts)
    }

    @Test("is waited for while the run goes on, and told when it cannot be reached any more")
    func waiting() async throws {
        let bytes = try Fixture.shared("streams/assistants/text-hello-01.sse")
        let clock = SkippingClock()
        let (whole, _) = try await Self.read(CutServer(bytes, cut: nil, truth: nil), false)
        var server = CutServer(bytes, cut: 4_000, truth: whole, activeFor: 6)
        let client = Scripted.client(server, clock: clock.clock)
        let run = try await client.withRunStream(on: server.threadID, assistant: "a") {
            let run = try await $0.finalRun()
            #expect($0.health.resumptions == 1)
            #expect(!$0.health.isWell && $0.health.isComplete)
            return run
        }
        #expect(run == whole.run)
        #expect(
            clock.sleeps == [.milliseconds(500), .seconds(1), .seconds(2)]
                + Array(repeating: .seconds(5), count: 3))

        server = CutServer(bytes, cut: 4_000, truth: whole, isGone: true)
        let alone = Scripted.client(server, clock: SkippingClock().clock)
        let error = await #expect(throws: APIError.self) {
            try await alone.withRunStream(on: server.threadID, assistant: "a") {
                try await $0.untilDone()
            }
        }
        #expect(error?.isConnectionFailure == true)
        #expect(server.posts == 1)
    }
}

/// A server whose stream breaks off, and which can be asked for the run after that.
final class CutServer: HTTPTransport {
    let threadID: String
    let runID: String

    private let bytes: [UInt8]
    private let cut: Int?
    private let isClean: Bool
    private let truth: CutTests.Reading?
    private let isGone: Bool
    private let state: Mutex<(posts: Int, mark: String?, activeFor: Int)>

    var posts: Int { state.withLock { $0.posts } }

    /// - Parameters:
    ///   - truth: What became of the run.
    ///   - activeFor: How often the run is asked for before it has ended.
    init(
        _ bytes: [UInt8], cut: Int?, isClean: Bool = false, truth: CutTests.Reading?,
        activeFor: Int = 0, isGone: Bool = false
    ) {
        (self.bytes, self.cut, self.isClean, self.truth) = (bytes, cut, isClean, truth)
        self.isGone = isGone
        state = Mutex((0, nil, activeFor))
        threadID = truth?.run?.threadID ?? "thread_1"
        runID = truth?.run?.id ?? "run_1"
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        if request.method == "POST" { return post(request) }
        if isGone { throw TransportError(.cannotConnect(.refused), host: "script") }
        guard let truth, let run = truth.run else { return answer(404, [:]) }
        let path = String(request.url.dropFirst("http://script/v1/threads/".count))
        if path.contains("/steps") { return list(truth.steps.map(\.json)) }
        if path.contains("/messages") { return list(truth.messages.map(\.json)) }
        if path.hasSuffix("/runs/\(run.id)") { return answer(200, told(run)) }
        var marked = run.json.objectValue ?? [:]
        marked["metadata"] = ["client_id": .string(state.withLock { $0.mark } ?? "")]
        return list([.object(marked)])
    }

    private func told(_ run: Run) -> JSONValue {
        let isActive = state.withLock { state in
            state.activeFor -= 1
            return state.activeFor >= 0
        }
        var run = run
        if isActive { run.status = .inProgress }
        return run.json
    }

    private func post(_ request: HTTPRequest) -> HTTPResponse {
        let body = try? JSONValue(parsing: request.body)
        state.withLock { state in
            state.posts += 1
            state.mark = body?["metadata"]?["client_id"]?.stringValue
        }
        var steps: [ScriptedTransport.Step] = [.bytes(Array(bytes[..<(cut ?? bytes.count)]))]
        if cut != nil, !isClean { steps.append(.fail(.cut)) }
        return HTTPResponse(status: 200, body: HTTPBody(source: ScriptedBody(steps)))
    }

    private func list(_ objects: [JSONValue]) -> HTTPResponse {
        answer(200, ["object": "list", "data": .array(objects), "has_more": false])
    }

    private func answer(_ status: Int, _ json: JSONValue) -> HTTPResponse {
        HTTPResponse(status: status, body: HTTPBody(json.bytes))
    }
}
