import Assistants
import TestSupport
import Testing
import Wire

@testable import AssistantsEngine

@Suite("A store", .timeLimit(.minutes(5))) struct StoreTests {
    @Test("gives assistants back as they were made, changed and deleted")
    func assistants() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        var request = AssistantRequest(model: "m", name: "A", tools: [.fileSearch(options: [:])])
        request.metadata = ["key": "value"]
        let made = try await host.engine.createAssistant(request, for: .trusted)
        #expect(made.id.hasPrefix("asst_"))
        #expect(made.id.utf8.count == 29)
        #expect(made.temperature == 1)
        #expect(
            made.tools.first?.json["file_search"]?["ranking_options"]?["ranker"]
                == "default_2024_08_21")
        #expect(try await host.engine.assistant(made.id, for: .trusted) == made)
        var changes = AssistantChanges()
        changes.name = .set("B")
        changes.instructions = .set("Be kind.")
        let changed = try await host.engine.modifyAssistant(made.id, changes, for: .trusted)
        #expect(changed.name == "B")
        #expect(changed.metadata == ["key": "value"])
        #expect(try await host.engine.assistant(made.id, for: .trusted) == changed)
        try await host.engine.deleteAssistant(made.id, for: .trusted)
        await expectError(404, "No assistant found with id '\(made.id)'.") {
            _ = try await host.engine.assistant(made.id, for: .trusted)
        }
        await host.close()
    }

    @Test("keeps what it does not know")
    func unknownFields() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let json: JSONValue = ["id": "thread_x", "created_at": 5, "shiny": ["new": true]]
        let thread = try Assistants.Thread(json: json)
        try await host.engine.store.write { try $0.insert(thread, project: "local", at: 5000) }
        let read = try await host.engine.thread("thread_x", for: .trusted)
        #expect(read.unknown["shiny"] == ["new": true])
        await host.close()
    }

    @Test("walks a list page by page, both ways, without gaps or repeats")
    func paging() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let thread = try await host.engine.createThread(ThreadRequest(), for: .trusted)
        var ids: [String] = []
        for index in 0..<25 {
            let message = try await host.engine.createMessage(
                MessageRequest("message \(index)"), in: thread.id, for: .trusted)
            ids.append(message.id)
        }
        for order in [PageRequest.Order.ascending, .descending] {
            for limit in [1, 7, 25, 100] {
                let expected = order == .ascending ? ids : ids.reversed()
                var walked: [String] = []
                var after: String?
                var hasMore = true
                while hasMore {
                    let page = try await host.engine.messages(
                        in: thread.id, run: nil,
                        PageRequest(limit: limit, order: order, after: after), for: .trusted)
                    walked += page.data.map(\.id)
                    after = page.data.last?.id
                    hasMore = page.hasMore
                }
                #expect(walked == expected)
            }
        }
        await host.close()
    }

    @Test("ends a page in front of a cursor, in the chosen order")
    func pageBefore() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        var ids: [String] = []
        for _ in 0..<6 { ids.append(try await host.assistant().id) }
        let engine = host.engine
        func page(_ request: PageRequest) async throws -> ([Int?], Bool) {
            let page = try await engine.assistants(request, for: .trusted)
            return (page.data.map { ids.firstIndex(of: $0.id) }, page.hasMore)
        }
        #expect(
            try await page(PageRequest(limit: 2, order: .ascending, before: ids[4])) == (
                [2, 3], true
            ))
        #expect(
            try await page(PageRequest(limit: 9, order: .ascending, before: ids[2])) == (
                [0, 1], false
            ))
        #expect(try await page(PageRequest(limit: 2, before: ids[1])) == ([3, 2], true))
        #expect(
            try await page(
                PageRequest(limit: 9, order: .ascending, after: ids[1], before: ids[4]))
                == ([2, 3], false))
        #expect(try await page(PageRequest(limit: 3)) == ([5, 4, 3], true))
        await host.close()
    }

    @Test("refuses a cursor it does not know and a limit outside 1…100")
    func badPages() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let requests: [(PageRequest, String, String)] = [
            (PageRequest(after: "asst_x"), "after", "invalid_value"),
            (PageRequest(before: "asst_x"), "before", "invalid_value"),
            (PageRequest(limit: 0), "limit", "integer_below_min_value"),
            (PageRequest(limit: 101), "limit", "integer_above_max_value"),
        ]
        for (request, param, code) in requests {
            do {
                _ = try await host.engine.assistants(request, for: .trusted)
                Issue.record("\(request) was accepted")
            } catch {
                #expect(error.status == 400)
                #expect(error.param == param)
                #expect(error.code == code)
            }
        }
        await host.close()
    }

    @Test("shows a project nothing of another, and the person at the machine everything")
    func projects() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let (one, two) = (Caller.project("one"), Caller.project("two"))
        let assistant = try await host.engine.createAssistant(
            AssistantRequest(model: "m"), for: one)
        let thread = try await host.engine.createThread(ThreadRequest(), for: one)
        let message = try await host.engine.createMessage(
            MessageRequest("secret"), in: thread.id, for: one)
        #expect(try await host.engine.assistants(PageRequest(), for: two).data.isEmpty)
        #expect(try await host.engine.threads(PageRequest(), for: two).data.isEmpty)
        #expect(try await host.engine.threads(PageRequest(), for: .trusted).data.count == 1)
        await expectError(404, "No thread found with id '\(thread.id)'.") {
            _ = try await host.engine.messages(in: thread.id, run: nil, PageRequest(), for: two)
        }
        await expectError(404, "No thread found with id '\(thread.id)'.") {
            _ = try await host.engine.message(message.id, in: thread.id, for: two)
        }
        await expectError(404, "No assistant found with id '\(assistant.id)'.") {
            try await host.engine.deleteAssistant(assistant.id, for: two)
        }
        await expectError(404, "No thread found with id '\(thread.id)'.") {
            _ = try await host.engine.createRun(
                RunRequest(assistantID: assistant.id), on: thread.id, for: two)
        }
        await host.close()
    }

    @Test("lists threads by activity, with how they begin")
    func summaries() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let first = try await host.thread("  First line\nsecond line")
        host.clock.advance(by: .seconds(1))
        let second = try await host.engine.createThread(ThreadRequest(), for: .trusted)
        var page = try await host.engine.threads(PageRequest(), for: .trusted)
        #expect(page.data.map(\.id) == [second.id, first.id])
        #expect(page.data.map(\.opening) == ["", "First line"])
        #expect(page.data.map(\.messageCount) == [0, 1])
        host.clock.advance(by: .seconds(1))
        let long = String(repeating: "ä", count: 500)
        let message = try await host.engine.createMessage(
            MessageRequest(long), in: first.id, for: .trusted)
        page = try await host.engine.threads(PageRequest(), for: .trusted)
        #expect(page.data.map(\.id) == [first.id, second.id])
        #expect(page.data.first?.lastActivity == host.clock.seconds)
        let opening = try await host.engine.messages(
            in: first.id, at: 0..<1, for: .trusted)
        try await host.engine.deleteMessage(opening[0].id, in: first.id, for: .trusted)
        page = try await host.engine.threads(PageRequest(), for: .trusted)
        #expect(page.data.first?.opening.unicodeScalars.count == 120)
        try await host.engine.deleteMessage(message.id, in: first.id, for: .trusted)
        page = try await host.engine.threads(PageRequest(), for: .trusted)
        #expect(page.data.first?.opening == "")
        await host.close()
    }

    @Test("reads messages by place, also where some were deleted")
    func windows() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        var request = ThreadRequest()
        request.messages = (0..<20).map { MessageRequest("\($0)") }
        let thread = try await host.engine.createThread(request, for: .trusted)
        func texts(_ range: Range<Int>) async throws -> [String] {
            try await host.engine.messages(in: thread.id, at: range, for: .trusted).map(\.text)
        }
        #expect(try await texts(5..<8) == ["5", "6", "7"])
        #expect(try await texts(18..<30) == ["18", "19"])
        #expect(try await texts(40..<50) == [])
        let third = try await host.engine.messages(in: thread.id, at: 2..<3, for: .trusted)[0]
        try await host.engine.deleteMessage(third.id, in: thread.id, for: .trusted)
        #expect(try await texts(1..<4) == ["1", "3", "4"])
        #expect(try await host.engine.messageCount(in: thread.id, for: .trusted) == 19)
        await host.close()
    }

    @Test("keeps messages in the order of creation when they are added at once")
    func concurrentWrites() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let thread = try await host.engine.createThread(ThreadRequest(), for: .trusted)
        await withThrowingTaskGroup { group in
            for index in 0..<50 {
                group.addTask {
                    _ = try await host.engine.createMessage(
                        MessageRequest("\(index)"), in: thread.id, for: .trusted)
                }
            }
        }
        let page = try await host.engine.messages(
            in: thread.id, run: nil, PageRequest(limit: 100), for: .trusted)
        #expect(Set(page.data.map(\.text)).count == 50)
        await host.close()
    }

    @Test("opens a long thread and lists many threads by an index, never by a scan")
    func queryPlans() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let plans = try await host.engine.store.read { db in
            try [
                "SELECT * FROM message WHERE thread = 't' ORDER BY position DESC LIMIT 20",
                "SELECT * FROM thread ORDER BY last_activity DESC, position DESC LIMIT 20",
                """
                SELECT * FROM thread WHERE project = 'p' AND (last_activity, position) < (5, 5)
                ORDER BY last_activity DESC, position DESC LIMIT 20
                """,
                "SELECT * FROM run WHERE thread = 't' ORDER BY created_at DESC, position DESC",
                "SELECT * FROM step WHERE run = 'r' ORDER BY created_at ASC, position ASC",
                "SELECT * FROM assistant ORDER BY created_at DESC, position DESC LIMIT 20",
                "SELECT * FROM file WHERE project = 'p' ORDER BY created_at DESC, position DESC",
                """
                SELECT * FROM vector_store WHERE project = 'p'
                ORDER BY created_at DESC, position DESC
                """,
                """
                SELECT * FROM vector_store_file WHERE store = 's'
                ORDER BY created_at DESC, position DESC
                """,
                """
                SELECT * FROM vector_store_file WHERE status = 'in_progress'
                ORDER BY position LIMIT 1
                """,
                """
                SELECT position FROM thread
                WHERE project = 'p' AND instr(json, '"file_ids":["') > 0
                """,
            ].map { try db.plan(of: $0) }
        }
        for plan in plans {
            #expect(plan.contains("USING INDEX"), "\(plan)")
            #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
        }
        await host.close()
    }
}
