import ArgumentParser
import Assistants
import Wire

/// What can be said of an assistant when it is created or edited.
struct AssistantFields: ParsableArguments {
    @Option(help: "What the assistant is told.") var instructions: String?
    @Option(help: "What it is for.") var description: String?
    @Option(help: "0 to 2.") var temperature: Double?
    @Option(
        help: ArgumentHelp(
            "Its tools: a JSON list as in the Assistants API; - reads standard input.",
            valueName: "file"))
    var tools: String?

    /// Whether nothing was said.
    var areEmpty: Bool {
        instructions == nil && description == nil && temperature == nil && tools == nil
    }

    /// The tools in the file; nil where none is named.
    /// - Throws: `Stop` with the place of what is wrong in it.
    func readTools() throws(Stop) -> [Tool]? {
        guard let tools else { return nil }
        let bytes = try Input.file(tools)
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue(parsing: bytes)
        } catch {
            let line = bytes.prefix(error.offset).count { $0 == UInt8(ascii: "\n") } + 1
            throw Stop.failed("\(tools):\(line): This is not JSON: \(error.message).")
        }
        guard let list = json.arrayValue else {
            throw Stop.failed("\(tools): Allowed: a list of tools, such as \(Self.example).")
        }
        return try list.enumerated().map { (index, json) throws(Stop) in
            let tool = Tool(json: json)
            if case .unknown = tool {
                throw Stop.failed(
                    "\(tools): Tool \(index + 1) is none. Allowed: file_search, code_interpreter, "
                        + "or a function such as \(Self.example).")
            }
            return tool
        }
    }

    private static let example =
        #"[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object"}}}]"#
}
