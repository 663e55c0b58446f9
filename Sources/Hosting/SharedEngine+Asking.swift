package import Assistants
import AssistantsClient
import AssistantsEngine
import Synchronization

// Asking the engine, wherever it is.
extension SharedEngine {
    /// How long a request waits for somebody to run the engine again.
    private static let longestWait = Duration.seconds(20)
    /// How long it may take to notice that the host is gone.
    private static let noticing = Duration.seconds(5)

    /// Reads something; asks once more where the host went away meanwhile.
    func read<Result: Sendable>(
        _ work: (any EngineService) async throws(APIError) -> Result
    ) async throws(APIError) -> Result {
        try await ask(work) { (_) throws(APIError) in
            try await work(try await self.service().service)
        }
    }

    /// Changes something. Where the host went away meanwhile, nobody knows whether it was done;
    /// only where it could not even be reached, the next one is asked.
    func write<Result: Sendable>(
        _ work: (any EngineService) async throws(APIError) -> Result
    ) async throws(APIError) -> Result {
        try await ask(work) { (error) throws(APIError) in
            if error.isUnsent { return try await self.write(work) }
            throw APIError(
                status: 503, code: "host_gone",
                message: "The process that ran the engine went away while it was asked for this. "
                    + "Look whether it was done, and ask again if not.")
        }
    }

    private func ask<Result: Sendable>(
        _ work: (any EngineService) async throws(APIError) -> Result,
        whenGone: (APIError) async throws(APIError) -> Result
    ) async throws(APIError) -> Result {
        let (service, change) = try await service()
        let failure: APIError
        do throws(APIError) {
            return try await work(service)
        } catch {
            guard await isGone(after: change, error) else { throw error }
            failure = error
        }
        return try await whenGone(failure)
    }

    /// Whoever runs the engine now, and the number of changes until then.
    func service() async throws(APIError) -> (service: any EngineService, change: Int) {
        let end = ContinuousClock.now + Self.longestWait
        while true {
            let (place, changes, trouble) = state.withLock {
                ($0.place, $0.changes, $0.trouble)
            }
            switch place {
            case .here(let engine): return (engine, changes)
            case .elsewhere(let service): return (service, changes)
            case .closed: throw APIError(status: 503, message: "Switchboard is ending.")
            case .nowhere: break
            }
            if ContinuousClock.now > end || Task.isCancelled {
                throw APIError(
                    status: 503, code: "no_host",
                    message: trouble?.message
                        ?? "Nobody runs the engine of \(opening.directory) right now. Try again.")
            }
            await rest()
        }
    }

    /// Whether a request failed because the host that it went to is gone.
    private func isGone(after change: Int, _ error: APIError) async -> Bool {
        guard error.saysHostIsGone else { return false }
        let end = ContinuousClock.now + Self.noticing
        while state.withLock({ $0.changes }) == change {
            if ContinuousClock.now > end || Task.isCancelled { return false }
            await rest()
        }
        return true
    }
}

extension APIError {
    /// Whether there was no host to ask, or its connection ended before the answer came.
    var saysHostIsGone: Bool { isConnectionFailure && !isTimeout }
}

extension SharedEngine: EngineHosting {
    /// How long runs that are at work are waited for.
    private static let runPatience = Duration.seconds(60)
    /// How long whoever asked has the directory for themselves.
    static let headStart = Duration.seconds(2)

    package func handOver() async throws(APIError) {
        guard engine != nil else { throw .notFound("engine", "here") }
        if opening.keepsEngine {
            throw .invalid(
                "Another switchboard serve has the data directory \(opening.directory). Use that "
                    + "one, stop it first, or choose another directory with --data.",
                code: "host_serves")
        }
        let end = ContinuousClock.now + Self.runPatience
        while runs.areWorking || state.withLock({ $0.imports > 0 }), ContinuousClock.now < end,
            !Task.isCancelled
        { await rest() }
        let leave = state.withLock { state in
            state.yields = true
            return state.leave
        }
        leave?()
    }
}

extension SharedEngine: SavedImporting {
    package func takeSaved(_ order: ImportOrder) async throws(APIError) -> ImportReport {
        guard let engine else { throw .notFound("engine", "here") }
        state.withLock { $0.imports += 1 }
        defer { state.withLock { $0.imports -= 1 } }
        let report = try await engine.importSaved(order)
        if !order.isDryRun { try await engine.waitForIndexing() }
        return report
    }
}

extension SharedEngine: KeyKeeping {
    private func keeper() throws(APIError) -> Engine {
        if let engine { return engine }
        throw APIError(
            status: 503, code: "no_host", message: "Keys are kept by who runs the engine.")
    }

    /// Whoever runs the engine: the store says it.
    package func caller(forKeyHash hash: [UInt8]) async throws(APIError) -> Caller? {
        if let engine { return try await engine.caller(forKeyHash: hash) }
        do throws(EngineError) {
            let reader = try Engine.openToRead(directory: opening.directory)
            let caller = try? await reader.caller(forKeyHash: hash)
            await reader.close()
            return caller
        } catch {
            throw APIError(status: 503, code: "no_host", message: "\(error)")
        }
    }

    package func createKey(
        hash: [UInt8], hint: String, name: String, project: Project.ID
    ) async throws(APIError) -> AccessKey {
        if let remote = try await service().service as? RemoteService {
            return try await remote.createKey(
                hash: hash, hint: hint, name: name, project: project)
        }
        return try await keeper().createKey(hash: hash, hint: hint, name: name, project: project)
    }

    package func keys(of project: Project.ID?) async throws(APIError) -> [AccessKey] {
        try await keeper().keys(of: project)
    }

    package func revokeKey(_ id: AccessKey.ID) async throws(APIError) -> AccessKey {
        try await keeper().revokeKey(id)
    }

    package func projects() async throws(APIError) -> [Project] { try await keeper().projects() }

    package func tokensUsedToday(by project: Project.ID) async throws(APIError) -> Int {
        try await keeper().tokensUsedToday(by: project)
    }
}
