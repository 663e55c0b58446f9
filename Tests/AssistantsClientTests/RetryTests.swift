import Assistants
import AssistantsClient
import TestSupport
import Testing
import Transport
import Wire

@Suite("A request that fails") struct RetryTests {
    private static let assistant = ScriptedTransport.Answer(
        200, text: #"{"id":"asst_1","object":"assistant","model":"m"}"#)

    private static func outcome(
        _ first: ScriptedTransport.Answer, then second: ScriptedTransport.Answer = assistant
    ) async -> (count: Int, sleeps: [Duration], error: APIError?) {
        let transport = ScriptedTransport([first, second])
        let clock = SkippingClock()
        let client = Scripted.client(transport, clock: clock.clock)
        do throws(APIError) {
            _ = try await client.assistants.retrieve("asst_1")
            return (transport.requests.count, clock.sleeps, nil)
        } catch {
            return (transport.requests.count, clock.sleeps, error)
        }
    }

    @Test(
        "for a passing reason is sent again after about half a second",
        arguments: [408, 409, 429, 500, 502, 503, 529])
    func passing(status: Int) async {
        let outcome = await Self.outcome(.init(status, text: #"{"error":{"message":"busy"}}"#))
        #expect(outcome.count == 2)
        #expect(outcome.error == nil)
        #expect(outcome.sleeps.count == 1)
        #expect(outcome.sleeps.allSatisfy { $0 >= .milliseconds(375) && $0 <= .milliseconds(500) })
    }

    @Test(
        "at the network is sent again",
        arguments: [
            TransportError.Code.cut, .timedOut(.connect), .timedOut(.firstByte),
            .cannotConnect(.refused), .cannotConnect(.unresolved),
        ])
    func network(code: TransportError.Code) async {
        let outcome = await Self.outcome(.failure(code))
        #expect(outcome.count == 2)
        #expect(outcome.error == nil)
    }

    @Test("whose answer breaks off is sent again") func cutAnswer() async {
        let outcome = await Self.outcome(
            .init(steps: [.bytes(Array(#"{"id":"as"#.utf8)), .fail(.cut)]))
        #expect(outcome.count == 2)
        #expect(outcome.error == nil)
    }

    @Test("for good is not sent again", arguments: [400, 401, 403, 404, 422])
    func lasting(status: Int) async {
        let outcome = await Self.outcome(
            .init(status, text: #"{"error":{"message":"no","code":"why"}}"#))
        #expect(outcome.count == 1)
        #expect(outcome.error?.status == status)
        #expect(outcome.error?.message == "no")
        #expect(outcome.error?.code == "why")
    }

    @Test(
        "obeys what the server says about sending again",
        arguments: [(400, "true", 2), (500, "false", 1), (429, "maybe", 2)])
    func advice(status: Int, value: String, count: Int) async {
        let outcome = await Self.outcome(
            .init(status, headers: [("X-Should-Retry", value)], text: "{}"))
        #expect(outcome.count == count)
    }

    @Test(
        "waits as long as the server says",
        arguments: [
            ("retry-after-ms", "1500", Duration.milliseconds(1500)),
            ("retry-after", "3", .seconds(3)), ("Retry-After", "0.25", .milliseconds(250)),
            ("retry-after", "120", .seconds(120)),
            // The script's clock begins at Tue, 14 Nov 2023 22:13:20 GMT.
            ("retry-after", "Tue, 14 Nov 2023 22:13:50 GMT", .seconds(30)),
        ])
    func hint(name: String, value: String, wait: Duration) async {
        let outcome = await Self.outcome(.init(429, headers: [(name, value)], text: "{}"))
        #expect(outcome.sleeps == [wait])
        #expect(outcome.count == 2)
    }

    @Test("is not sent again where the server wants more than two minutes") func longHint() async {
        let outcome = await Self.outcome(.init(429, headers: [("retry-after", "121")], text: "{}"))
        #expect(outcome.count == 1)
        #expect(outcome.sleeps == [])
        #expect(outcome.error?.status == 429)
    }

    @Test(
        "falls back to its own wait for a hint that is none",
        arguments: ["-1", "soon", "0", "inf", "1e300", "Tue, 14 Nov 2023 25:13:50 GMT", ""])
    func badHint(value: String) async {
        let outcome = await Self.outcome(.init(503, headers: [("retry-after", value)], text: "{}"))
        #expect(outcome.count == 2)
        #expect(outcome.sleeps.allSatisfy { $0 <= .milliseconds(500) })
    }

    @Test("doubles its wait up to eight seconds, and says how often it was sent")
    func doubling() async throws {
        let transport = ScriptedTransport([.failure(.cannotConnect(.refused))])
        let clock = SkippingClock()
        let client = Scripted.client(transport, clock: clock.clock) {
            $0.retries = RetryPolicy(limit: 7)
        }
        let error = await #expect(throws: APIError.self) {
            try await client.threads.retrieve("thread_1")
        }
        #expect(error?.isConnectionFailure == true)
        #expect(transport.requests.count == 8)
        let longest: [Double] = [0.5, 1, 2, 4, 8, 8, 8]
        for (sleep, longest) in zip(clock.sleeps, longest) {
            #expect(sleep <= .seconds(longest) && sleep >= .seconds(longest * 0.75))
        }
        #expect(clock.sleeps.count == 7)
        #expect(
            transport.requests.map { $0.header("x-stainless-retry-count") ?? "0" }
                == (0...7).map(String.init))
    }

    @Test("names a timeout, and a cancelled task, as what they are") func kinds() async {
        let timeout = await Self.outcome(
            .failure(.timedOut(.firstByte)), then: .failure(.timedOut(.firstByte)))
        #expect(timeout.count == 3)
        #expect(timeout.error?.isTimeout == true)
        let cancelled = await Self.outcome(.failure(.cancelled))
        #expect(cancelled.count == 1)
        #expect(cancelled.error?.isCancellation == true)
    }

    @Test("says whether nobody can have heard it", arguments: [true, false])
    func unsent(isFirst: Bool) async throws {
        let first: TransportError.Code = isFirst ? .cannotConnect(.refused) : .cut
        let transport = ScriptedTransport([.failure(first), .failure(.cannotConnect(.refused))])
        let client = Scripted.client(transport, clock: SkippingClock().clock)
        let error = await #expect(throws: APIError.self) {
            try await client.threads.create(metadata: [:])
        }
        #expect(transport.requests.count == 3)
        #expect(error?.isConnectionFailure == true)
        #expect(error?.isUnsent == isFirst)
    }

    @Test("says that it may have been heard, where nobody can be reached to look")
    func unseen() async throws {
        let transport = ScriptedTransport([.failure(.cut), .failure(.cannotConnect(.refused))])
        let client = Scripted.client(transport, clock: SkippingClock().clock)
        let error = await #expect(throws: APIError.self) {
            try await client.threads.delete("thread_1")
        }
        #expect(transport.requests.map(\.method) == ["DELETE", "GET", "GET", "GET"])
        #expect(error?.isConnectionFailure == true)
        #expect(error?.isUnsent == false)
    }

    @Test("has the waits that were asked for") func timeouts() async throws {
        let transport = ScriptedTransport([Self.assistant])
        let client = AssistantsClient(
            baseURL: "http://script/v1/", key: nil, organization: "org", project: "proj",
            timeouts: Timeouts(
                connect: .seconds(1), firstByte: .seconds(2), silence: .seconds(3),
                streamSilence: .seconds(4)), transport: transport)
        _ = try await client.assistants.retrieve("a/b c")
        _ = try await client.threads.runs.stream(on: "t", RunRequest(assistantID: "a"))
        let requests = transport.requests
        #expect(requests[0].url == "http://script/v1/assistants/a%2Fb%20c")
        #expect(requests.map(\.connectTimeout) == [.seconds(1), .seconds(1)])
        #expect(requests.map(\.firstByteTimeout) == [.seconds(2), .seconds(2)])
        #expect(requests.map(\.silenceTimeout) == [.seconds(3), .seconds(4)])
        #expect(requests[0].header("authorization") == nil)
        #expect(requests[0].header("openai-organization") == "org")
        #expect(requests[0].header("openai-project") == "proj")
        #expect(requests[0].header("openai-beta") == "assistants=v2")
    }

    @Test("is understood without a key in the environment, and with one") func environment() throws
    {
        #expect(throws: APIError.self) { try AssistantsClient(environment: [:]) }
        _ = try AssistantsClient(environment: ["OPENAI_API_KEY": "k"])
    }
}
