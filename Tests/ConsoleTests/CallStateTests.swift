import Assistants
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("The state of a tool call")
struct CallStateTests {
    private static func code(_ input: String, _ outputs: CodeOutput..., id: String) -> ToolCall {
        ToolCall(id: id, kind: .codeInterpreter(input: input, outputs: outputs))
    }

    @Test(
        "is told by the end of what code printed",
        arguments: [
            ("42\n", .done),
            ("", .done),
            (
                "Traceback (most recent call last):\n  File \"<cell 1>\", line 1, in <module>\n"
                    + "ZeroDivisionError: division by zero\n", .failed("ZeroDivisionError")
            ),
            (
                "Traceback (most recent call last):\n  x\nKeyError: 1\n\nDuring handling of the "
                    + "above exception, another exception occurred:\n\n"
                    + "Traceback (most recent call last):\n  y\npkg.errors.Odd: a\nb\nc\n",
                .failed("Odd")
            ),
            (
                "  File \"<cell 1>\", line 1\n    1 +\n       ^\nSyntaxError: invalid syntax\n",
                .failed("SyntaxError")
            ),
            ("ValueError: is a word that was printed", .done),
            ("a\n\n[The code stopped: it took longer than 120 s]\n", .failed("timed out")),
            ("\n[The code stopped: somebody asked for it]\n", .cancelled),
            ("\n[The code left with status 3]\n", .failed("status 3")),
            ("\n[The code left with status 0]\n", .done),
            ("\n[The interpreter ended: it used too much memory.]\n", .failed("killed")),
            ("The code could not be run. There is no bwrap here", .failed("not run")),
        ] as [(String, CallState)])
    func code(logs: String, state: CallState) {
        #expect(CallState(endOf: Self.code("x", .logs(logs), id: "c")) == state)
    }

    @Test(
        "is told by what a function's command came to",
        arguments: [
            ("sunny", .done),
            ("The function failed: it ended with status 2.\nno", .failed("status 2")),
            ("The function failed: signal 9 ended it.\n", .failed("killed")),
            ("The function was stopped: it took longer than 60 s.", .failed("timed out")),
            ("Switchboard ended while this ran. Whether it did", .lost),
        ] as [(String, CallState)])
    func function(output: String, state: CallState) {
        let call = ToolCall(id: "c", kind: .function(name: "f", arguments: "{}", output: output))
        #expect(CallState(endOf: call) == state)
    }

    @Test("takes any output, and no name that is none")
    func hostile() {
        let odd = [
            "Traceback (most recent call last):\n\u{1B}[31mError: x",
            "Traceback (most recent call last):\n" + String(repeating: "A", count: 9_000),
            "Traceback (most recent call last):", "Traceback (most recent call last):\n: x",
            "Traceback (most recent call last):\n...: x",
        ]
        for logs in odd {
            #expect(CallState(endOf: Self.code("x", .logs(logs), id: "c")) == .done)
        }
    }

    @Test("goes from writing to running to its end, with its own time")
    func course() {
        var stage = Stage(rows: 40, columns: 120)
        stage.begin()
        func step(_ calls: ToolCall..., status: StepStatus = .inProgress) -> RunStep {
            var step = Stage.step("step_1", .toolCalls(calls))
            step.status = status
            return step
        }
        stage.tell(.step(.created, step(Self.code("pri", id: "a"))))
        #expect(stage.shows("◐ code_interpreter  “pri”") && stage.shows("writing · 0.00 s"))
        stage.wait(.milliseconds(1_500))
        #expect(stage.shows("running · 1.5 s"))
        // One runs at a time: what the second gave back ends the first.
        let failed = "Traceback (most recent call last):\n  x\nValueError: no\n"
        stage.tell(
            .step(
                .inProgress,
                step(Self.code("print", .logs(failed), id: "a"), Self.code("b", id: "b"))))
        stage.wait(.milliseconds(500))
        #expect(stage.shows("running · 2.0 s") && stage.shows("queued · 0.5 s"))
        stage.tell(
            .step(
                .inProgress,
                step(
                    Self.code("print", .logs(failed), id: "a"),
                    Self.code("b", .logs("1\n"), id: "b"))))
        stage.wait(.milliseconds(500))
        #expect(stage.shows("✗ code_interpreter  “print”  failed: ValueError · 2.0 s"))
        #expect(stage.shows("running · 1.0 s"))
        stage.tell(
            .step(
                .completed,
                step(
                    Self.code("print", .logs(failed), id: "a"),
                    Self.code("b", .logs("1\n"), id: "b"), status: .completed)))
        stage.wait(.seconds(3))
        #expect(stage.shows("✓ code_interpreter  “b”") && stage.shows("done · 1.0 s"))
    }

    @Test("is each call's own where several are in one step")
    func parallel() {
        var stage = Stage(rows: 40, columns: 120)
        stage.begin()
        func call(_ id: String, _ arguments: String, _ output: String? = nil) -> ToolCall {
            ToolCall(
                id: id, kind: .function(name: "f\(id)", arguments: arguments, output: output))
        }
        stage.tell(
            .step(
                .inProgress,
                Stage.step(
                    "step_1",
                    .toolCalls([
                        call("1", "{}", "sunny"), call("2", #"{"a":1}"#), call("3", #"{"a":"#),
                    ]))))
        #expect(stage.shows("✓ f1") && stage.shows("done · 0.00 s"))
        #expect(stage.shows("◐ f2") && stage.shows("running · 0.00 s"))
        #expect(stage.shows("◐ f3") && stage.shows("writing · 0.00 s"))
        stage.tell(.run(.cancelled, Stage.run("run_1", .cancelled)))
        #expect(stage.shows("■ f2") && stage.shows("cancelled · "))
    }

    @Test("and what it gave back are folded, and say how they unfold")
    func folding() {
        var stage = Stage(rows: 60, columns: 120)
        stage.begin()
        let logs = (1...1_210).map { "row \($0)\n" }.joined()
        let code = (1...9).map { "x\($0) = \($0)" }.joined(separator: "\n")
        var step = Stage.step("step_1", .toolCalls([Self.code(code, .logs(logs), id: "a")]))
        stage.tell(.step(.inProgress, step))
        // While it goes on the newest rows matter.
        #expect(stage.shows("     … 1,207 more rows · M-2 Enter unfolds"))
        #expect(stage.shows("     row 1210") && !stage.shows("     row 1 "))
        step.status = .completed
        stage.tell(.step(.completed, step))
        #expect(stage.shows("     … 1,207 more rows · M-2 Enter unfolds"))
        #expect(stage.shows("     row 1 ") && stage.shows("     row 1209"))
        #expect(stage.shows("     x1 = 1") && stage.shows("     … 6 more rows"))
        stage.press("M-2")
        #expect(stage.shows("… 1,207 more rows · Enter unfolds"))
        stage.press("Enter")
        stage.press("g")
        #expect(stage.shows("     x9 = 9") && stage.shows("     row 1 "))
        stage.press("Enter")
        #expect(stage.shows("… 1,207 more rows · Enter unfolds"))
    }

    @Test("costs a frame no more than the rows that change")
    func cost() {
        var stage = Stage(rows: 40, columns: 120)
        stage.begin()
        let call = Self.code("for i in range(3): print(i)\n", .logs("a\n"), id: "a")
        stage.tell(.step(.inProgress, Stage.step("step_1", .toolCalls([call]))))
        let rows = stage.screen.driver.drawnRows
        stage.tell(
            .stepDelta(
                RunStepDelta(
                    id: "step_1",
                    details: .toolCalls([
                        ToolCallDelta(
                            index: 0,
                            kind: .codeInterpreter(
                                input: nil, outputs: [.init(index: 0, output: .logs("b\n"))]))
                    ]))))
        #expect(stage.shows("     b"))
        #expect(stage.screen.driver.drawnRows == rows + 1)
    }
}
