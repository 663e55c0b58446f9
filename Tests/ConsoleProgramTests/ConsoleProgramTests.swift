import TestSupport
import Testing

/// The real program in a real pseudo-terminal, read back by a terminal emulator. One after the
/// other: each wants the machine's time for itself.
@Suite("The console as a program", .serialized) enum ConsoleProgramTests {}

extension ProgramHome {
    /// Makes an assistant, with functions that take anything and tools of other kinds.
    func createAssistant(
        _ name: String, instructions: String? = nil, tools: [String] = [], kinds: [String] = []
    ) async throws {
        var arguments = ["assistants", "create", "--name", name]
        if let instructions { arguments += ["--instructions", instructions] }
        let functions = tools.map { name in
            #"{"type":"function","function":{"name":"\#(name)","parameters":{"type":"object"}}}"#
        }
        let list = functions + kinds.map { #"{"type":"\#($0)"}"# }
        if !list.isEmpty {
            arguments += [
                "--tools", try write("[\(list.joined(separator: ","))]", to: "tools.json"),
            ]
        }
        let result = try await start(arguments).result()
        #expect(result.status == 0, "\(result)")
    }
}
