import ArgumentParser
import Assistants
import AssistantsEngine
import Console
import Glibc
import Settings
import Terminal

/// The console, on the engine in this process.
struct ConsoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Open the console; the default.")

    @OptionGroup var common: CommonOptions

    @Option(help: ArgumentHelp("The thread to open; the last one otherwise.", valueName: "id"))
    var thread: String?

    @Option(help: ArgumentHelp("The assistant for new threads, by name or id.", valueName: "name"))
    var assistant: String?

    func run() async throws {
        let home = try Home(common)
        var options = try Self.options(home)
        options.threadID = thread
        options.assistant = assistant ?? home.configuration.assistant
        let ending = try await withEngine(home) { engine in
            let recorder = try Recorder(home.options, engine: engine)
            await home.models.start { engine.announceModels() }
            let ending = try await Self.open(engine, options)
            await home.models.stop()
            await recorder.finish()
            return ending
        }
        ending.resume()
    }

    private static func open(
        _ engine: Engine, _ options: ConsoleOptions
    ) async throws -> TerminalEnding {
        do throws(TerminalError) {
            return try await ConsoleSession.run(
                service: engine, events: engine.events, options: options)
        } catch {
            throw Stop.failed("\(error)")
        }
    }

    /// What a person's settings say about the console.
    static func options(_ home: Home) throws -> ConsoleOptions {
        var options = ConsoleOptions()
        let configuration = home.configuration
        do throws(ConfigurationError) {
            options.keymap = Keymap(configuration.keys)
            if !options.keymap.problems.isEmpty {
                throw ConfigurationError(options.keymap.problems)
            }
            options.themes = try themes(home)
        } catch {
            throw Stop.failed("\(error)")
        }
        options.isThemeChosen = home.options.theme != nil || configuration.theme != nil
        options.isASCII = configuration.ascii ?? !isUTF8(home.environment)
        options.usesMouse = configuration.mouse
        options.layout = configuration.layout
        options.runDeadline = configuration.run.deadline
        options.editor = configuration.editor
        options.framesPerSecond = configuration.frameRate
        options.utcOffset = utcOffset
        if let folder = home.stateFolder() {
            options.memoryPath = folder + "/" + memoryName(home)
            options.logPath = folder + "/console.log"
        }
        return options
    }

    /// The theme that was asked for, then the others that there are.
    private static func themes(_ home: Home) throws(ConfigurationError) -> [Theme] {
        let catalogue = home.locations.themes
        let wanted = home.options.theme ?? home.configuration.theme
        var themes: [Theme] = []
        if let wanted { themes.append(try catalogue.theme(wanted)) }
        for name in catalogue.names where name != wanted {
            themes.append(try catalogue.theme(name))
        }
        return themes
    }

    /// One file of memory for each data directory.
    private static func memoryName(_ home: Home) -> String {
        let hash = home.locations.data.utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        return "console-" + String(hash, radix: 16) + ".json"
    }

    private static func isUTF8(_ environment: [String: String]) -> Bool {
        let names = ["LC_ALL", "LC_CTYPE", "LANG"]
        let locale = names.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        return locale.lowercased().filter { $0 != "-" }.hasSuffix("utf8")
    }

    private static var utcOffset: Int {
        var now = time(nil)
        var local = tm()
        localtime_r(&now, &local)
        return local.tm_gmtoff
    }
}
