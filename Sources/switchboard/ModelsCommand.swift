import ArgumentParser
import Assistants
import AssistantsEngine

/// The models that can be used now.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List the models that can be used now, the default first.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let home = try Home(common)
        var table = Table(header: ["MODEL", "PROVIDER", "WHERE", "CONTEXT"])
        for model in await home.models.models() {
            table.add([
                model.name, model.provider,
                model.host.isEmpty ? "this program" : model.host,
                model.contextTokens.map { "\($0)" } ?? "",
            ])
        }
        Output.text(table.text)
    }
}
