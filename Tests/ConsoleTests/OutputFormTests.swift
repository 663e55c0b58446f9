import Assistants
import Settings
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("The form for a call's output")
struct OutputFormTests {
    private static let schema = {
        var schema = OutputSchema()
        schema.explanation = "As the thermometer says."
        var celsius = OutputSchema.Property("celsius")
        (celsius.kind, celsius.isRequired) = (.number, true)
        celsius.explanation = "The temperature"
        var days = OutputSchema.Property("days")
        days.kind = .integer
        var sky = OutputSchema.Property("sky")
        (sky.choices, sky.isRequired) = (["clear", "cloudy", "rain"], true)
        var windy = OutputSchema.Property("windy")
        windy.kind = .boolean
        schema.properties = [celsius, days, sky, windy, OutputSchema.Property("note")]
        return schema
    }()

    private func output(_ stage: Stage) -> String? {
        guard case .submit(let outputs, _, _) = stage.effects.last else { return nil }
        return outputs.first?.output
    }

    @Test("has a field for each property, and submits an object of the right types")
    func fill() {
        var stage = AnswerTests.asked("{}", parameters: nil, schema: Self.schema)
        #expect(stage.shows(" *celsius"))
        #expect(stage.shows("           a number, required · The temperature"))
        stage.type("21.5")
        stage.press("Enter")
        stage.type("3")
        stage.press("Down", "Right", "Right")
        #expect(stage.shows(" *sky       clear  [cloudy]  rain"))
        stage.press("Down")
        stage.type("t")
        #expect(stage.shows("  windy    [true]  false"))
        stage.press("Enter")
        stage.type("as \"usual\"")
        #expect(stage.row(23).hasPrefix(" Enter submit"))
        stage.press("Enter")
        #expect(
            output(stage)
                == #"{"celsius":21.5,"days":3,"sky":"cloudy","windy":true,"note":"as \"usual\""}"#)
        #expect(stage.state.popups.isEmpty)
    }

    @Test("says under a field what is wrong with it, and goes there")
    func wrong() {
        var stage = AnswerTests.asked("{}", parameters: nil, schema: Self.schema)
        stage.type("warm")
        stage.press("Tab")
        stage.type("2.5")
        stage.press("Tab", "Tab", "Tab", "Enter")
        #expect(stage.effects.isEmpty)
        #expect(stage.shows("           This should be a number, such as 3.5."))
        #expect(stage.shows("           This should be a whole number, such as 12."))
        #expect(stage.shows("           One of these is required."))
        stage.press("C-u")
        #expect(!stage.shows("This should be a number"))
        stage.type("-3")
        stage.press("Tab", "C-u", "Tab")
        stage.type("r")
        stage.press("Tab", "Tab")
        stage.wait(.milliseconds(600))
        stage.press("Enter")
        #expect(output(stage) == #"{"celsius":-3,"sky":"rain"}"#)
    }

    @Test("leaves open again what need not be chosen")
    func open() {
        var stage = AnswerTests.asked("{}", parameters: nil, schema: Self.schema)
        stage.type("1")
        stage.press("Down", "Down", "Left", "Down", "Right", "Right", "Right", "Down", "Enter")
        #expect(output(stage) == #"{"celsius":1,"sky":"rain"}"#)
    }

    @Test("keeps a choice where only the cursor would move")
    func cursor() {
        var stage = AnswerTests.asked("{}", parameters: nil, schema: Self.schema)
        stage.press("Down", "Down", "Right", "Home", "End", "M-b", "M-f", "C-y", "C-_")
        #expect(stage.shows(" *sky      [clear]  cloudy   rain"), "\(stage.picture)")
        stage.press("Backspace")
        #expect(!stage.shows("[clear]"))
    }

    @Test("takes required texts of nothing only on purpose")
    func empty() {
        var schema = OutputSchema()
        var text = OutputSchema.Property("text")
        text.isRequired = true
        schema.properties = [text]
        var stage = AnswerTests.asked("{}", parameters: nil, schema: schema)
        stage.press("Enter")
        #expect(stage.effects.isEmpty && stage.shows("This is required."))
        stage.wait(.milliseconds(600))
        stage.press("C-x Enter")
        #expect(output(stage) == #"{"text":""}"#)
    }

    @Test("is one for each of several calls")
    func several() {
        var stage = AnswerTests.asked("{}", "{}", parameters: nil, schema: Self.schema)
        stage.type("1")
        stage.press("Down", "Down", "Right")
        stage.press("Tab", "Tab", "Tab")
        #expect(stage.row(1).contains("2 of 2"))
        stage.type("2")
        stage.press("Down", "Down", "Right", "Down", "Down", "Enter")
        guard case .submit(let outputs, _, _) = stage.effects.last else {
            Issue.record("nothing was submitted:\n\(stage.picture)")
            return
        }
        #expect(
            outputs.map(\.output) == [
                #"{"celsius":1,"sky":"clear"}"#, #"{"celsius":2,"sky":"clear"}"#,
            ])
    }

    @Test("fits the smallest screens", arguments: [(60, 15), (40, 12), (20, 5)])
    func small(columns: Int, rows: Int) {
        var stage = AnswerTests.asked(
            "{}", parameters: nil, schema: Self.schema, rows: rows, columns: columns)
        stage.press("Up", "Tab", "Tab", "Tab", "Tab")
        stage.type("here")
        if rows > 5 { #expect(stage.shows("here")) }
    }
}
