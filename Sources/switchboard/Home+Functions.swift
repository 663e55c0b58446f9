import FoundationEssentials
import Glibc
import Processes
import Settings

extension Home {
    /// The commands that answer calls of functions, by the functions' names.
    var commands: [String: FunctionCommand] {
        var commands: [String: FunctionCommand] = [:]
        for function in configuration.functions where !function.command.isEmpty {
            let consent = FunctionCommand.Consent(rawValue: function.consent.rawValue) ?? .ask
            commands[function.name] = FunctionCommand(
                function.command, consent: consent, time: function.time,
                outputLimit: function.output)
        }
        return commands
    }

    /// What a person fills in who answers a call, by the functions' names.
    var outputSchemas: [String: OutputSchema] {
        var schemas: [String: OutputSchema] = [:]
        for function in configuration.functions {
            schemas[function.name] = function.outputSchema
        }
        return schemas
    }

    /// What consents about this data directory are kept under: its path, without links.
    var dataPlace: String {
        guard let path = realpath(locations.data, nil) else {
            return URL(filePath: locations.data).standardizedFileURL.path
        }
        defer { free(path) }
        return String(cString: path)
    }

    /// The file of what was said about commands, for all data directories and servers.
    static func consentsPath(in folder: String) -> String { folder + "/consents.json" }
}

extension FunctionCommand {
    /// The command with its program looked up now, so that what is shown is what runs.
    func located() -> FunctionCommand {
        var command = self
        command.program = arguments.first.flatMap(Launch.path(of:))
        return command
    }
}
