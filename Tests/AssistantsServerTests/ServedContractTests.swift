import Assistants
import AssistantsClient
import AssistantsEngine
import TestSupport
import Testing

@Suite("The engine, through server and client,", .timeLimit(.minutes(5)))
struct ServedContractTests {
    @Test("keeps the contract", arguments: ServiceContract.clauses)
    func contract(clause: ServiceContract.Clause) async throws {
        let served = try await ServedEngine()
        try await clause.check(ServiceContract(served.server.client(), model: served.model))
        await served.close()
    }

    @Test("keeps it for a project's key", arguments: ServiceContract.clauses)
    func projectContract(clause: ServiceContract.Clause) async throws {
        let served = try await ServedEngine()
        let client = ForeignService(served.server.client(key: "team-a").connection)
        try await clause.check(
            ServiceContract(client, for: .project("team-a"), model: served.model))
        await served.close()
    }
}
