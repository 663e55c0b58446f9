import ArgumentParser
import Assistants
import AssistantsEngine
import AssistantsServer
import Glibc
import Hosting
import Logging
import Settings

/// The server: the Assistants API over HTTP, on the same data as the console.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the Assistants API v2 over HTTP.",
        discussion: """
            Prints what programs need to find it: OPENAI_BASE_URL and OPENAI_API_KEY. Ends with \
            Ctrl-C or SIGTERM; runs that are active go on at the next start.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: ArgumentHelp("The address or name to listen at.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(help: "The port to listen at; 0 takes a free one.")
    var port = 8484

    @Option(
        help: ArgumentHelp(
            "A name by which clients reach the server, beside its own; may be repeated.",
            valueName: "name"))
    var allowHost: [String] = []

    @Option(
        help: ArgumentHelp(
            "A web page that may call the server, such as https://example.org; may be repeated.",
            valueName: "origin"))
    var allowOrigin: [String] = []

    @Option(help: ArgumentHelp("The most tokens of one run.", valueName: "tokens"))
    var runLimit: Int?

    @Option(
        help: ArgumentHelp("The most tokens of each project in a day.", valueName: "tokens"))
    var dayLimit: Int?

    @Flag(help: "Say that a proxy with TLS stands before the server.")
    var behindProxy = false

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port is 0 to 65535.")
        }
        if host.isEmpty { throw ValidationError("--host is empty.") }
        for (name, limit) in [("--run-limit", runLimit), ("--day-limit", dayLimit)] {
            if let limit, limit < 1 { throw ValidationError("\(name) is 1 or more.") }
        }
    }

    func run() async throws {
        let interruption = Interruption()
        Self.raiseFileLimit()
        var home = try Home(common)
        home.limits = TokenLimits(run: runLimit, projectDay: dayLimit)
        if !isLocal, !behindProxy {
            Output.error(
                "Warning: --host \(host) lets other machines in, and what they send is not "
                    + "encrypted. Put a proxy with TLS before the server, and say so with "
                    + "--behind-proxy.")
        }
        // Its models are those that answer, so whoever else runs the engine is asked to let go.
        try await withSharedEngine(home, keepsEngine: true) { shared in
            let recorder = try Recorder(home.options, events: shared.events)
            let (key, isNew) = try await SecretKey.local(in: home.locations.data, known: shared)
            await home.models.start { shared.engine?.announceModels() }
            let server = server(shared)
            do {
                try await interruption.during {
                    try await serve(server, key, isNew: isNew)
                } onInterrupt: {
                    server.stop()
                }
            } catch let stop as Stop where stop.code == Stop.interrupted.code {
                // To be stopped is how a server ends well.
            }
            await home.models.stop()
            await recorder.finish()
        }
    }

    /// Lets the server have as many connections as the system allows at all. What a shell allows at
    /// first, often 1,024, is too little: a stream takes one to its reader and one to the model.
    private static func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(openFiles, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        // Where it is refused, the server takes what it was given.
        setrlimit(openFiles, &limit)
    }

    private static let openFiles = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    private var isLocal: Bool { ["127.0.0.1", "::1", "localhost"].contains(host) }

    private func server(_ shared: SharedEngine) -> APIServer {
        var settings = ServerSettings(.address(host: host, port: port))
        settings.allowedHosts = Set(allowHost)
        settings.allowedOrigins = Set(allowOrigin)
        let logger = Logger(label: "switchboard") { _ in
            StreamLogHandler.standardError(label: "switchboard")
        }
        return APIServer(
            settings: settings, logger: logger, events: shared.events.stream,
            authenticate: { key throws(APIError) in
                guard let key else { return nil }
                return try await shared.caller(forKeyHash: SecretKey.hash(key))
            }, place: shared.place)
    }

    private func serve(_ server: APIServer, _ key: SecretKey, isNew: Bool) async throws {
        do throws(ServerError) {
            try await server.run { port in say(port, key, isNew: isNew) }
        } catch {
            throw Stop.failed("\(error)")
        }
    }

    /// Says how programs find the server. The key is shown to a person, and when it is new.
    private func say(_ port: Int, _ key: SecretKey, isNew: Bool) {
        let name = host.contains(":") ? "[\(host)]" : host
        let shown = ["0.0.0.0", "[::]"].contains(name) ? "127.0.0.1" : name
        Output.text("export OPENAI_BASE_URL=http://\(shown):\(port)/v1\n")
        if isNew || Output.isTerminal {
            Output.text("export OPENAI_API_KEY=\(key.text)\n")
        }
    }
}
