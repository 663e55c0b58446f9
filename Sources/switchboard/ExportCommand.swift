import ArgumentParser
import AssistantsEngine

/// Writes everything out, in the shapes in which it can be taken in again.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write everything into a folder, as lists of the API.",
        discussion: """
            Other projects than the local one lie under projects/. Keys are not written. \
            switchboard import takes the folder in again.
            """)
    @OptionGroup var common: CommonOptions
    @Argument(help: "The folder; made where it is missing.") var folder: String

    func run() async throws {
        try await withReader(Home(common)) { engine in
            let report = try await engine.exportSaved(to: folder)
            var table = Table(header: ["", "WRITTEN"])
            for count in report.counts { table.add([count.kind, "\(count.count)"]) }
            Output.content(table.text)
            for id in report.missing {
                Output.content(
                    "The content of \(id) is not there; what is known of it is written.\n")
            }
        }
    }
}
