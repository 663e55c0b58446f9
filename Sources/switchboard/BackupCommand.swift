import ArgumentParser
import AssistantsEngine

/// Copies the store.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the store while it is in use, and check the copy.",
        discussion: """
            What is in files is put beside the copy, in FILE.files. To put a backup back, move it \
            into a data directory as switchboard.sqlite, and its folder as files.
            """)
    @OptionGroup var common: CommonOptions
    @Argument(help: "The copy; must not be there yet.") var file: String

    func run() async throws {
        try await withReader(Home(common)) { engine in
            try await engine.backUp(to: file)
            Output.content("The store was copied to \(file), and the copy was checked.\n")
        }
    }
}
