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
}
