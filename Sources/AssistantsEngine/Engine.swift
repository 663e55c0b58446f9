package import Assistants
package import Events
package import Processes
import Synchronization

/// The Assistants API in this process: the store, the runs, the models and the tools.
///
/// A class, because it owns the data directory and everything that runs on it.
package final class Engine: Sendable {
    /// Everything that happens, to everyone who watches.
    package let events = EventBus<ServiceEvent>()

    let store: Store
    /// What is in the files.
    let files: FileFolder
    let indexer: Indexer
    let models: any ModelResolving
    /// What each vector store is searched with.
    let searches: [String: any FileSearch]
    /// What answers calls of functions, by their names.
    let commands: [String: FunctionCommand]
    /// What runs the code that models write.
    let interpreter: any CodeInterpreter
    let clock: any EngineClock
    let limits: TokenLimits
    private let identifiers: Mutex<IdentifierSource>
    private let sequence = Mutex(0)
    let live = Mutex(LiveRuns())
    let access = Mutex(AccessMemory())

    init(
        store: Store, files: FileFolder, models: any ModelResolving,
        searches: [String: any FileSearch], interpreter: any CodeInterpreter,
        commands: [String: FunctionCommand], clock: any EngineClock, identifiers: IdentifierSource,
        limits: TokenLimits
    ) {
        self.store = store
        self.files = files
        indexer = Indexer(store: store, files: files)
        self.models = models
        self.searches = searches
        self.interpreter = interpreter
        self.commands = commands
        self.clock = clock
        self.limits = limits
        self.identifiers = Mutex(identifiers)
    }

    /// Opens a data directory and carries on with the runs that were active in it.
    ///
    /// - Parameters:
    ///   - directory: Created when it is not there.
    ///   - models: Finds who answers for a model's name.
    ///   - fileSearch: What each vector store is searched with, by its id.
    ///   - interpreter: What runs the code that models write.
    ///   - commands: What answers calls of functions, by their names.
    ///   - recovers: Whether runs are carried on; a host that goes at once leaves them to the next.
    ///   - limits: How many tokens may be used.
    ///   - clock: Tells the time.
    ///   - identifiers: Makes the ids of new objects.
    /// - Throws: `EngineError` when another process hosts the directory, or the store is damaged,
    ///   newer than this program, or cannot be written. Nothing is changed then.
    package static func open(
        directory: String, models: any ModelResolving,
        fileSearch: [String: any FileSearch] = [:],
        interpreter: any CodeInterpreter = NoCodeInterpreter(),
        commands: [String: FunctionCommand] = [:], recovers: Bool = true,
        limits: TokenLimits = TokenLimits(),
        clock: any EngineClock = SystemClock(), identifiers: IdentifierSource = IdentifierSource()
    ) async throws(EngineError) -> Engine {
        let store = try StoreFile(directory: directory).open()
        let engine = Engine(
            store: store, files: FileFolder(directory: directory), models: models,
            searches: fileSearch, interpreter: interpreter,
            commands: commands, clock: clock, identifiers: identifiers,
            limits: limits)
        do {
            await engine.sweepFiles()
            if recovers { try await engine.recover() }
            engine.indexer.wake()
        } catch {
            await store.close()
            throw EngineError(.other, error.message)
        }
        return engine
    }

    /// Opens a data directory only to read what is there, whoever hosts it.
    ///
    /// Whatever would change it, or run anything, is refused with an `APIError`.
    /// - Throws: `EngineError` when there is nothing to read.
    package static func openToRead(
        directory: String, models: any ModelResolving = NoModels(),
        clock: any EngineClock = SystemClock()
    ) throws(EngineError) -> Engine {
        let store = try StoreFile(directory: directory).openToRead()
        return Engine(
            store: store, files: FileFolder(directory: directory), models: models, searches: [:],
            interpreter: NoCodeInterpreter(), commands: [:], clock: clock,
            identifiers: IdentifierSource(),
            limits: TokenLimits())
    }

    /// The functions whose commands run without being asked for.
    var freeCommands: Set<String> {
        Set(commands.filter { $0.value.consent == .always }.keys)
    }

    /// A new id, such as `thread_…`.
    func newID(_ prefix: String) -> String { identifiers.withLock { $0.next(prefix) } }

    /// Tells everyone what happened, and numbers it.
    func publish(_ kind: ServiceEvent.Kind, thread: Thread.ID = "", run: Run.ID = "") {
        // Published under the lock, so that the numbers reach every mailbox in order; waking a
        // reader never blocks and never calls the engine.
        sequence.withLock { sequence in
            sequence += 1
            events.publish(
                ServiceEvent(sequence: sequence, threadID: thread, runID: run, kind: kind))
        }
    }
}
