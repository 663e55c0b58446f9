import ArgumentParser
import Speech

/// The voices that can speak.
struct VoicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "voices", abstract: "List the voices that can speak.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let setup = try Home(common).speech()
        do throws(SpeechError) {
            var table = Table(header: ["VOICE", "NAME", "KIND", "SOUNDS"])
            for voice in try await setup.client().voices() {
                table.add([
                    voice.id, voice.name, voice.category, voice.labels.joined(separator: ", "),
                ])
            }
            Output.text(table.text)
        } catch {
            throw Stop.failed(error.message)
        }
    }
}
