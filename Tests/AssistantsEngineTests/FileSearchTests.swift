import Assistants
import FoundationEssentials
import TestSupport
import Testing
import Wire

@testable import AssistantsEngine

@Suite("A search in files", .timeLimit(.minutes(5))) struct FileSearchTests {
    private func index(_ texts: String...) throws -> TextIndex {
        try TextIndex(
            texts.enumerated().map { place, text in
                Passage(fileID: "file-\(place)", fileName: "\(place).md", title: "", text: text)
            })
    }

    @Test("finds words by their stems and without accents, the best passage first")
    func stems() async throws {
        let index = try index(
            "The café serves coffee.", "Keys and colours.", "Nothing of the kind.",
            "Pressing a key twice.")
        #expect(try await index.search(["cafe"], limit: 5).map(\.fileID) == ["file-0"])
        #expect(
            Set(try await index.search(["key"], limit: 5).map(\.fileID)) == ["file-1", "file-3"])
        #expect(try await index.search(["press keys"], limit: 1).map(\.fileID) == ["file-3"])
        let scores = try await index.search(["press keys coffee"], limit: 9).map(\.score)
        #expect(scores == scores.sorted(by: >))
        #expect(scores.allSatisfy { (0...1).contains($0) })
    }

    @Test(
        "takes no word of a query for an operator",
        arguments: [
            "\"", "a OR", "NEAR(", "-x", "title: key*", "AND NOT", "'; DROP TABLE passage", "👩‍👧 key",
            "",
        ])
    func operators(query: String) async throws {
        let index = try index("A key.", "Another.")
        _ = try await index.search([query], limit: 5)
        #expect(try await index.search(["key"], limit: 5).count == 1)
    }

    @Test("joins several queries")
    func fusion() async throws {
        let index = try index("apples", "pears", "apples and pears", "plums")
        let found = try await index.search(["apples", "pears"], limit: 9).map(\.fileID)
        #expect(found.first == "file-2")
        #expect(Set(found) == ["file-0", "file-1", "file-2"])
        #expect(try await index.search([], limit: 9).isEmpty)
    }

    @Test("cuts a page at its headings, not inside code")
    func sections() {
        let page = """
            Intro.

            # Title

            ## One

            text
            ```
            # no heading
            ```

            ### Deep
            deeper
            ## Empty
            ## Two
            last
            """
        #expect(
            MarkdownSections(page).sections == [
                .init(headings: [], text: "\nIntro."),
                .init(
                    headings: ["Title", "One"],
                    text: "# Title\n## One\n\ntext\n```\n# no heading\n```"),
                .init(
                    headings: ["Title", "One", "Deep"],
                    text: "# Title\n## One\n### Deep\n\ndeeper"),
                .init(headings: ["Title", "Two"], text: "# Title\n## Two\n\nlast"),
            ])
    }

    @Test("of a folder sees a sentence that was added to a page")
    func changedPage() async throws {
        let folder = TestEngine.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let page = URL(filePath: folder + "/page.md")
        try Data("# Page\n\nOne.".utf8).write(to: page)
        let search = ManualSearch(folder: folder)
        #expect(try await search.search(["zebra"], limit: 5).isEmpty)
        try Data("# Page\n\nOne. A zebra.".utf8).write(to: page)
        #expect(try await search.search(["zebra"], limit: 5).map(\.fileName) == ["page.md"])
        await expectError(500, code: "search_failed") {
            _ = try await ManualSearch(folder: "/nowhere").search(["x"], limit: 1)
        }
    }

    @Test("ends in a step with results, and in citations, from the question to the answer")
    func citedAnswer() async throws {
        let model = ScriptedModel([
            [
                .say(
                    .toolCall(
                        index: 0, id: "call_s", name: "file_search",
                        arguments: "{\"queries\":[\"zebra\"]}")),
                .say(.finished(.toolCalls)),
            ], ScriptedModel.text("Striped 【0:0†zebra.md】."),
        ])
        let index = try TextIndex([
            Passage(
                fileID: "file-z", fileName: "zebra.md", title: "Zebra", text: "A zebra has stripes."
            )
        ])
        let host = try await TestEngine(model, fileSearch: ["vs_1": IndexSearch(index: index)])
        var request = AssistantRequest(model: "scripted", tools: [.fileSearch(options: [:])])
        request.toolResources = ["file_search": ["vector_store_ids": ["vs_1"]]]
        let assistant = try await host.engine.createAssistant(request, for: .trusted)
        let thread = try await host.thread("How does a zebra look?")
        let events = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted
        ).all()
        #expect(
            events.collapsedNames == RunMachineTests.beginning + RunMachineTests.stepOpens
                + ["thread.run.step.completed"] + RunMachineTests.messageOpens
                + RunMachineTests.messageCloses + ["thread.run.completed", "done"])
        let run = try #require(try await host.onlyRun(of: thread.id))
        let steps = try await host.engine.steps(
            of: run.id, on: thread.id, PageRequest(order: .ascending), for: .trusted)
        guard case .toolCalls(let calls) = steps.data.first?.details,
            case .fileSearch(_, let results) = calls.first?.kind
        else {
            Issue.record("The first step is no search")
            return
        }
        #expect(results.map(\.fileName) == ["zebra.md"])
        #expect(results.map(\.text) == ["A zebra has stripes."])
        #expect(steps.data.first?.metadata == ["call_s": "zebra"])
        let message = try await host.engine.messages(
            in: thread.id, run: run.id, PageRequest(), for: .trusted
        ).data.first
        guard case .text(let text) = message?.content.first else {
            Issue.record("There is no text")
            return
        }
        #expect(text.value == "Striped 【0:0†zebra.md】.")
        #expect(
            text.annotations == [
                Annotation(
                    target: .fileCitation(fileID: "file-z", quote: nil), text: "【0:0†zebra.md】",
                    startIndex: 8, endIndex: 22)
            ])
        #expect(model.requests[1].texts.last == "【0:0†zebra.md】\nA zebra has stripes.")
        await host.close()
    }
}

/// A search in one index.
struct IndexSearch: FileSearch {
    var index: TextIndex

    func search(_ queries: [String], limit: Int) async throws(APIError) -> [FileSearchResult] {
        try await index.search(queries, limit: limit)
    }
}
