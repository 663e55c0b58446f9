import Assistants
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("Tool calls and run steps")
struct ToolCallTests {
    static let weather = ToolCall(
        id: "call_1",
        kind: .function(
            name: "get_weather", arguments: #"{"city":"Oslo","days":3}"#, output: nil))

    static func waiting(rows: Int = 24, columns: Int = 80) -> Stage {
        var stage = Stage(rows: rows, columns: columns)
        stage.begin(question: "Weather?")
        stage.tell(
            .step(.created, Stage.step("step_1", .toolCalls([weather]))),
            .step(.inProgress, Stage.step("step_1", .toolCalls([weather]))))
        var run = Stage.run("run_1", .requiresAction)
        run.requiredAction = [weather]
        stage.tell(.run(.requiresAction, run))
        stage.effects = []
        return stage
    }

    @Test("show the name, and each argument by its name")
    func arguments() {
        let stage = Self.waiting()
        #expect(stage.row(15).hasPrefix("─ Tool calls ────────────────────── 1 ─┬"))
        #expect(stage.row(16).hasPrefix(" ⏸ get_weather  “Oslo”      F4 answers │"))
        #expect(stage.row(17).hasPrefix("     city Oslo"))
        #expect(stage.row(18).hasPrefix("     days 3"))
        #expect(stage.shows("⏸ waits for you"))
    }

    @Test("take the output that the person types")
    func answer() {
        var stage = Self.waiting()
        #expect(stage.row(23).contains("get_weather waits for an answer · F4"))
        stage.press("F4")
        #expect(stage.row(23).hasPrefix(" Enter submit"))
        #expect(stage.row(2) == " get_weather")
        #expect(stage.row(3) == "   city")
        #expect(stage.row(4) == "     Oslo")
        stage.press("Enter")
        stage.wait(.milliseconds(600))
        stage.type("sunny, 21")
        stage.press("Enter")
        #expect(
            stage.effects == [
                .submit(
                    [ToolOutput(toolCallID: "call_1", output: "sunny, 21")], to: "run_1",
                    on: "thread_1")
            ])
        #expect(stage.state.popups.isEmpty)
    }

    @Test("are told of to whoever comes to their thread later")
    func lateNotice() {
        let notice = "get_weather waits for an answer · F4"
        var run = Stage.run("run_9", .requiresAction)
        run.threadID = "thread_2"
        run.requiredAction = [Self.weather]
        // Another program's thread, heard of live before it was opened.
        var stage = ThreadsTests.three(rows: 24, columns: 80)
        stage.tell([.run(.run(.requiresAction, run))], thread: "thread_2")
        #expect(!stage.row(23).contains(notice))
        // It is the newest now.
        stage.press("F2", "Enter")
        #expect(stage.state.current == "thread_2")
        #expect(stage.row(23).contains(notice))
        // One of which nothing was heard, read when it is opened.
        stage = ThreadsTests.three(rows: 24, columns: 80)
        stage.press("F2", "Down", "Enter")
        #expect(!stage.row(23).contains(notice))
        stage.give(
            .opened(
                "thread_2",
                OpenedThread(
                    thread: nil, messages: [], window: 0..<0, total: 0, runs: [run], steps: [])))
        #expect(stage.row(23).contains(notice))
    }

    @Test("are told of to whoever sent what they came of, however quick they were")
    func quickNotice() {
        var stage = Stage(rows: 24, columns: 80)
        stage.type("Weather?")
        stage.press("Enter")
        var run = Stage.run("run_1", .requiresAction)
        run.requiredAction = [Self.weather]
        stage.tell(.run(.requiresAction, run))
        stage.give(.threadCreated(number: 1, Stage.thread))
        #expect(stage.row(23).contains("get_weather waits for an answer · F4"))
    }

    @Test("can be answered in the editor")
    func editor() {
        var stage = Self.waiting()
        stage.press("F4")
        stage.type("draft")
        stage.press("C-g")
        #expect(stage.effects == [.openEditor("draft", for: .output)])
        stage.give(.edited("from the\neditor", for: .output))
        #expect(stage.shows(" › from the"))
        #expect(stage.state.conversation.draft.isEmpty)
    }

    @Test("that wait have their names in view where there is no room for all of it")
    func narrow() {
        var stage = Stage()
        stage.begin(question: "Weather?")
        let calls = ["Oslo", "Rome"].map { city in
            ToolCall(
                id: "call_\(city)",
                kind: .function(
                    name: "weather_in_\(city)", arguments: #"{"city":"\#(city)","days":3}"#,
                    output: nil))
        }
        let found = ToolCall(
            id: "call_0",
            kind: .fileSearch(
                rankingOptions: nil,
                results: [.init(fileID: "f", fileName: "a.txt", score: 0.5, text: nil)]))
        var search = Stage.step("step_0", .toolCalls([found]))
        search.status = .completed
        stage.tell(.step(.completed, search))
        stage.tell(.step(.inProgress, Stage.step("step_1", .toolCalls(calls))))
        var run = Stage.run("run_1", .requiresAction)
        run.requiredAction = calls
        stage.tell(.run(.requiresAction, run))
        #expect(stage.row(16).hasPrefix(" ✓ file_search"))
        #expect(stage.row(17).hasPrefix(" ⏸ weather_in_Oslo"))
        #expect(stage.row(18).hasPrefix(" ⏸ weather_in_Rome"))
        #expect(stage.row(19).hasPrefix("     city Rome"))
        // Whoever scrolls sees every row in order.
        stage.input(.mouse(MouseEvent(.wheelUp, row: 18, column: 5)))
        #expect(stage.row(17).hasPrefix("     【1】a.txt"))
    }

    @Test("keep the name in view while an output is longer than the pane")
    func longOutput() {
        var stage = Stage()
        stage.begin()
        let logs = (1...9).map { "row \($0)" }.joined(separator: "\n")
        let call = ToolCall(
            id: "call_1", kind: .codeInterpreter(input: "print()", outputs: [.logs(logs)]))
        stage.tell(.step(.created, Stage.step("step_1", .toolCalls([call]))))
        #expect(stage.row(16).hasPrefix(" ◐ code  “print()”"))
        #expect(stage.row(17).hasPrefix("     … 6 more rows · M-2 Enter unfolds"))
        #expect(stage.row(20).hasPrefix("     row 9"))
    }

    @Test("are not answered by a key in the first half second")
    func early() {
        var stage = Self.waiting()
        stage.press("F4")
        stage.type("x")
        stage.press("Enter")
        #expect(stage.effects.isEmpty)
        stage.press("Esc")
        #expect(stage.shows("The call still waits"))
        stage.press("F4")
        #expect(!stage.shows("The call still waits"))
    }

    @Test("are asked for one after the other, and sent together")
    func two() {
        var stage = Self.waiting()
        var run = Stage.run("run_1", .requiresAction)
        run.requiredAction = [
            Self.weather,
            ToolCall(id: "call_2", kind: .function(name: "b", arguments: "{}", output: nil)),
        ]
        stage.tell(.run(.requiresAction, run))
        stage.press("F4")
        stage.wait(.seconds(1))
        stage.type("one")
        stage.press("Enter")
        stage.type("two")
        stage.wait(.seconds(1))
        stage.press("Enter")
        #expect(
            stage.effects == [
                .submit(
                    [
                        ToolOutput(toolCallID: "call_1", output: "one"),
                        ToolOutput(toolCallID: "call_2", output: "two"),
                    ], to: "run_1", on: "thread_1")
            ])
    }

    @Test("do not take the focus from what is written")
    func focus() {
        var stage = Stage()
        stage.begin()
        stage.type("half a sen")
        var run = Stage.run("run_1", .requiresAction)
        run.requiredAction = [Self.weather]
        stage.tell(.run(.requiresAction, run))
        stage.type("tence")
        #expect(stage.state.conversation.draft.text == "half a sentence")
        #expect(stage.state.popups.isEmpty)
    }

    @Test("stream their code and outputs")
    func code() {
        var stage = Stage()
        stage.begin()
        let call = ToolCall(id: "call_1", kind: .codeInterpreter(input: "", outputs: []))
        stage.tell(.step(.created, Stage.step("step_1", .toolCalls([call]))))
        let pieces = ["import pandas", " as pd\nprint(", "1)\n"]
        for piece in pieces {
            stage.tell(
                .stepDelta(
                    RunStepDelta(
                        id: "step_1",
                        details: .toolCalls([
                            ToolCallDelta(
                                index: 0, kind: .codeInterpreter(input: piece, outputs: []))
                        ]))))
        }
        #expect(stage.row(16).contains("◐ code  “print(1)”     writing "))
        #expect(stage.row(17).hasPrefix("     import pandas as pd"))
        #expect(stage.row(18).hasPrefix("     print(1)"))
    }

    @Test("are a timeline: each step where it began")
    func timeline() {
        var stage = Stage(rows: 40, columns: 120)
        stage.begin()
        stage.wait(.milliseconds(1_000))
        stage.tell(.step(.created, Stage.step("step_0", .toolCalls([Self.weather]))))
        stage.wait(.milliseconds(1_000))
        var done = Stage.step("step_0", .toolCalls([Self.weather]))
        done.status = .completed
        stage.tell(.step(.completed, done))
        stage.answer()
        stage.wait(.milliseconds(1_000))
        let rows = stage.screen.driver.text.map {
            $0.split(separator: "│").last.map(String.init) ?? ""
        }
        #expect(rows.contains { $0.hasPrefix(" ◐ running · 3.0 s") })
        let tool = rows.first { $0.contains("✓ get_weather") } ?? ""
        let message = rows.first { $0.contains("◐ message") } ?? ""
        #expect(tool.contains("1.0 s") && message.contains("1.0 s"))
        let start = { (text: String) in text.prefix { $0 != "█" }.count }
        #expect(start(tool) < start(message))
        #expect(tool.filter { $0 == "█" }.count >= 5)
    }

    @Test("of a thread that was read tell whole seconds")
    func read() {
        var stage = Stage(rows: 40, columns: 120)
        stage.state.show(thread: "thread_1")
        var run = Stage.run("run_1", .completed)
        (run.startedAt, run.completedAt) = (run.createdAt, run.createdAt + 3)
        var first = Stage.step("step_1", .toolCalls([Self.weather]))
        (first.status, first.completedAt) = (.completed, first.createdAt)
        var second = Stage.step("step_2", .messageCreation(messageID: "msg_1"))
        second.createdAt += 1
        (second.status, second.completedAt) = (.completed, second.createdAt + 2)
        stage.give(
            .opened(
                "thread_1",
                OpenedThread(
                    thread: Stage.thread, messages: [Stage.answer("msg_1", "Hi.", .completed)],
                    window: 0..<1, total: 1, runs: [run], steps: [first, second])))
        #expect(stage.shows("✓ done · 3 s"))
        #expect(stage.shows("✓ get_weather       <1 s"))
        #expect(stage.shows("✓ message           2 s"))
    }

    @Test("of a run that began before we looked tell whole seconds, too")
    func recovered() {
        var stage = Stage(rows: 40, columns: 120)
        stage.state.show(thread: "thread_1")
        var run = Stage.run("run_1", .inProgress)
        run.startedAt = run.createdAt
        let step = Stage.step("step_1", .messageCreation(messageID: "msg_1"))
        stage.give(
            .opened(
                "thread_1",
                OpenedThread(
                    thread: Stage.thread, messages: [Stage.answer("msg_1", "Hi", .inProgress)],
                    window: 0..<1, total: 1, runs: [run], steps: [step])))
        for _ in 0..<4 { stage.wait(.seconds(1)) }
        #expect(stage.shows("running · 4 s"), "\(stage.picture)")
        #expect(stage.shows("◐ message           4 s"), "\(stage.picture)")
    }

    @Test("cost no row for what does not change")
    func rows() {
        var stage = Self.waiting(rows: 40, columns: 120)
        let rows = stage.screen.driver.drawnRows
        stage.wait(.seconds(1))
        #expect(stage.screen.driver.drawnRows == rows)
    }
}
