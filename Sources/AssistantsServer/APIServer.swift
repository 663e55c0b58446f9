package import Assistants
import Glibc
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix

/// Who holds a key; nil for nobody. Where the place alone decides, as on a Unix socket that only
/// its owner can open, nil as the key may be somebody too.
package typealias Authenticator = @Sendable (_ key: String?) async throws(APIError) -> Caller?

/// Serves any `AssistantsService` over HTTP, as the Assistants API was (`CONTRACT.md`).
///
/// A class, because whoever runs it and whoever stops it share it.
package final class APIServer: Sendable {
    private let settings: ServerSettings
    private let handler: RequestHandler
    private let stopping = AsyncStream<Never>.makeStream()
    private let logger: Logger
    private let events: (@Sendable () -> ServiceEventStream)?

    /// A server that does not listen yet.
    ///
    /// - Parameters:
    ///   - events: Begins to watch everything that happens in the service; without it there is no
    ///     feed, and no metrics of runs.
    ///   - authenticate: Says who holds a key.
    ///   - logger: Gets one line for each request, without content and keys.
    package convenience init(
        _ service: any AssistantsService, settings: ServerSettings, logger: Logger,
        events: (@Sendable () -> ServiceEventStream)? = nil,
        host: (any EngineHosting & SavedImporting)? = nil,
        authenticate: @escaping Authenticator
    ) {
        self.init(
            settings: settings, logger: logger, events: events, host: host,
            authenticate: authenticate
        ) { .here(service) }
    }

    /// A server on a service that may be in another process at times.
    ///
    /// - Parameters:
    ///   - host: What the process does for others of the same person.
    ///   - place: Says where the service is, for each request.
    package init(
        settings: ServerSettings, logger: Logger,
        events: (@Sendable () -> ServiceEventStream)? = nil,
        host: (any EngineHosting & SavedImporting)? = nil,
        authenticate: @escaping Authenticator,
        place: @escaping @Sendable () async throws(APIError) -> ServicePlace
    ) {
        self.settings = settings
        self.logger = logger
        self.events = events
        handler = RequestHandler(
            place: place, host: host, authenticate: authenticate, settings: settings,
            endpoints: EndpointTable(Self.endpoints), access: AccessRules(settings),
            streams: OpenStreams(), recent: RecentRequests(),
            feed: events.map { _ in EventFeed() }, metrics: ServerMetrics(),
            logger: logger)
    }

    /// Every endpoint that needs a key, for the documentation and its test.
    static let endpoints: [Endpoint] =
        AssistantEndpoints.all + ThreadEndpoints.all + RunEndpoints.all + FileEndpoints.all
        + VectorStoreEndpoints.all + ModelEndpoints.all + GatewayEndpoints.all + FeedEndpoint.all
        + HostEndpoints.all + AbsentEndpoints.all

    /// Listens and answers until `stop` is called or the task is cancelled.
    ///
    /// - Parameter ready: Called once, with the port that was taken; 0 for a Unix socket.
    /// - Throws: `ServerError` when the place cannot be listened at.
    package func run(
        ready: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) async throws(ServerError) {
        let server = makeServer(ready)
        // Begun before the first request can make anything happen.
        let events = events?()
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.run() }
                group.addTask { try await self.beat() }
                group.addTask { try await self.shutDown(server) }
                group.addTask { try await self.watch(events) }
                try await group.next()
                group.cancelAll()
            }
        } catch is CancellationError {
            return
        } catch {
            throw ServerError(settings.place, error)
        }
    }

    /// Stops: takes no more connections, tells the readers of streams, and lets requests that are
    /// being answered end. Runs are not stopped.
    package func stop() {
        handler.streams.stop()
        handler.recent.stop()
        stopping.continuation.finish()
    }

    private func makeServer(
        _ ready: @escaping @Sendable (_ port: Int) async -> Void
    ) -> Server<HTTP1Channel> {
        let (handler, limits) = (handler, settings.limits)
        var configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(limits)])
        configuration.httpDecoder = .init(
            maxHeaderFieldSize: limits.headBytes, maxHeaderListSize: limits.headBytes,
            maxHeaderFieldCount: limits.headFields)
        let channel = HTTP1Channel(
            responder: { (request, writer: consuming ResponseWriter, channel) in
                try await handler.respond(to: request, with: writer, on: channel)
            }, configuration: configuration)
        // What the library says about itself is no news to whoever reads the log.
        var quiet = logger
        quiet.logLevel = max(.warning, logger.logLevel)
        let place = settings.place
        return Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(
                address: place.address,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    limits.connections, logger: quiet)),
            onServerRunning: { channel in
                if case .socket(let path) = place { chmod(path, 0o600) }
                await ready(channel.localAddress?.port ?? 0)
            }, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: quiet)
    }

    private func watch(_ events: ServiceEventStream?) async throws {
        if let events, let feed = handler.feed {
            try await FeedWatcher(feed: feed, metrics: handler.metrics).watch(events)
        }
        // The end of the events is not the server's.
        try await Task.sleep(for: .seconds(1 << 30))
    }

    private func beat() async throws {
        let clock = ContinuousClock()
        var next = clock.now
        while true {
            next = next.advanced(by: settings.heartbeat)
            try await clock.sleep(until: next)
            handler.streams.beat()
        }
    }

    /// Waits until `stop` is called, and then for as long as a stop may take. The server's own task
    /// ends before that when all requests are answered.
    private func shutDown(_ server: Server<HTTP1Channel>) async throws {
        for await _ in stopping.stream {}
        try Task.checkCancellation()
        // It cannot be cancelled, so nobody may wait for it.
        Task { try await server.shutdownGracefully() }
        try await Task.sleep(for: settings.stopPatience)
    }
}

extension ServerSettings.Place {
    fileprivate var address: BindAddress {
        switch self {
        case .address(let host, let port): .hostname(host, port: port)
        case .socket(let path): .unixDomainSocket(path: path)
        }
    }
}

/// Why a server could not listen, as a sentence for a person.
package struct ServerError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ place: ServerSettings.Place, _ error: any Error) {
        let what =
            switch place {
            case .address(let host, let port): "port \(port) of \(host)"
            case .socket(let path): "the socket \(path)"
            }
        let code = (error as? IOError)?.errnoCode
        description =
            switch code {
            case EADDRINUSE:
                "The server cannot listen at \(what): another program does. Stop that one, or "
                    + "choose another port with --port."
            case EACCES, EPERM:
                "The server may not listen at \(what). Choose a port above 1023 with --port."
            case EADDRNOTAVAIL:
                "The server cannot listen at \(what): this machine has no such address."
            default: "The server at \(what) failed: \(error)"
            }
    }
}
