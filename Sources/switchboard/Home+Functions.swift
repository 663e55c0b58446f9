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

    /// The functions whose commands run once somebody was asked.
    var askedFunctions: Set<String> {
        Set(commands.filter { $0.value.consent == .ask }.keys)
    }

    /// What consents about this data directory are kept under: its path, without links.
    var dataPlace: String {
        // It may have to be made yet: what is there of its path has its links followed.
        var rest: [String] = []
        var url = URL(filePath: locations.data).standardizedFileURL
        while url.pathComponents.count > 1 {
            if let path = realpath(url.path, nil) {
                defer { free(path) }
                return ([String(cString: path)] + rest).joined(separator: "/")
            }
            rest.insert(url.lastPathComponent, at: 0)
            url.deleteLastPathComponent()
        }
        return "/" + rest.joined(separator: "/")
    }

    /// The file of what was said about commands, for all data directories and servers.
    static func consentsPath(in folder: String) -> String { folder + "/consents.json" }
}

extension FunctionCommand {
    /// The command with its program looked up now, so that what is shown is what runs.
    func located() -> FunctionCommand {
        var command = self
        command.program = arguments.first.flatMap(Launch.path(of:)).map { path in
            path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        }
        return command
    }
}
