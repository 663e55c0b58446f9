import Assistants
import AssistantsEngine
import ChatCompletions
import FoundationEssentials
import Settings
import Transport

/// What a command works with: places, configuration, models, and the engine when it needs one.
struct Home {
    let options: CommonOptions
    let environment: [String: String]
    let locations: Locations
    let configuration: ConfigurationFile
    let models: ModelDirectory

    /// Reads the configuration and says where models may be found; opens nothing yet.
    init(_ options: CommonOptions) throws {
        self.options = options
        let environment = ProcessInfo.processInfo.environment
        self.environment = environment
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
        models = ModelDirectory(
            sources: Self.sources(options, environment, configuration),
            transport: AsyncHTTPTransport.shared)
    }

    /// Where models may be found, in the order of the design: flag, environment, configuration.
    private static func sources(
        _ options: CommonOptions, _ environment: [String: String],
        _ configuration: ConfigurationFile
    ) -> ModelSources {
        func variable(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        var sources = ModelSources()
        sources.url =
            options.modelURL ?? variable("SWITCHBOARD_MODEL_URL") ?? configuration.model.url
        sources.name = options.model ?? variable("SWITCHBOARD_MODEL") ?? configuration.model.name
        sources.key = variable("SWITCHBOARD_MODEL_KEY")
        sources.openAIURL = variable("OPENAI_BASE_URL")
        sources.openAIKey = variable("OPENAI_API_KEY")
        sources.discovers = configuration.model.discovery
        return sources
    }

    private static var executable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments.first ?? ""
    }

    /// Opens the engine on the data directory, with the assistants that are there from the start.
    func openEngine() async throws -> Engine {
        var searches: [String: any FileSearch] = [:]
        if let manual = locations.manual {
            _ = manual; searches = [:]
        }
        do {
            let engine = try await Engine.open(
                directory: locations.data, models: models, fileSearch: searches)
            try await engine.addBuiltInAssistants()
            return engine
        } catch {
            throw Stop.failed("switchboard: \(error)")
        }
    }

    /// Opens the data directory to read, whoever hosts it.
    func openToRead() throws -> Engine {
        do throws(EngineError) {
            return try Engine.openToRead(directory: locations.data)
        } catch {
            throw Stop.failed("\(error)")
        }
    }
}

/// Runs work on an engine and closes it, however the work ends.
func withEngine<Result>(
    _ home: Home, _ work: (Engine) async throws -> Result
) async throws -> Result {
    let engine = try await home.openEngine()
    do {
        let result = try await work(engine)
        await engine.close()
        return result
    } catch {
        await engine.close()
        throw (error as? APIError).map { Stop.failed($0.message) } ?? error
    }
}

/// Reads from the store; where there is nothing yet, from an engine that makes it.
func withReader<Result>(
    _ home: Home, _ work: (Engine) async throws -> Result
) async throws -> Result {
    guard FileManager.default.fileExists(atPath: home.locations.data) else {
        return try await withEngine(home, work)
    }
    let engine = try home.openToRead()
    do {
        return try await work(engine)
    } catch let error as APIError {
        throw Stop.failed(error.message)
    }
}
