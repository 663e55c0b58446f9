import Assistants
import TestSupport
import Testing

@testable import Console

@Suite("Quoted passages")
struct PassageTests {
    private static let search = ToolCall(
        id: "call_1",
        kind: .fileSearch(
            rankingOptions: nil,
            results: [
                .init(fileID: "f1", fileName: "policy.md", score: 0.91, text: "Ranges only."),
                .init(
                    fileID: "f1", fileName: "policy.md", score: 0.8,
                    text: (1...60).map { "Line \($0) of the rule." }.joined(separator: "\n")),
            ]))

    private static func message(_ mark: String) -> Message {
        var message = Stage.answer("msg_2", "", .completed)
        message.content = [
            .text(
                MessageText(
                    "So it is\(mark).",
                    annotations: [
                        Annotation(
                            target: .fileCitation(fileID: "f1", quote: nil), text: mark,
                            startIndex: 8, endIndex: 20)
                    ]))
        ]
        return message
    }

    private func stage(_ mark: String) -> Stage {
        var stage = Stage()
        stage.begin()
        var step = Stage.step("step_0", .toolCalls([Self.search]))
        step.status = .completed
        stage.tell(.step(.completed, step), .message(.completed, Self.message(mark)))
        return stage
    }

    @Test("of a message are opened from anywhere, and scrolled")
    func open() {
        var stage = stage("【0:1†policy.md】")
        #expect(stage.shows("So it is【1】."))
        stage.press("C-x p")
        #expect(stage.shows(" Quoted passages ") && stage.shows(" 【1】policy.md · 0.80"))
        #expect(stage.shows("   Line 1 of the rule.") && !stage.shows("Line 60 of"))
        for _ in 0..<60 { stage.press("Down") }
        #expect(stage.shows("   Line 60 of the rule."))
        stage.press("Up")
        stage.press("q")
        #expect(stage.state.popups.isEmpty)
    }

    @Test("are found by their file where the numbers are another thread's or run's")
    func otherNumbers() {
        var stage = stage("【7:0†policy.md】")
        stage.press("C-x p")
        #expect(stage.shows(" 【1】policy.md · 0.91") && stage.shows("   Ranges only."))
    }

    @Test("of a search are opened in its pane; Enter in the chat opens those of a message")
    func panes() {
        var stage = stage("【0:0†policy.md】")
        stage.press("M-2", "p")
        #expect(stage.shows(" 【1】policy.md · 0.91") && stage.shows(" 【2】policy.md · 0.80"))
        stage.escape()
        stage.press("M-1", "Enter")
        #expect(stage.shows("   Ranges only."))
        #expect(
            stage.state.popups == [.passages(PassagesPane(subject: .message("msg_2")))])
    }

    @Test("of an older run are read first")
    func older() {
        var stage = Stage()
        stage.begin()
        stage.tell(.message(.completed, Self.message("【0:0†policy.md】")))
        stage.press("C-x p")
        #expect(stage.effects == [.loadSteps("thread_1", "run_1")])
        #expect(stage.shows("The passage is not known."))
        stage.give(.steps("thread_1", [Stage.step("step_0", .toolCalls([Self.search]))]))
        #expect(stage.shows("   Ranges only."))
    }

    @Test("are of strangers", .enabled(if: Fixture.isPresent))
    func hostile() throws {
        for text in try HostileCase.all().map(\.text) {
            var stage = Stage()
            stage.begin()
            let call = ToolCall(
                id: "c",
                kind: .fileSearch(
                    rankingOptions: nil,
                    results: [.init(fileID: "f", fileName: text, score: 0.5, text: text)]))
            stage.tell(.step(.completed, Stage.step("step_0", .toolCalls([call]))))
            stage.press("M-2", "p")
            let shown = stage.picture.unicodeScalars
            #expect(shown.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\n" })
        }
    }

    @Test("where there are none are said so")
    func none() {
        var stage = Stage()
        stage.begin()
        stage.press("C-x p")
        #expect(stage.shows("This message quotes nothing."))
    }
}
