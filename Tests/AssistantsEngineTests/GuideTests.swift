import Assistants
import AssistantsEngine
import FoundationEssentials
import TestSupport
import Testing

/// Only Guide, whatever is asked for.
private struct OnlyGuide: ModelResolving {
    func backend(for model: String) async throws(ModelError) -> any ModelBackend { GuideBackend() }
    func models() async -> [ModelInfo] { [GuideBackend().info] }
}

@Suite("Guide")
struct GuideTests {
    @Test("answers by a real search, with an extract and a citation")
    func answer() async throws {
        let page = "# Birds\n\n## Owls\n\nOwls hunt mice at night.\n"
        let events = try await Self.ask("When do owls hunt?", manual: ["birds.md": page])
        var transcript = Transcript()
        for event in events { transcript.apply(event) }
        #expect(transcript.runs.last?.status == .completed)
        guard case .toolCalls(let calls)? = transcript.steps.first?.details,
            case .fileSearch(_, let results)? = calls.first?.kind
        else {
            Issue.record("No search: \(transcript.steps)")
            return
        }
        #expect(results.first?.fileName == "birds.md")
        let message = try #require(transcript.messages.last)
        #expect(message.text.contains("Owls hunt mice at night."))
        guard case .text(let text) = message.content.first else {
            Issue.record("No text: \(message)")
            return
        }
        #expect(text.annotations.map(\.text) == ["【0:0†birds.md】"])
    }

    @Test("knows a sentence as soon as the manual has it")
    func onlyTheManual() async throws {
        let question = "Which colour has the zeppelin?"
        let before = try await Self.answer(question, manual: ["a.md": "# A\n\n## B\n\nText.\n"])
        #expect(before.contains("I found nothing about that"))
        let page = "# A\n\n## B\n\nText.\n\n## Zeppelin\n\nThe zeppelin has the colour teal.\n"
        let after = try await Self.answer(question, manual: ["a.md": page])
        #expect(after.contains("colour teal"))
    }

    @Test(
        "greets without searching, and says that it is no language model",
        arguments: ["hi", "Hello there!"])
    func greeting(text: String) async throws {
        let events = try await Self.ask(text, manual: ["a.md": "# A\n\n## B\n\nHello there.\n"])
        var transcript = Transcript()
        for event in events { transcript.apply(event) }
        #expect(transcript.steps.count == 1)
        let answer = transcript.messages.last?.text ?? ""
        #expect(answer.contains("not a language model"))
        #expect(Self.suggestions(answer) == 3)
    }

    @Test("admits what it does not know, with three suggestions")
    func offSubject() async throws {
        let manual = ["keys.md": "# Keys\n\n## Panes\n\nTab goes to the next pane.\n"]
        let answer = try await Self.answer(
            "Who won the chess championship in 1972?", manual: manual)
        #expect(answer.contains("I found nothing about that"))
        #expect(answer.contains("--model-url"))
        #expect(Self.suggestions(answer) == 3)
    }

    private static func suggestions(_ answer: String) -> Int {
        answer.split(separator: "\n").count { $0.hasPrefix("- ") }
    }

    private static func answer(_ question: String, manual: [String: String]) async throws -> String
    {
        var transcript = Transcript()
        for event in try await ask(question, manual: manual) { transcript.apply(event) }
        return transcript.messages.last?.text ?? ""
    }

    private static func ask(
        _ question: String, manual: [String: String]
    ) async throws -> [AssistantEvent] {
        let folder = TestEngine.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let pages = folder + "/manual"
        try FileManager.default.createDirectory(atPath: pages, withIntermediateDirectories: true)
        for (name, text) in manual {
            try Data(text.utf8).write(to: URL(filePath: pages + "/" + name))
        }
        let engine = try await Engine.open(
            directory: folder + "/data", models: OnlyGuide(),
            fileSearch: [GuideBackend.manualStoreID: ManualSearch(folder: pages)])
        try await engine.addBuiltInAssistants()
        var request = ThreadRequest()
        request.messages = [MessageRequest(question)]
        let thread = try await engine.createThread(request, for: .trusted)
        let events = try await engine.streamRun(
            RunRequest(assistantID: GuideBackend.assistantID), on: thread.id, for: .trusted
        ).all()
        await engine.close()
        return events
    }
}
