import ArgumentParser
import Assistants
import AssistantsEngine
import Console
import Events
import FoundationEssentials
import Glibc
import Hosting
import Settings
import Terminal
import Transport

/// The console, on the engine of the data directory, whoever runs it.
struct ConsoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Open the console; the default.")

    @OptionGroup var common: CommonOptions

    @Option(help: ArgumentHelp("The thread to open; the last one otherwise.", valueName: "id"))
    var thread: String?

    @Option(help: ArgumentHelp("The assistant for new threads, by name or id.", valueName: "name"))
    var assistant: String?

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let home = try Home(common)
        var options = try Self.options(home, server: server.baseURL)
        options.threadID = thread
        options.assistant = assistant ?? home.configuration.assistant
        let ending =
            if let url = server.baseURL {
                try await open(url, home, options)
            } else {
                try await open(home, options)
            }
        ending.resume()
    }

    /// The console on the engine of the data directory.
    private func open(_ home: Home, _ options: ConsoleOptions) async throws -> TerminalEnding {
        try await withSharedEngine(home) { shared in
            let recorder = try Recorder(home.options, events: shared.events)
            await home.models.start { shared.engine?.announceModels() }
            let ending = try await Self.open(shared, events: shared.events, options)
            await home.models.stop()
            await recorder.finish()
            return ending
        }
    }

    /// The console on a server.
    private func open(
        _ url: String, _ home: Home, _ options: ConsoleOptions
    ) async throws -> TerminalEnding {
        let session = try await server.connect(
            to: url, home.environment, memoryPath: options.memoryPath)
        let recorder = try Recorder(home.options, events: session.events)
        do {
            let ending = try await Self.open(session.service, events: session.events, options)
            await session.close()
            await recorder.finish()
            return ending
        } catch {
            await session.close()
            await recorder.finish()
            throw error
        }
    }

    private static func open(
        _ service: any AssistantsService, events: EventBus<ServiceEvent>,
        _ options: ConsoleOptions
    ) async throws -> TerminalEnding {
        do throws(TerminalError) {
            return try await ConsoleSession.run(
                service: service, events: events, options: options)
        } catch {
            throw Stop.failed("\(error)")
        }
    }

    /// What a person's settings say about the console.
    static func options(_ home: Home, server: String? = nil) throws -> ConsoleOptions {
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
        options.opener = configuration.opener
        options.speech = try home.speech()
        options.outputSchemas = home.outputSchemas
        options.framesPerSecond = configuration.frameRate
        options.utcOffset = utcOffset
        options.serverName = server.map { HTTPRequest(url: $0).destination }
        if let folder = home.stateFolder() {
            options.memoryPath = folder + "/" + memoryName(server ?? home.locations.data)
            options.logPath = folder + "/console.log"
            options.consentsPath = Home.consentsPath(in: folder)
        }
        options.functions = home.commands.mapValues { $0.located() }
        options.service = server ?? home.dataPlace
        options.folder = FileManager.default.currentDirectoryPath
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

    /// One file of memory for each data directory and each server.
    private static func memoryName(_ place: String) -> String {
        let hash = place.utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
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
