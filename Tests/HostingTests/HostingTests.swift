import Assistants
import AssistantsEngine
import AssistantsServer
import Events
import FoundationEssentials
import Synchronization
import TestSupport
import Testing
import Transport

@testable import Hosting

@Suite("Programs on one data directory", .timeLimit(.minutes(5))) struct HostingTests {
    /// What a run wrote, as it is told, up to its end.
    private func told(_ mailbox: Mailbox<ServiceEvent>) async -> [AssistantEvent] {
        var told: [AssistantEvent] = []
        while told.last != .done, let events = await mailbox.next() {
            for case .run(let event) in events.map(\.kind) { told.append(event) }
        }
        return told
    }

    private func text(_ told: [AssistantEvent]) -> String {
        var text = ""
        for case .messageDelta(let delta) in told {
            for part in delta.parts {
                if case .text(let more, _) = part.content { text += more }
            }
        }
        return text
    }

    @Test("are one host and its guests, and all see a run as it happens")
    func watching() async throws {
        let place = try DataPlace(ScriptedModel.text("One two three."))
        let host = try await place.join()
        let guest = try await place.join()
        #expect(host.engine != nil)
        #expect(guest.engine == nil)
        let (atHost, atGuest) = (
            host.events.subscribe(merges: false), guest.events.subscribe(merges: false)
        )
        let thread = try await place.ask(guest)
        let (first, second) = (await told(atHost), await told(atGuest))
        #expect(text(first) == "One two three.")
        #expect(first == second)
        let summaries = try await guest.threads(PageRequest(), for: .trusted).data
        #expect(summaries.map(\.id) == [thread])
        #expect(try await guest.messageCount(in: thread, for: .trusted) == 2)
        let window = try await guest.messages(in: thread, at: 1..<2, for: .trusted)
        #expect(window.map(\.text) == ["One two three."])
        await guest.close()
        await host.close()
    }

    @Test("give a guest the stream of its own run, as the host tells it")
    func streaming() async throws {
        let place = try DataPlace(ScriptedModel.text("One two three."))
        let host = try await place.join()
        let guest = try await place.join()
        let atHost = host.events.subscribe(merges: false)
        let thread = try await guest.createThread(ThreadRequest(), for: .trusted)
        let assistant = try await place.assistant(guest)
        var request = RunRequest(assistantID: assistant)
        request.additionalMessages = [MessageRequest("Q")]
        var seen: [AssistantEvent] = []
        let stream = try await guest.streamRun(request, on: thread.id, for: .trusted)
        for try await event in stream { seen.append(event) }
        #expect(seen.last == .done)
        #expect(text(seen) == "One two three.")
        #expect(seen == (await told(atHost)))
        await guest.close()
        await host.close()
    }

    @Test("lose nothing when the host leaves: the next one carries its runs on")
    func takingOver() async throws {
        let place = try DataPlace(
            [.say(.text("One ")), .wait], ScriptedModel.text("Again from the start."))
        let host = try await place.join()
        let guest = try await place.join()
        let third = try await place.join()
        let mailbox = third.events.subscribe(merges: false)
        let thread = try await place.ask(guest)
        var seen: [AssistantEvent] = []
        while text(seen) != "One ", let events = await mailbox.next() {
            for case .run(let event) in events.map(\.kind) { seen.append(event) }
        }
        await host.close()
        seen += await told(mailbox)
        #expect(seen.last == .done)
        let messages = try await third.messages(
            in: thread, run: nil, PageRequest(order: .ascending), for: .trusted)
        #expect(messages.data.map(\.text) == ["Q", "One ", "Again from the start."])
        #expect((guest.engine != nil) != (third.engine != nil))
        await guest.close()
        // The last one has it now, whoever had it before.
        #expect(try await third.thread(thread, for: .trusted).id == thread)
        #expect(third.engine != nil)
        await third.close()
    }

    @Test("ask the next host where the last one could not be reached any more, and only then")
    func leftAlone() async throws {
        for (failure, made) in [(TransportError.Code.cannotConnect(.refused), 1), (.cut, 0)] {
            let place = try DataPlace()
            let host = try await place.join()
            let transport = LeavingTransport(failure)
            let guest = try await place.join { $0.transport = transport }
            transport.whenPosted { await host.close() }
            var refusal: APIError?
            do throws(APIError) {
                _ = try await guest.createThread(ThreadRequest(), for: .trusted)
            } catch {
                refusal = error
            }
            #expect(refusal?.code == (made == 1 ? nil : "host_gone"))
            #expect(try await guest.threads(PageRequest(), for: .trusted).data.count == made)
            #expect(guest.engine != nil)
            await guest.close()
        }
    }

    @Test("take over from each other again and again, and lose and double nothing")
    func randomChanges() async throws {
        var random = SeededGenerator(seed: 4)
        let place = try DataPlace()
        var programs: [SharedEngine] = []
        for _ in 0..<4 { programs.append(try await place.join()) }
        var made: Set<Assistants.Thread.ID> = []
        for _ in 0..<12 {
            let host = try #require(programs.firstIndex { $0.engine != nil })
            let leaving = programs.remove(at: host)
            let asking = programs[Int.random(in: 0..<programs.count, using: &random)]
            async let closed: Void = leaving.close()
            // Asked while the host goes: done by one or the other, or plainly not.
            do throws(APIError) {
                let thread = try await asking.createThread(ThreadRequest(), for: .trusted)
                made.insert(thread.id)
                #expect(try await asking.thread(thread.id, for: .trusted).id == thread.id)
            } catch {
                #expect(error.code == "host_gone", "\(error)")
            }
            await closed
            programs.append(try await place.join())
            for program in programs { _ = try await program.threads(PageRequest(), for: .trusted) }
            #expect(programs.count { $0.engine != nil } == 1)
        }
        let listed = try await programs[0].threads(PageRequest(limit: 100), for: .trusted).data
        #expect(made.isSubset(of: Set(listed.map(\.id))))
        #expect(made.count > 0)
        for program in programs { await program.close() }
    }

    @Test("hand the engine to the one that must keep it, and not from that to another")
    func handingOver() async throws {
        let place = try DataPlace()
        let console = try await place.join()
        let keeps: (inout Opening) -> Void = {
            $0.keepsEngine = true
            // However busy the machine is: what is to be seen is the answer.
            $0.handoverPatience = .seconds(300)
        }
        let server = try await place.join(keeps)
        #expect(server.engine != nil)
        let thread = try await console.createThread(ThreadRequest(), for: .trusted)
        #expect(console.engine == nil)
        #expect(try await server.thread(thread.id, for: .trusted) == thread)
        await #expect(throws: EngineError.self) { _ = try await place.join(keeps) }
        await console.close()
        await server.close()
    }

    @Test("wait with handing over until no model is at work")
    func handingOverLater() async throws {
        let place = try DataPlace([.say(.text("One ")), .wait, .say(.text("two."))])
        let console = try await place.join()
        let mailbox = console.events.subscribe(merges: false)
        let thread = try await place.ask(console)
        var seen: [AssistantEvent] = []
        while text(seen) != "One ", let events = await mailbox.next() {
            for case .run(let event) in events.map(\.kind) { seen.append(event) }
        }
        // It joins meanwhile, and passes on what it is asked.
        let joined = try await place.join { $0.keepsEngine = true }
        #expect(joined.isGuest)
        guard case .elsewhere = try await joined.place() else {
            Issue.record("the engine was handed over too early")
            return
        }
        while seen.last != .done {
            // It may not have come to where it waits yet.
            place.model.goOn()
            for case .run(let event) in mailbox.take().map(\.kind) { seen.append(event) }
            await Task.yield()
        }
        #expect(text(seen) == "One two.")
        while joined.engine == nil { await Task.yield() }
        #expect(try await console.messageCount(in: thread, for: .trusted) == 2)
        await console.close()
        await joined.close()
    }

    @Test("hand the engine on until the one that must keep it has it, whoever is quicker")
    func handingOverBesideOthers() async throws {
        for _ in 0..<4 {
            let place = try DataPlace([.wait, .say(.text("Done."))])
            let host = try await place.join()
            let others = [try await place.join(), try await place.join(), try await place.join()]
            _ = try await place.ask(host)
            let server = try await place.join { $0.keepsEngine = true }
            #expect(server.isGuest)
            while server.engine == nil {
                place.model.goOn()
                await Task.yield()
            }
            for console in others + [host] { await console.close() }
            await server.close()
        }
    }

    @Test("let a short command in, beside a host and without one")
    func visiting() async throws {
        let place = try DataPlace()
        let alone = try await Visit(place.opening)
        let first = try await alone.service.createThread(ThreadRequest(), for: .trusted)
        await alone.end()
        let host = try await place.join()
        let visit = try await Visit(place.opening)
        let second = try await visit.service.createThread(ThreadRequest(), for: .trusted)
        try await visit.createKey(
            hash: Array(0..<32), hint: "abcd", name: "guest", project: "team")
        await visit.end()
        let ids = try await host.threads(PageRequest(), for: .trusted).data.map(\.id)
        #expect(Set(ids) == [first.id, second.id])
        let keys = try await host.keys(of: "team")
        #expect(keys.map(\.name) == ["guest"])
        #expect(try await host.caller(forKeyHash: Array(0..<32)) == .project("team"))
        await host.close()
    }

    @Test("take in what people saved beside a host, which tells everyone")
    func importing() async throws {
        let place = try DataPlace()
        let saved = place.folder + "/saved.jsonl"
        let lines = (1...2500).map {
            """
            {"thread_id":"thread_1","message_id":"m\($0)","role":"user","text":"\($0)",\
            "created_at":\($0)}
            """
        }
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: saved))
        let host = try await place.join()
        let third = try await place.join()
        let mailbox = third.events.subscribe(merges: false)
        func take(_ change: (inout ImportOrder) -> Void = { _ in }) async throws -> ImportReport {
            var order = ImportOrder(path: saved)
            change(&order)
            let visit = try await Visit(place.opening)
            defer { if case .alone = visit { Issue.record("nobody was visited") } }
            return try await visit.importSaved(order) { _ in }
        }
        #expect(try await take { $0.isDryRun = true }.counts.map(\.added) == [2500])
        #expect(try await host.threads(PageRequest(), for: .trusted).data.isEmpty)
        let report = try await take { $0.project = "team" }
        #expect(report.counts.map(\.added) == [2500])
        #expect(try await take { $0.project = "team" }.counts.map(\.kept) == [2500])
        let refused = try await take()
        #expect(refused.notes.map(\.count) == [2500])
        #expect(try await third.messageCount(in: "thread_1", for: .project("team")) == 2500)
        await #expect(throws: APIError.self) { try await take { $0.path = place.folder + "/no" } }
        var told: [ServiceEvent] = []
        while told.isEmpty, let events = await mailbox.next() { told += events }
        #expect(told.map(\.kind) == [.objectsImported])
        await third.close()
        await host.close()
    }

    @Test("find each other where the path is too long for a socket")
    func longPath() async throws {
        let place = try DataPlace(folder: String(repeating: "long-", count: 30))
        #expect(HostSocket(place.opening).path?.hasPrefix(place.folder) == true)
        let host = try await place.join()
        let guest = try await place.join()
        #expect(guest.engine == nil)
        #expect(try await guest.assistants(PageRequest(), for: .trusted).data == [])
        await guest.close()
        await host.close()
    }
}

/// A transport whose next request that changes something finds that the host is gone.
private final class LeavingTransport: HTTPTransport {
    private let failure: TransportError.Code
    private let work = Mutex<(@Sendable () async -> Void)?>(nil)

    init(_ failure: TransportError.Code) { self.failure = failure }

    /// What happens in place of the request.
    func whenPosted(_ work: @escaping @Sendable () async -> Void) {
        self.work.withLock { $0 = work }
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let work = work.withLock { work in
            defer { if request.method == "POST" { work = nil } }
            return request.method == "POST" ? work : nil
        }
        guard let work else { return try await AsyncHTTPTransport.shared.send(request) }
        await work()
        throw TransportError(failure, host: "host")
    }
}
