import Assistants
import AssistantsClient
import Events
import TestSupport
import Testing
import Transport

@testable import Hosting

@Suite("A server somewhere", .timeLimit(.minutes(5))) struct ServerSessionTests {
    private func connection(_ place: DataPlace) -> RemoteConnection {
        RemoteConnection(
            baseURL: "http://switchboard/v1", key: nil, transport: AsyncHTTPTransport.shared,
            socketPath: HostSocket(place.opening).path)
    }

    @Test("of ours tells what others do there, also after it was gone")
    func ours() async throws {
        let place = try DataPlace(ScriptedModel.text("One two three."))
        var host = try await place.join()
        // Who has joined knows that the host listens.
        await (try await place.join()).close()
        let session = try await ServerSession.open(connection(place), known: [])
        #expect(session.isOurs)
        let mailbox = session.events.subscribe(merges: false)
        _ = try await place.ask(host)
        #expect(await mailbox.untilDone().contains("thread.message.delta"))
        await host.close()
        host = try await place.join()
        // The session finds it again by itself; what is told until then is not asked for.
        var isHeard = false
        while !isHeard {
            let thread = try await host.createThread(ThreadRequest(), for: .trusted)
            var changes = ThreadChanges()
            changes.metadata = .set(["title": "heard"])
            _ = try await host.modifyThread(thread.id, changes, for: .trusted)
            await Task.yield()
            isHeard = mailbox.take().contains { !$0.threadID.isEmpty }
        }
        await session.close()
        await host.close()
    }

    @Test("of others tells of the runs that are started here, and lists the threads seen there")
    func foreign() async throws {
        let place = try DataPlace(ScriptedModel.text("One two three."))
        let host = try await place.join()
        await (try await place.join()).close()
        let old = try await host.createThread(ThreadRequest(), for: .trusted)
        let bus = EventBus<ServiceEvent>()
        let service = ForeignThreads(connection(place), bus, known: [old.id, "thread_gone"])
        let mailbox = bus.subscribe(merges: false)
        let assistant = try await place.assistant(host)
        let thread = try await service.createThread(ThreadRequest(), for: .trusted)
        _ = try await service.createMessage(MessageRequest("Q"), in: thread.id, for: .trusted)
        let run = try await service.createRun(
            RunRequest(assistantID: assistant), on: thread.id, for: .trusted)
        #expect(run.threadID == thread.id)
        let names = await mailbox.untilDone()
        #expect(names.first == "thread.run.created")
        #expect(names.contains("thread.message.delta"))
        let threads = try await service.threads(PageRequest(), for: .trusted).data
        #expect(Set(threads.map(\.id)) == [thread.id, old.id])
        #expect(threads.first { $0.id == thread.id }?.opening == "Q")
        #expect(threads.first { $0.id == thread.id }?.messageCount == 2)
        await #expect(throws: APIError.self) {
            _ = try await service.createRun(
                RunRequest(assistantID: "asst_none"), on: thread.id, for: .trusted)
        }
        await host.close()
    }
}

extension Mailbox<ServiceEvent> {
    /// The names of the runs' events, up to the end of a stream.
    fileprivate func untilDone() async -> [String] {
        var names: [String] = []
        while names.last != "done", let events = await next() {
            for case .run(let event) in events.map(\.kind) { names.append(event.name) }
        }
        return names
    }
}
