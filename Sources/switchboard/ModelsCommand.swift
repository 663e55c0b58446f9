import ArgumentParser
import Assistants
import AssistantsEngine

/// The models that can be used now.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List the models that can be used now.",
        subcommands: [List.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the models that can be used now, the default first.")
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let home = try Home(common)
            let models = await home.models.models()
            var table = Table(header: ["MODEL", "PROVIDER", "WHERE", "CONTEXT"])
            for model in models {
                table.add([
                    model.name, model.provider,
                    model.host.isEmpty ? "this program" : model.host,
                    model.contextTokens.map { "\($0)" } ?? "",
                ])
            }
            Output.text(table.text)
            if models.contains(where: { $0.name != GuideBackend.modelName }) { return }
            try await Self.explain(home)
        }

        /// Says why a server that somebody named offers nothing.
        private static func explain(_ home: Home) async throws(Stop) {
            do throws(ModelError) {
                _ = try await home.models.backend(for: Engine.defaultModel)
            } catch {
                throw Stop.failed(error.message)
            }
            if let url = home.sources.url ?? home.sources.openAIURL {
                throw Stop.failed(
                    "\(url) lists no models: nobody answers there, or it wants another key.")
            }
        }
    }
}
