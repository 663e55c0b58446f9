package import Assistants
package import AssistantsEngine
package import Logging
package import Transport

/// What is needed to run the engine for a data directory, or to join whoever does.
package struct Opening: Sendable {
    /// The data directory.
    package var directory: String
    /// A folder for sockets whose path would be too long in the data directory; nil for none.
    package var socketFolder: String?
    /// Whether this process is to run the engine itself, and to keep it: another that runs it is
    /// asked to let go.
    package var keepsEngine = false
    /// How long another that runs the engine may take to let go of it, or to refuse, before it is
    /// joined meanwhile.
    package var handoverPatience = Duration.seconds(1)
    /// Whether runs that another host left are carried on where nobody ran the engine before. One
    /// that leaves again at once would only interrupt them once more.
    package var carriesOn = true
    /// Told, in a sentence, what takes a while.
    package var notice: @Sendable (String) -> Void = { _ in }
    package var transport: any HTTPTransport
    package var logger: Logger
    /// Opens the engine, without carrying on with runs; throws `.hosted` where another process
    /// has the directory.
    package var open: @Sendable () async throws(EngineError) -> Engine

    /// Describes a directory and how its engine is opened.
    package init(
        directory: String, socketFolder: String?, transport: any HTTPTransport, logger: Logger,
        open: @escaping @Sendable () async throws(EngineError) -> Engine
    ) {
        self.directory = directory
        self.socketFolder = socketFolder
        self.transport = transport
        self.logger = logger
        self.open = open
    }
}

/// What programs that share an engine ask of it.
package typealias EngineService = AssistantsService & FileService & MessageWindows & ModelListing
    & RunWatching & ThreadListing
