import Assistants
import Settings
import Terminal
import TestSupport
import Testing
import Wire

@testable import Console

@Suite("The prompt for a call's output")
struct AnswerTests {
    static let parameters: JSONValue = [
        "type": "object",
        "properties": [
            "city": ["type": "string", "description": "The city, in English"],
            "day": ["type": "string"],
            "options": ["type": "object"],
            "lang": ["type": "string"],
        ],
        "required": ["city", "day"],
    ]

    /// A console in which calls wait and the prompt for them is open, ready to take keys.
    static func asked(
        _ arguments: String..., parameters: JSONValue? = Self.parameters,
        schema: OutputSchema? = nil, rows: Int = 24, columns: Int = 80
    ) -> Stage {
        var options = ConsoleOptions()
        options.outputSchemas["get_weather"] = schema
        var stage = Stage(rows: rows, columns: columns, options: options)
        stage.begin(question: "Weather?")
        let calls = arguments.enumerated().map { place, text in
            ToolCall(
                id: "call_\(place + 1)",
                kind: .function(name: "get_weather", arguments: text, output: nil))
        }
        var run = Stage.run("run_1", .requiresAction)
        if let parameters {
            run.tools = [
                .function(
                    FunctionTool(
                        name: "get_weather", description: "Tells the weather.",
                        parameters: parameters))
            ]
        }
        run.requiredAction = calls
        stage.tell(.run(.requiresAction, run))
        stage.effects = []
        stage.press("F4")
        stage.wait(.milliseconds(600))
        return stage
    }

    private static func submitted(_ outputs: String...) -> [Effect] {
        let outputs = outputs.enumerated().map {
            ToolOutput(toolCallID: "call_\($0 + 1)", output: $1)
        }
        return [.submit(outputs, to: "run_1", on: "thread_1")]
    }

    private func rows(_ stage: Stage, _ range: Range<Int>) -> [String] {
        range.map { stage.row($0) }
    }

    // MARK: - Arguments

    @Test("shows arguments by name in the order of the function's parameters")
    func arguments() {
        let stage = Self.asked(
            #"{"extra":5,"options":{"unit":"C","days":[1,2]},"city":"Oslo"}"#)
        #expect(
            rows(stage, 2..<19) == [
                " get_weather", "   Tells the weather.",
                "   city  The city, in English", "     Oslo",
                "   day  required, and missing",
                "   options", "     {", #"       "unit": "C","#, #"       "days": ["#,
                "         1,", "         2", "       ]", "     }",
                "   extra  the function has no such parameter", "     5",
                "   not given: lang", "",
            ])
    }

    @Test("shows arguments that are no JSON as they came")
    func broken() {
        let stage = Self.asked(#"{"city": Oslo"#)
        #expect(stage.row(4) == " The arguments are no JSON; they came like this:")
        #expect(stage.row(5) == #"   {"city": Oslo"#)
        #expect(Self.asked("[1]").shows("   [1]"))
        #expect(Self.asked("{}", parameters: nil).shows("   called without arguments"))
        #expect(Self.asked("", parameters: nil).shows("   called without arguments"))
    }

    @Test("scrolls long arguments while the output stays in view")
    func long() {
        let list = (1...60).map { "line \($0)" }.joined(separator: "\\n")
        var stage = Self.asked(#"{"city":"\#(list)","day":"now"}"#, rows: 15, columns: 60)
        #expect(stage.shows("What did it give back?"))
        #expect(stage.row(1).contains("▼"))
        #expect(stage.shows("line 1") && !stage.shows("line 20"))
        for _ in 0..<40 { stage.press("PageDown") }
        #expect(stage.shows("     now") && stage.shows("What did it give back?"))
        #expect(!stage.row(1).contains("▼"))
        stage.type("sunny")
        #expect(stage.shows(" › sunny") && stage.shows("     now"))
        for _ in 0..<40 { stage.press("PageUp") }
        #expect(stage.row(2) == " get_weather")
    }

    @Test("shows what a model wrote to mislead harmlessly")
    func hostile() {
        let text = #"{"ci\u202ety":"\u001b[31mOslo\u202egpj\u0007","\n":"\u0000"}"#
        let stage = Self.asked(text)
        for scalar in stage.picture.unicodeScalars where scalar != "\n" {
            #expect(scalar.properties.generalCategory != .control)
            #expect(scalar.value != 0x202E)
        }
        #expect(stage.shows("Oslo"))
    }

    @Test("shows much without end")
    func flood() {
        let value = String(repeating: "x", count: 2 << 20)
        let stage = Self.asked(#"{"city":"\#(value)","day":"now"}"#)
        #expect(stage.state.popups.count == 1)
        #expect(stage.shows("What did it give back?"))
    }

    // MARK: - What is typed

    @Test("says whether what is typed is text or JSON, and where JSON is none")
    func json() {
        var stage = Self.asked(#"{"city":"Oslo","day":"now"}"#)
        stage.type("fine")
        #expect(stage.shows("What did it give back?") && stage.picture.contains(" text\n"))
        stage.press("C-u")
        stage.type(#"{"sky": blue}"#)
        #expect(stage.picture.contains(" JSON\n"))
        stage.press("Enter")
        #expect(stage.effects.isEmpty)
        #expect(stage.shows("   This is no JSON at line 1, column 9:"))
        // A held key does not confirm it.
        stage.press("Enter")
        #expect(stage.effects.isEmpty)
        stage.wait(.milliseconds(600))
        stage.press("Enter")
        #expect(stage.effects == Self.submitted(#"{"sky": blue}"#))
    }

    @Test("asks anew after a correction, and submits what is right")
    func corrected() {
        var stage = Self.asked(#"{"city":"Oslo","day":"now"}"#)
        stage.type("[1, 2")
        stage.press("Enter")
        stage.type(",")
        #expect(!stage.shows("This is no JSON"))
        stage.wait(.milliseconds(600))
        stage.press("Enter")
        #expect(stage.effects.isEmpty && stage.shows("This is no JSON at line 1, column 7"))
        stage.press("Backspace")
        stage.type("]")
        stage.wait(.milliseconds(600))
        stage.press("Enter")
        #expect(stage.effects == Self.submitted("[1, 2]"))
    }

    @Test("sends nothing only on purpose")
    func empty() {
        var stage = Self.asked("{}")
        stage.press("Enter")
        stage.press("Enter")
        #expect(stage.effects.isEmpty)
        #expect(stage.row(23).contains("^X Enter sends nothing"))
        stage.press("C-x Enter")
        #expect(stage.effects == Self.submitted(""))
    }

    @Test("takes no key that was meant for something else")
    func early() {
        var stage = Self.asked("{}")
        stage.type("later")
        stage.escape()
        #expect(stage.state.popups.isEmpty)
        stage.press("F4", "C-x Enter", "Enter")
        #expect(stage.effects.isEmpty && stage.state.popups.count == 1)
        stage.input(.paste(" a\nb\n"))
        #expect(stage.effects.isEmpty)
        stage.wait(.milliseconds(600))
        stage.press("Enter")
        // What was put aside is there again.
        #expect(stage.effects == Self.submitted("later a\nb\n"))
    }

    @Test("moves in rows of a longer text")
    func rowsOfText() {
        var stage = Self.asked("{}")
        stage.type("one")
        stage.press("M-Enter")
        stage.type("two")
        stage.press("Up")
        stage.type("!")
        stage.press("Down", "End")
        stage.type("?")
        stage.press("Enter")
        #expect(stage.effects == Self.submitted("one!\ntwo?"))
    }

    // MARK: - Calls in parallel

    @Test("takes the output of each call beside its arguments")
    func parallel() {
        var stage = Self.asked(#"{"city":"Oslo"}"#, #"{"city":"Rome"}"#, parameters: nil)
        #expect(stage.row(1).contains("1 of 2"))
        #expect(stage.row(2).hasPrefix(" ⏸ [get_weather]  ⏸ get_weather"))
        #expect(stage.shows("     Oslo"))
        stage.press("Tab")
        #expect(stage.shows("     Rome"))
        stage.type("hot")
        stage.press("Enter")
        #expect(stage.shows("     Oslo") && stage.effects.isEmpty)
        #expect(stage.row(2).hasPrefix(" ⏸ [get_weather]  ✓ get_weather"))
        stage.type("cold")
        // What Enter goes on to is to be looked at first.
        stage.press("Enter")
        #expect(stage.effects.isEmpty)
        stage.wait(.milliseconds(600))
        #expect(stage.row(23).hasPrefix(" Enter submit"))
        stage.press("Enter")
        #expect(stage.effects == Self.submitted("cold", "hot"))
    }
}
