import ArgumentParser

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
}
