package import Assistants
package import AssistantsClient
package import AssistantsEngine

/// A short stay with a data directory, for a command that changes something and ends: with an
/// engine of its own where nobody runs one, else with whoever does.
package enum Visit: Sendable {
    case alone(Engine)
    case guest(RemoteService)

    /// Opens the engine or finds whoever runs it.
    /// - Throws: `EngineError` where the directory cannot be used, or the process that has it does
    ///   not let others join.
    package init(_ opening: Opening) async throws(EngineError) {
        var patience = Patience()
        while true {
            var hosted: EngineError
            do throws(EngineError) {
                self = .alone(try await opening.open())
                return
            } catch {
                hosted = error
            }
            if case .hosted = hosted.kind, let service = HostSocket(opening).service(opening) {
                switch await Self.answer(service, patience) {
                case nil:
                    self = .guest(service)
                    return
                case Patience.silentCode: hosted.reason = Patience.silentReason
                default: break
                }
            }
            if !patience.goesOn(after: hosted) { throw hosted }
            // It may be beginning, or ending. Woken early only by the end of the task.
            try? await Task.sleep(for: SharedEngine.pause)
        }
    }

    /// What keeps a process from answering, by its code; nil where nothing does.
    private static func answer(_ service: RemoteService, _ patience: Patience) async -> String? {
        do throws(APIError) {
            _ = try await patience.limited { () throws(APIError) in
                try await service.assistants(PageRequest(limit: 1), for: .trusted)
            }
            return nil
        } catch {
            return error.code ?? "refused"
        }
    }

    /// What can be asked.
    package var service: any EngineService {
        switch self {
        case .alone(let engine): engine
        case .guest(let service): service
        }
    }

    /// Adds a key by its SHA-256.
    package func createKey(
        hash: [UInt8], hint: String, name: String, project: Project.ID
    ) async throws(APIError) {
        switch self {
        case .alone(let engine):
            _ = try await engine.createKey(hash: hash, hint: hint, name: name, project: project)
        case .guest(let service):
            _ = try await service.createKey(hash: hash, hint: hint, name: name, project: project)
        }
    }

    /// Takes a key back for good.
    package func revokeKey(_ id: AccessKey.ID) async throws(APIError) {
        switch self {
        case .alone(let engine): _ = try await engine.revokeKey(id)
        case .guest(let service): try await service.revokeKey(id)
        }
    }

    /// Takes in what people saved, and waits until its files can be searched.
    ///
    /// - Parameter progress: told now and then how many objects were taken in so far, where this
    ///   process does it.
    package func importSaved(
        _ order: ImportOrder, progress: @Sendable (Int) -> Void
    ) async throws(APIError) -> ImportReport {
        switch self {
        case .alone(let engine):
            let report = try await engine.importSaved(order, progress: progress)
            if !order.isDryRun { try await engine.waitForIndexing() }
            return report
        case .guest(let service):
            do throws(APIError) {
                return try await service.takeSaved(order)
            } catch {
                guard error.saysHostIsGone else { throw error }
                throw APIError(
                    status: 503, code: "host_gone",
                    message: "The Switchboard that ran the engine here ended before everything "
                        + "was taken in. Import it once more: nothing is taken in twice.")
            }
        }
    }

    /// Ends the stay.
    package func end() async {
        if case .alone(let engine) = self { await engine.close() }
    }
}
