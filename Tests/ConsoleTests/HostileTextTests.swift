import Assistants
import Terminal
import TestSupport
import Testing
import Wire

@testable import Console

@Suite("Text from elsewhere")
struct HostileTextTests {
    static let attacks = [
        "\u{1b}]0;owned\u{7}", "\u{1b}[2J", "\u{9b}31m", "a\u{202e}b", "\r\nfake", "\u{8}\u{8}x",
        "\u{1b}]8;;http://evil\u{7}link", "x\u{0}y", "\u{7f}",
    ]

    @Test("never puts a control character into a cell", arguments: attacks)
    func cells(attack: String) {
        var stage = Stage(rows: 40, columns: 120)
        var assistant = Stage.analyst
        assistant.name = "A" + attack
        assistant.model = attack
        stage.give(.assistants([assistant]))
        stage.give(
            .answering(
                "asst_1",
                ModelInfo(name: attack, provider: attack, host: attack, isLocal: false)))
        stage.give(
            .threads(
                Page(data: [ThreadsTests.summary(1, attack)], hasMore: false), after: nil))
        stage.begin(question: "q" + attack)
        stage.answer()
        for scalar in "text ".unicodeScalars { stage.delta(String(scalar)) }
        for scalar in attack.unicodeScalars { stage.delta(String(scalar)) }
        let call = ToolCall(
            id: attack,
            kind: .function(name: attack, arguments: "{\"\(1)\":1}" + attack, output: attack))
        stage.tell(.step(.created, Stage.step("s", .toolCalls([call]))))
        var failed = Stage.run("run_1", .failed)
        failed.lastError = RunError(code: .serverError, message: attack)
        stage.tell(.run(.failed, failed))
        stage.type(attack)
        stage.input(.paste(attack))
        stage.give(.failed(threadID: nil, attack))
        for keys in ["F2", "F3", "C-p", "C-x A", "C-x i", "F1"] {
            stage.press(keys)
            check(stage)
            stage.press("Esc")
        }
        check(stage)
    }

    @Test(
        "of the shared suite stays text, each case also split across deltas",
        .enabled(if: Fixture.isPresent))
    func suite() throws {
        for name in try Fixture.names(in: "suites/malicious/terminal") {
            let bytes = try Fixture.shared("suites/malicious/terminal/" + name)
            let text = String(decoding: bytes.prefix(4_000), as: UTF8.self)
            var stage = Stage(rows: 24, columns: 80)
            stage.begin()
            stage.answer()
            stage.drawsAlways = false
            let scalars = Array(text.unicodeScalars)
            for start in stride(from: 0, to: scalars.count, by: 3) {
                var piece = ""
                piece.unicodeScalars.append(
                    contentsOf: scalars[start..<min(start + 3, scalars.count)])
                stage.delta(piece)
            }
            stage.show()
            check(stage)
        }
    }

    private func check(_ stage: Stage) {
        for row in 0..<stage.screen.driver.rows {
            for scalar in stage.row(row).unicodeScalars {
                #expect(
                    scalar.properties.generalCategory != .control
                        && scalar.value != 0x202E, "\(scalar.value)")
            }
        }
    }
}
