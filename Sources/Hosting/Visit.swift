package import Assistants
package import AssistantsClient
package import AssistantsEngine

/// A short stay with a data directory, for a command that changes something and ends: with an
/// engine of its own where nobody runs one, else with whoever does.
package enum Visit: Sendable {
    case alone(Engine)
    case guest(RemoteService)

    /// How long a process that has the directory may take to answer.
    private static let patience = Duration.seconds(3)

    /// Opens the engine or finds whoever runs it.
    /// - Throws: `EngineError` where the directory cannot be used, or the process that has it does
    ///   not let others join.
    package init(_ opening: Opening) async throws(EngineError) {
        let end = ContinuousClock.now + Self.patience
        while true {
            do throws(EngineError) {
                self = .alone(try await opening.open())
                return
            } catch {
                guard case .hosted = error.kind, ContinuousClock.now < end else { throw error }
            }
            if let service = HostSocket(opening).service(opening), await Self.answers(service) {
                self = .guest(service)
                return
            }
            // It may be beginning, or ending. Woken early only by the end of the task.
            try? await Task.sleep(for: SharedEngine.pause)
        }
    }

    private static func answers(_ service: RemoteService) async -> Bool {
        (try? await service.assistants(PageRequest(limit: 1), for: .trusted)) != nil
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

    /// Ends the stay.
    package func end() async {
        if case .alone(let engine) = self { await engine.close() }
    }
}
