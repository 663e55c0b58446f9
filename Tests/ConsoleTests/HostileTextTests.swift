import Assistants
import FoundationEssentials
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
        "of the shared suite stays text, each case also split across two deltas",
        .enabled(if: Fixture.isPresent))
    func sequences() throws {
        let bytes = try Fixture.shared("suites/malicious/terminal/escape-sequences.json")
        let cases = try #require(try JSONValue(parsing: bytes)["cases"]?.arrayValue)
        #expect(cases.count > 90)
        for item in cases {
            let base64 = try #require(item["bytes_base64"]?.stringValue)
            let content = try #require(Data(base64Encoded: base64)).prefix(600)
            let shown = item["must_still_show"]?.arrayValue?.compactMap(\.stringValue) ?? []
            let name = item["name"]?.stringValue ?? ""
            let step = max(1, content.count / 3)
            for split in stride(from: 0, through: content.count, by: step) {
                let pieces = [content.prefix(split), content.dropFirst(split)]
                check(pieces.map { String(decoding: $0, as: UTF8.self) }, shows: shown, name)
            }
        }
    }

    @Test("split by a server stays text", .enabled(if: Fixture.isPresent))
    func splits() throws {
        let bytes = try Fixture.shared("suites/malicious/terminal/split-across-deltas.json")
        for item in try JSONValue(parsing: bytes)["cases"]?.arrayValue ?? [] {
            let pieces = item["deltas"]?.arrayValue?.compactMap(\.stringValue) ?? []
            check(pieces, shows: [], item["name"]?.stringValue ?? "")
        }
    }

    private func check(_ pieces: [String], shows texts: [String], _ name: String) {
        var stage = Stage(rows: 17, columns: 69)
        stage.drawsAlways = false
        stage.begin()
        stage.answer()
        for piece in pieces { stage.delta(piece) }
        stage.show()
        check(stage)
        for text in texts where pieces.joined().utf8.count < 300 {
            #expect(stage.shows(text), "\(name): \(text)")
        }
    }

    private func check(_ stage: Stage) {
        for row in 0..<stage.screen.driver.rows {
            let bad = stage.row(row).unicodeScalars.filter {
                $0.properties.generalCategory == .control || $0.value == 0x202E
            }
            if !bad.isEmpty { Issue.record("row \(row): \(bad.map(\.value))") }
        }
    }
}
