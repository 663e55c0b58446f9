import Assistants
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("The run steps")
struct RunStepsTests {
    private static func call(_ id: String, _ output: String? = nil) -> ToolCall {
        ToolCall(id: id, kind: .function(name: "f_\(id)", arguments: "{}", output: output))
    }

    /// A step with two calls: one answers after a second, the other is at work for two.
    private static func stage(rows: Int, columns: Int) -> Stage {
        var stage = Stage(rows: rows, columns: columns)
        stage.begin()
        stage.tell(.step(.inProgress, Stage.step("step_1", .toolCalls([call("1"), call("2")]))))
        stage.wait(.seconds(1))
        stage.tell(
            .step(.inProgress, Stage.step("step_1", .toolCalls([call("1", "x"), call("2")]))))
        stage.wait(.seconds(1))
        return stage
    }

    private func steps(_ stage: Stage) -> [String] {
        stage.screen.driver.text.map { $0.split(separator: "│").last.map(String.init) ?? "" }
    }

    @Test("have the calls of a step below it, each with its own state and time")
    func tree() {
        let rows = steps(Self.stage(rows: 40, columns: 120))
        #expect(rows.contains { $0.hasPrefix(" ◐ 2 calls           2.0 s") })
        #expect(rows.contains { $0.hasPrefix(" ├ ✓ f_1             1.0 s") })
        #expect(rows.contains { $0.hasPrefix(" └ ◐ f_2             2.0 s") })
    }

    @Test("fit a small screen: what was no wait is left out first", arguments: [true, false])
    func small(isNarrow: Bool) {
        var stage = isNarrow ? Self.stage(rows: 15, columns: 60) : Self.stage(rows: 24, columns: 80)
        if isNarrow { stage.press("M-3") }
        stage.tell(
            .step(
                .inProgress, Stage.step("step_2", .messageCreation(messageID: "msg_2"))))
        #expect(stage.shows("◐ 2 calls") && stage.shows("├ ✓ f_1") && stage.shows("└ ◐ f_2"))
        #expect(stage.shows("queue") == isNarrow)
    }

    @Test("of one call are one row")
    func single() {
        var stage = Stage(rows: 40, columns: 120)
        stage.begin()
        stage.tell(.step(.inProgress, Stage.step("step_1", .toolCalls([Self.call("1")]))))
        #expect(stage.shows("◐ f_1") && !stage.shows("├"))
    }
}
