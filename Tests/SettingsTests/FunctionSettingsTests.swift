import Settings
import Testing

@Suite("The functions section of a configuration file")
struct FunctionSettingsTests {
    @Test("has commands, forms, or both")
    func values() throws {
        let functions = try read(
            """
            functions:
              b:
                command: [weather, --json]
                consent: always
              a:
                output-schema:
                  type: object
                  description: What the thermometer says.
                  properties:
                    zero: {type: number, description: The temperature}
                    days: {type: integer}
                    sky: {type: string, enum: [clear, cloudy]}
                    kind:
                      enum: [one]
                    "a b": {type: boolean}
                  required: [zero, "a b"]
            """)
        #expect(functions.map(\.name) == ["a", "b"])
        #expect(functions[1].command == ["weather", "--json"] && functions[1].outputSchema == nil)
        #expect(functions[0].command.isEmpty)
        let schema = try #require(functions[0].outputSchema)
        #expect(schema.explanation == "What the thermometer says.")
        #expect(schema.properties.map(\.name) == ["zero", "days", "sky", "kind", "a b"])
        #expect(schema.properties.map(\.kind) == [.number, .integer, .string, .string, .boolean])
        #expect(schema.properties.map(\.isRequired) == [true, false, false, false, true])
        #expect(schema.properties[0].explanation == "The temperature")
        #expect(schema.properties[2].choices == ["clear", "cloudy"])
    }

    @Test("names what a form cannot show, with its line", arguments: wrong)
    func problems(text: String, expected: String) {
        let lines = "functions:\n  f:\n    output-schema:\n" + text
        do {
            _ = try read(lines)
            Issue.record("nothing was refused")
        } catch {
            #expect("\(error)".contains(expected), "\(error)")
        }
    }

    @Test("needs a command or a form")
    func neither() {
        do {
            _ = try read("functions:\n  f:\n    time: 3s\n")
            Issue.record("nothing was refused")
        } catch {
            #expect("\(error)".contains("A function needs a command."))
        }
    }
}

private let wrong: [(String, String)] = [
    ("      type: array\n", "config.yaml:4:7: A form gives an object, not “array”."),
    ("      required: [a]\n", "An output schema needs properties."),
    (
        "      properties:\n        a: {type: array}\n",
        "config.yaml:5:19: “array” cannot be the value of “type”. "
            + "Allowed: string, number, integer, boolean."
    ),
    (
        "      properties:\n        a: {type: string, pattern: x}\n",
        "config.yaml:5:27: “pattern” is not known here."
    ),
    ("      properties:\n        a: {}\n", "A property needs a type."),
    (
        "      properties:\n        a: {type: number, enum: [1]}\n",
        "config.yaml:5:27: Only texts can be chosen from a list."
    ),
    (
        "      properties:\n        a: {type: string}\n      required: [b]\n",
        "config.yaml:6:7: “b” is required and is no property."
    ),
    (
        "      properties:\n        a: {type: string, enum: [x, x]}\n",
        "The list of “enum” holds something else."
    ),
]

private func read(_ text: String) throws -> [FunctionSettings] {
    try ConfigurationFile(bytes: Array(text.utf8), file: "config.yaml").functions
}
