import TestSupport
import Testing

/// The real program in a real pseudo-terminal, read back by a terminal emulator. One after the
/// other: each wants the machine's time for itself.
@Suite("The console as a program", .serialized) enum ConsoleProgramTests {}

extension ProgramHome {
    /// Makes an assistant, with functions that take anything.
    func createAssistant(
        _ name: String, instructions: String? = nil, tools: [String] = []
    ) async throws {
        var arguments = ["assistants", "create", "--name", name]
        if let instructions { arguments += ["--instructions", instructions] }
        if !tools.isEmpty {
            let list = tools.map {
                #"{"type":"function","function":{"name":"\#($0)","parameters":{"type":"object"}}}"#
            }
            arguments += [
                "--tools", try write("[\(list.joined(separator: ","))]", to: "tools.json"),
            ]
        }
        let result = try await start(arguments).result()
        #expect(result.status == 0, "\(result)")
    }
}
