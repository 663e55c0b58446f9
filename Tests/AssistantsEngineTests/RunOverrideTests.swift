import Assistants
import TestSupport
import Testing
import Wire

@testable import AssistantsEngine

@Suite("What a run request says", .timeLimit(.minutes(5))) struct RunOverrideTests {
    @Test("comes before what the assistant says")
    func overrides() async throws {
        let model = ScriptedModel([])
        let host = try await TestEngine(model)
        let assistant = try await host.assistant([.fileSearch(options: [:])], instructions: "Old.")
        let thread = try await host.thread("One")
        var request = RunRequest(assistantID: assistant.id)
        request.model = "other"
        request.instructions = "New."
        request.additionalInstructions = "And more."
        request.additionalMessages = [
            MessageRequest("Two"), MessageRequest("Three", role: .assistant),
        ]
        request.tools = [.function(FunctionTool(name: "f"))]
        request.toolChoice = .required
        request.temperature = 0.5
        request.topP = 0.25
        request.reasoningEffort = "low"
        request.maxCompletionTokens = 50
        request.maxPromptTokens = 5000
        request.responseFormat = ["type": "json_object"]
        request.allowsParallelToolCalls = false
        request.metadata = ["k": "v"]
        _ = try await host.engine.streamRun(request, on: thread.id, for: .trusted).all()

        let run = try #require(try await host.onlyRun(of: thread.id))
        #expect(run.model == "other")
        #expect(run.instructions == "New.\n\nAnd more.")
        #expect(run.metadata == ["k": "v"])
        #expect(run.tools == request.tools)
        let asked = try #require(model.requests.first)
        #expect(asked.instructions == "New.\n\nAnd more.")
        #expect(asked.tools == request.tools)
        #expect(asked.toolChoice == .required)
        #expect(asked.temperature == 0.5)
        #expect(asked.topP == 0.25)
        #expect(asked.reasoningEffort == "low")
        #expect(asked.maxCompletionTokens == 50)
        #expect(asked.responseFormat == ["type": "json_object"])
        #expect(!asked.allowsParallelToolCalls)
        #expect(
            asked.messages == [
                .user([.text(MessageText("One"))]), .user([.text(MessageText("Two"))]),
                .assistant(text: "Three", toolCalls: []),
            ])
        let messages = try await host.engine.messages(
            in: thread.id, run: nil, PageRequest(order: .ascending), for: .trusted)
        #expect(messages.data.map(\.text) == ["One", "Two", "Three", "That is all."])
        await host.close()
    }

    @Test("leaves the thread as it was when the run is refused")
    func atomicRefusal() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let thread = try await host.thread("One")
        var request = RunRequest(assistantID: "asst_none")
        request.additionalMessages = [MessageRequest("Two")]
        await expectError(404, "No assistant found with id 'asst_none'.") {
            _ = try await host.engine.createRun(request, on: thread.id, for: .trusted)
        }
        #expect(try await host.engine.messageCount(in: thread.id, for: .trusted) == 1)
        await expectError(404) {
            _ = try await host.engine.createThreadAndRun(ThreadRequest(), request, for: .trusted)
        }
        #expect(try await host.engine.threads(PageRequest(), for: .trusted).data.count == 1)
        await host.close()
    }

    @Test("needs a user message or instructions")
    func nothingToAnswer() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let assistant = try await host.assistant()
        let thread = try await host.engine.createThread(ThreadRequest(), for: .trusted)
        await expectError(
            400,
            "Run creation requires a Thread with a user message or an assistant with instructions.",
            code: "invalid_thread"
        ) {
            _ = try await host.engine.createRun(
                RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted)
        }
        var told = RunRequest(assistantID: assistant.id)
        told.instructions = "Greet."
        _ = try await host.engine.streamRun(told, on: thread.id, for: .trusted).all()
        await host.close()
    }

    @Test("can send only the last messages, and a model's context cuts the middle")
    func truncation() async throws {
        let model = ScriptedModel([], contextTokens: 100)
        let host = try await TestEngine(model)
        let assistant = try await host.assistant()
        var many = ThreadRequest()
        many.messages = (0..<10).map { MessageRequest("message \($0)") }
        let thread = try await host.engine.createThread(many, for: .trusted)
        var request = RunRequest(assistantID: assistant.id)
        request.truncation = .lastMessages(2)
        _ = try await host.engine.streamRun(request, on: thread.id, for: .trusted).all()
        #expect(model.requests[0].texts == ["message 8", "message 9"])

        var long = ThreadRequest()
        long.messages = (0..<10).map { MessageRequest("\($0)" + String(repeating: "x", count: 49)) }
        let other = try await host.engine.createThread(long, for: .trusted)
        request.truncation = .auto
        _ = try await host.engine.streamRun(request, on: other.id, for: .trusted).all()
        // 75 tokens are 225 bytes: four messages of 50.
        #expect(model.requests[1].texts.map { $0.prefix(1) } == ["6", "7", "8", "9"])
        await host.close()
    }

    @Test("sends the model what was said before without citation markers")
    func plainHistory() async throws {
        let model = ScriptedModel([])
        let host = try await TestEngine(model)
        let assistant = try await host.assistant()
        let citation = Annotation(
            target: .fileCitation(fileID: "file-1", quote: nil), text: "【0:0†a】", startIndex: 4,
            endIndex: 9)
        var request = ThreadRequest()
        request.messages = [
            MessageRequest("Q"),
            MessageRequest(
                content: [.text(MessageText("Blue【0:0†a】.", annotations: [citation]))],
                role: .assistant), MessageRequest("And now?"),
        ]
        let thread = try await host.engine.createThread(request, for: .trusted)
        _ = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
        ).all()
        #expect(model.requests[0].texts == ["Q", "Blue.", "And now?"])
        await host.close()
    }
}

extension ModelRequest {
    /// The texts of the conversation, in order.
    var texts: [String] {
        messages.map { message in
            switch message {
            case .user(let content):
                content.map { if case .text(let text) = $0 { text.value } else { "" } }.joined()
            case .assistant(let text, _, _): text
            case .tool(_, let output): output
            }
        }
    }
}
