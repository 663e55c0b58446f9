import ArgumentParser
import TextLayout

/// The options every command has.
struct CommonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where everything is kept.", valueName: "dir"))
    var data: String?

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The base URL of a model server.", valueName: "url"))
    var modelURL: String?

    @Option(help: ArgumentHelp("The model to use.", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("The console's theme, by name or file.", valueName: "name"))
    var theme: String?

    @Option(
        help: ArgumentHelp(
            "Write the runs' events to a file, as server-sent events.", valueName: "file"))
    var record: String?

    @Option(
        help: ArgumentHelp(
            "Write what passes the event bus to a file, as JSON lines.", valueName: "file"))
    var trace: String?

    func validate() throws {
        if let modelURL, !Self.isAddress(modelURL) {
            throw ValidationError(
                "--model-url is \(modelURL.printable). Allowed: http://HOST… or https://HOST…, "
                    + "without a user or a password.")
        }
        for (name, value) in [("--data", data), ("--model", model), ("--record", record)]
        where value?.isEmpty == true {
            throw ValidationError("\(name) is empty.")
        }
    }

    private static func isAddress(_ text: String) -> Bool {
        let scheme = ["http://", "https://"].first { text.lowercased().hasPrefix($0) }
        guard let scheme, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return false }
        let authority = text.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        return !authority.isEmpty && !authority.hasPrefix(":") && !authority.contains("@")
    }
}
