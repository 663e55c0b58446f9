import Assistants
import AssistantsEngine
import TestSupport
import Testing
import Wire

@Suite("A file search in a run", .timeLimit(.minutes(5))) struct RunSearchTests {
    /// A model that searches for words and then answers with a text.
    private func model(_ query: String, answer: String) -> ScriptedModel {
        ScriptedModel([
            [
                .say(
                    .toolCall(
                        index: 0, id: "call_s", name: "file_search",
                        arguments: "{\"queries\":[\"\(query)\"]}")),
                .say(.finished(.toolCalls)),
            ], ScriptedModel.text(answer),
        ])
    }

    private func assistant(
        _ host: TestEngine, stores: [VectorStore.ID] = [], options: JSONObject = [:],
        for caller: Caller = .trusted
    ) async throws -> Assistant {
        var request = AssistantRequest(model: "scripted", tools: [.fileSearch(options: options)])
        if !stores.isEmpty {
            request.toolResources = [
                "file_search": ["vector_store_ids": .array(stores.map { .string($0) })]
            ]
        }
        return try await host.engine.createAssistant(request, for: caller)
    }

    private func thread(
        _ host: TestEngine, attaching file: File? = nil, tool: String = "file_search",
        for caller: Caller = .trusted
    ) async throws -> Assistants.Thread {
        var request = ThreadRequest()
        var message = MessageRequest("What has stripes?")
        if let file {
            message.attachments = [
                ["file_id": .string(file.id), "tools": [["type": .string(tool)]]]
            ]
        }
        request.messages = [message]
        return try await host.engine.createThread(request, for: caller)
    }

    /// The run's end, what it found and what it wrote.
    private func results(
        _ host: TestEngine, _ assistant: Assistant, on thread: Assistants.Thread
    ) async throws -> (run: Run, found: [FileSearchResult], text: MessageText?) {
        _ = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
        ).all()
        let run = try #require(try await host.onlyRun(of: thread.id))
        let steps = try await host.engine.steps(
            of: run.id, on: thread.id, PageRequest(order: .ascending), for: .trusted)
        var found: [FileSearchResult] = []
        if case .toolCalls(let calls) = steps.data.first?.details,
            case .fileSearch(_, let results) = calls.first?.kind
        {
            found = results
        }
        let message = try await host.engine.messages(
            in: thread.id, run: run.id, PageRequest(), for: .trusted
        ).data.first
        guard case .text(let text) = message?.content.first else { return (run, found, nil) }
        return (run, found, text)
    }

    @Test("finds in the assistant's store, and the answer cites the file")
    func assistantStore() async throws {
        let host = try await TestEngine(model("stripes", answer: "Zebras 【0:0†zebra.md】."))
        let store = try await host.vectorStore(["zebra.md": "A zebra has stripes."])
        let (run, found, text) = try await results(
            host, assistant(host, stores: [store.id]), on: thread(host))
        #expect(run.status == .completed)
        #expect(found.map(\.fileName) == ["zebra.md"])
        #expect(found.first?.text == "A zebra has stripes.")
        #expect(found.first?.unknown["attributes"] == [:])
        let file = try await host.engine.vectorStoreFiles(
            in: store.id, status: nil, PageRequest(), for: .trusted
        ).data[0].id
        #expect(
            text?.annotations == [
                Annotation(
                    target: .fileCitation(fileID: file, quote: nil), text: "【0:0†zebra.md】",
                    startIndex: 7, endIndex: 21)
            ])
        await host.close()
    }

    @Test("finds what was attached to a message, once it is indexed")
    func attachment() async throws {
        let host = try await TestEngine(model("stripes", answer: "Zebras."))
        let file = try await host.file("zebra.md", "A zebra has stripes.")
        let thread = try await thread(host, attaching: file)
        let id = try #require(
            thread.toolResources["file_search"]?["vector_store_ids"]?[0]?.stringValue)
        let store = try await host.engine.vectorStore(id, for: .trusted)
        #expect(store.expiresAfter == VectorStoreExpiry(days: 7))
        let found = try await results(host, assistant(host), on: thread).found
        #expect(found.map(\.fileID) == [file.id])
        // Another joins the same store.
        let other = try await host.file("tiger.md", "A tiger has stripes.")
        var message = MessageRequest("And this?")
        message.attachments = [
            ["file_id": .string(other.id), "tools": [["type": "file_search"]]]
        ]
        _ = try await host.engine.createMessage(message, in: thread.id, for: .trusted)
        #expect(try await host.engine.thread(thread.id, for: .trusted) == thread)
        #expect(try await host.indexed(id).fileCounts.completed == 2)
        await host.close()
    }

    @Test("finds in the assistant's store and in the thread's")
    func bothStores() async throws {
        let host = try await TestEngine(model("stripes", answer: "Both."))
        let store = try await host.vectorStore(["zebra.md": "A zebra has stripes."])
        let file = try await host.file("tiger.md", "A tiger has stripes.")
        let (_, found, _) = try await results(
            host, assistant(host, stores: [store.id]), on: thread(host, attaching: file))
        #expect(Set(found.map(\.fileName)) == ["zebra.md", "tiger.md"])
        await host.close()
    }

    @Test("gives the model no more than it asked for, and no more than fits")
    func limits() async throws {
        let host = try await TestEngine(model("stripes", answer: "Many."))
        let text = (0..<3000).map { "Stripes of zebra \($0) are black and white. " }.joined()
        let store = try await host.vectorStore(["a.txt": text])
        let all = try await results(
            host, assistant(host, stores: [store.id], options: ["max_num_results": 50]),
            on: thread(host)
        ).found
        #expect(all.count > 15 && all.count <= 20)
        await host.close()
        let next = try await TestEngine(model("stripes", answer: "Few."), directory: host.directory)
        let few = try await results(
            next, assistant(next, stores: [store.id], options: ["max_num_results": 2]),
            on: thread(next)
        ).found
        #expect(few.count == 2)
        await next.close()
    }

    @Test("fails the run where the thread's store has expired")
    func expired() async throws {
        let host = try await TestEngine(model("stripes", answer: "Never."))
        let thread = try await thread(host, attaching: try await host.file("a.md", "stripes"))
        _ = try await host.indexed(
            thread.toolResources["file_search"]?["vector_store_ids"]?[0]?.stringValue ?? "")
        host.clock.advance(by: .seconds(8 * 86_400))
        let (run, _, _) = try await results(host, assistant(host), on: thread)
        #expect(run.status == .failed)
        #expect(run.lastError?.message.contains("expired") == true)
        await host.close()
    }

    @Test(
        "fails the run where the thread's store has expired, also where the model asks for nothing")
    func expiredUnasked() async throws {
        let host = try await TestEngine(ScriptedModel(texts: "Never.", "Yes."))
        let thread = try await thread(host, attaching: try await host.file("a.md", "stripes"))
        host.clock.advance(by: .seconds(8 * 86_400))
        func ask(_ tools: [Tool]) async throws -> Run {
            let assistant = try await host.assistant(tools)
            _ = try await host.engine.streamRun(
                RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
            ).all()
            return try #require(try await host.onlyRun(of: thread.id))
        }
        let failed = try await ask([.fileSearch(options: [:])])
        #expect(failed.status == .failed)
        #expect(failed.lastError?.code == .serverError)
        #expect(failed.lastError?.message.hasPrefix("The vector store vs_") == true)
        host.clock.advance(by: .seconds(1))
        // Who cannot search anyway has no use for the store.
        #expect(try await ask([]).status == .completed)
        await host.close()
    }

    @Test("has stores made of what the request describes")
    func describedStore() async throws {
        let host = try await TestEngine(model("stripes", answer: "Zebras."))
        let file = try await host.file("zebra.md", "A zebra has stripes.")
        var request = AssistantRequest(model: "scripted", tools: [.fileSearch(options: [:])])
        request.toolResources = [
            "file_search": ["vector_stores": [["file_ids": [.string(file.id)]]]]
        ]
        let assistant = try await host.engine.createAssistant(request, for: .trusted)
        let search = assistant.toolResources["file_search"]
        #expect(search?["vector_stores"] == nil)
        let id = try #require(search?["vector_store_ids"]?[0]?.stringValue)
        let store = try await host.indexed(id)
        #expect(store.expiresAfter == nil)
        #expect(try await results(host, assistant, on: thread(host)).found.count == 1)
        await host.close()
    }

    @Test("leaves a file for code to the code interpreter")
    func codeAttachment() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let file = try await host.file("data.csv", "1,2")
        let thread = try await thread(host, attaching: file, tool: "code_interpreter")
        #expect(
            thread.toolResources == ["code_interpreter": ["file_ids": [.string(file.id)]]])
        await host.close()
    }

    @Test("refuses files and stores that are not there")
    func missing() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        await expectError(404, "No vector store found with id 'vs_none'.") {
            _ = try await assistant(host, stores: ["vs_none"])
        }
        let gone = File(id: "file-none", purpose: "", filename: "", byteCount: 0, createdAt: 0)
        await expectError(404, "No such File object: file-none") {
            _ = try await thread(host, attaching: gone)
        }
        await host.close()
    }
}
