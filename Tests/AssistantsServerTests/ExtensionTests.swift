import Assistants
import AssistantsClient
import AssistantsEngine
import TestSupport
import Testing
import Transport
import Wire

@Suite("Our own client at our own server", .timeLimit(.minutes(5)))
struct ExtensionTests {
    @Test("knows that the server is ours")
    func recognition() async throws {
        let served = try await ServedEngine()
        let other = try LoopbackServer { _ in .answer(200, "{\"status\":\"ok\"}") }
        #expect(await served.server.client().connection.isSwitchboard())
        let connection = RemoteConnection(
            baseURL: other.url + "/v1", key: nil, transport: AsyncHTTPTransport())
        #expect(await !connection.isSwitchboard())
        other.stop()
        await served.close()
    }

    @Test("lists threads, and those whose metadata says something")
    func threads() async throws {
        let served = try await ServedEngine()
        let client = served.server.client()
        let named = try await client.createThread(
            ThreadRequest(metadata: ["title": "Größe & Maß", "user": "a"]), for: .trusted)
        var request = ThreadRequest(metadata: ["user": "b"])
        request.messages = [MessageRequest("Hello\nthere")]
        let other = try await client.createThread(request, for: .trusted)
        let all = try await client.threads(PageRequest(), for: .trusted)
        #expect(Set(all.data.map(\.id)) == [named.id, other.id])
        #expect(all.data.first { $0.id == other.id }?.opening == "Hello")
        #expect(all.data.first { $0.id == other.id }?.messageCount == 1)
        let port = served.server.port
        let found = try await onThread {
            try RawClient.ask(
                port: port,
                "GET /v1/threads?metadata%5Buser%5D=a"
                    + "&metadata[title]=Gr%C3%B6%C3%9Fe+%26+Ma%C3%9F")
        }
        #expect(found.json?["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue } == [named.id])
        let own = try await served.engine.threads(PageRequest(), for: .trusted)
        #expect(all.data == own.data)
        await served.close()
    }

    @Test("reads messages by their place, and counts them")
    func windows() async throws {
        let served = try await ServedEngine()
        let client = served.server.client()
        var request = ThreadRequest()
        request.messages = (0..<9).map { MessageRequest("\($0)") }
        let thread = try await client.createThread(request, for: .trusted)
        #expect(try await client.messageCount(in: thread.id, for: .trusted) == 9)
        let messages = try await client.messages(in: thread.id, at: 3..<6, for: .trusted)
        #expect(messages.map(\.text) == ["3", "4", "5"])
        await served.close()
    }

    @Test("sees a run from its beginning that it came late to")
    func retelling() async throws {
        let served = try await ServedEngine()
        let client = served.server.client()
        served.model.add([.say(.text("One ")), .wait])
        let assistant = try await client.createAssistant(
            AssistantRequest(model: "scripted"), for: .trusted)
        var thread = ThreadRequest()
        thread.messages = [MessageRequest("Q")]
        var stream = try await client.streamThreadAndRun(
            thread, RunRequest(assistantID: assistant.id), for: .trusted
        ).makeAsyncIterator()
        var id = ""
        while let event = try await stream.next() {
            if case .threadCreated(let thread) = event { id = thread.id }
            if case .messageDelta = event { break }
        }
        var feed = try await client.events(thread: id).makeAsyncIterator()
        _ = try await feed.next()
        try await client.retellRun(on: id, for: .trusted)
        var transcript = Transcript()
        while transcript.messages.first?.text != "One ", let event = try await feed.next()?.event {
            if case .run(let event) = event.kind { transcript.apply(event) }
        }
        #expect(transcript.messages.map(\.text) == ["One "])
        #expect(transcript.runs.map(\.status) == [.inProgress])
        await served.close()
    }

    @Test("may say how long a run takes; others may not")
    func deadlines() async throws {
        let served = try await ServedEngine()
        for (key, length) in [("test", 86_400), ("team-a", 600)] {
            let client = served.server.client(key: key)
            let assistant = try await client.createAssistant(
                AssistantRequest(model: "scripted"), for: .trusted)
            var thread = ThreadRequest()
            thread.messages = [MessageRequest("Q")]
            var request = RunRequest(assistantID: assistant.id)
            request.deadline = .seconds(86_400)
            served.model.add([.wait])
            let run = try await client.createThreadAndRun(thread, request, for: .trusted)
            #expect(run.expiresAt == run.createdAt + length)
        }
        await served.close()
    }
}
