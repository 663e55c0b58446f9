import Assistants
import AssistantsEngine
import ChatCompletions
import FoundationEssentials
import Glibc
import Hosting
import Logging
import Settings
import Transport

/// What a command works with: places, configuration, models, and the engine when it needs one.
struct Home {
    let options: CommonOptions
    let environment: [String: String]
    let locations: Locations
    let configuration: ConfigurationFile
    let sources: ModelSources
    let models: ModelDirectory
    /// How many tokens runs may use where this process runs the engine; any number unless said.
    var limits = TokenLimits()

    /// Reads the configuration and says where models may be found; opens nothing yet.
    /// - Throws: `Stop` with every problem of the configuration, each with its place.
    init(_ options: CommonOptions) throws(Stop) {
        self.options = options
        environment = ProcessInfo.processInfo.environment
        do throws(ConfigurationError) {
            locations = try Locations(
                environment: environment, executable: Self.executable, data: options.data)
            let file = options.config ?? locations.configurationFile
            let found = try ConfigurationFile.read(file)
            if found == nil, options.config != nil {
                throw ConfigurationError([.init(file: file, message: "There is no such file.")])
            }
            configuration = found ?? ConfigurationFile()
        } catch {
            throw Stop.failed("\(error)")
        }
        sources = ModelSources(options, environment, configuration)
        models = ModelDirectory(sources: sources, transport: AsyncHTTPTransport.shared)
    }

    /// The file of the configuration, whether it is there or not.
    var configurationFile: String { options.config ?? locations.configurationFile }

    /// What Guide searches.
    private var manualSearch: any FileSearch {
        locations.manual.map { ManualSearch(folder: $0) } ?? MissingManual()
    }

    private static var executable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments.first ?? ""
    }

    /// How the data directory is opened: the engine with the assistants that are there from the
    /// start, or a place with the process that has it.
    var opening: Opening {
        // What people ask is nobody else's business, also in a directory that others can read.
        umask(0o077)
        // Those who use the program's own socket are told what went wrong by their answers.
        var logger = Logger(label: "switchboard.host")
        logger.logLevel = .critical
        return Opening(
            directory: locations.data, socketFolder: environment["XDG_RUNTIME_DIR"],
            transport: AsyncHTTPTransport.shared, logger: logger, open: openEngine)
    }

    /// Opens the engine, without carrying on with runs that another host left.
    @Sendable private func openEngine() async throws(EngineError) -> Engine {
        let engine = try await Engine.open(
            directory: locations.data, models: models,
            fileSearch: [GuideBackend.manualStoreID: manualSearch],
            interpreter: interpreter, commands: commands, recovers: false, limits: limits)
        do throws(APIError) {
            try await engine.addBuiltInAssistants()
        } catch {
            await engine.close()
            throw EngineError(.other, error.message)
        }
        return engine
    }
}

extension ModelSources {
    /// Where models may be found, in the order of the design: flag, environment, configuration.
    fileprivate init(
        _ options: CommonOptions, _ environment: [String: String],
        _ configuration: ConfigurationFile
    ) {
        func variable(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        self.init()
        url = options.modelURL ?? variable("SWITCHBOARD_MODEL_URL") ?? configuration.model.url
        name = options.model ?? variable("SWITCHBOARD_MODEL") ?? configuration.model.name
        // A key belongs to the server that is named beside it, and to no other.
        let keyURL = variable("SWITCHBOARD_MODEL_URL") ?? url
        key = Self.haveSameHost(url, keyURL) ? variable("SWITCHBOARD_MODEL_KEY") : nil
        openAIURL = variable("OPENAI_BASE_URL")
        openAIKey = variable("OPENAI_API_KEY")
        discovers = configuration.model.discovery
        switch configuration.model.api {
        case .chat: api = .completions
        case .responses: api = .responses
        case nil: break
        }
    }

    private static func haveSameHost(_ one: String?, _ other: String?) -> Bool {
        let places = [one, other].map { $0.map { HTTPRequest(url: $0).destination.lowercased() } }
        return places[0] == places[1]
    }

    /// Whether somebody named a model or a server, even one that does not answer now.
    var namesModel: Bool { [url, name, openAIURL, openAIKey].contains { $0 != nil } }
}

/// Stands for the manual where none is installed.
private struct MissingManual: FileSearch {
    func search(
        _ queries: [String], limit: Int
    ) async throws(APIError) -> [FileSearchResult] {
        throw APIError(
            status: 500, code: "no_manual",
            message: "the manual was not found beside the program. Install it again with "
                + "script/console --install PREFIX")
    }
}

extension Home {
    /// The folder for what the console remembers and for logs, made where it is missing; nil where
    /// it cannot be written, which is no reason to stop.
    func stateFolder() -> String? {
        let folder = locations.state
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        return FileManager.default.isWritableFile(atPath: folder) ? folder : nil
    }
}

/// Runs work on the engine of the data directory, whoever runs it, and leaves it, however the work
/// ends. Where nobody runs it, this process does, and carries on with the runs that were left
/// if that is asked of it.
func withSharedEngine<Result>(
    _ home: Home, keepsEngine: Bool = false, carriesOn: Bool = true,
    _ work: (SharedEngine) async throws -> Result
) async throws -> Result {
    var opening = home.opening
    opening.keepsEngine = keepsEngine
    opening.carriesOn = carriesOn
    opening.notice = { Output.error($0) }
    let shared: SharedEngine
    do throws(EngineError) {
        shared = try await SharedEngine.open(opening)
    } catch {
        throw Stop.failed("\(error)")
    }
    let log = RunLog(folder: home.stateFolder(), shared)
    do {
        let result = try await work(shared)
        await shared.close()
        await log.finish()
        return result
    } catch {
        await shared.close()
        await log.finish()
        throw (error as? APIError).map { Stop.failed($0.message) } ?? error
    }
}

/// Does something short: with an engine of its own, or with whoever runs it.
///
/// Runs that another host left are not carried on: a model would be asked only to be cut off.
func withVisit(_ home: Home, _ work: (Visit) async throws -> Void) async throws {
    let visit: Visit
    do throws(EngineError) {
        visit = try await Visit(home.opening)
    } catch {
        throw Stop.failed("\(error)")
    }
    do {
        try await work(visit)
        await visit.end()
    } catch {
        await visit.end()
        throw (error as? APIError).map { Stop.failed($0.message) } ?? error
    }
}

/// Does something with the engine that needs the data directory for itself.
/// - Throws: `Stop` where another process has it.
func withEngine(_ home: Home, _ work: (Engine) async throws -> Void) async throws {
    let engine: Engine
    do throws(EngineError) {
        engine = try await home.opening.open()
    } catch {
        throw Stop.failed("\(error)")
    }
    do {
        try await work(engine)
        await engine.close()
    } catch {
        await engine.close()
        throw (error as? APIError).map { Stop.failed($0.message) } ?? error
    }
}

/// Reads from the store, whoever hosts it; where there is none yet, from an engine that makes it.
func withReader(_ home: Home, _ work: (Engine) async throws -> Void) async throws {
    let engine: Engine
    do throws(EngineError) {
        engine = try Engine.openToRead(directory: home.locations.data)
    } catch {
        if error.kind == .missing { return try await withEngine(home, work) }
        throw Stop.failed("\(error)")
    }
    do {
        try await work(engine)
    } catch let error as APIError {
        throw Stop.failed(error.message)
    }
}
