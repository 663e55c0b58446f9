import Assistants
import AssistantsEngine
import TestSupport
import Testing

@Suite("The engine, as a service,", .timeLimit(.minutes(5))) struct EngineContractTests {
    @Test("keeps the contract", arguments: ServiceContract.clauses + ServiceContract.fileClauses)
    func contract(clause: ServiceContract.Clause) async throws {
        let model = ScriptedModel([])
        let host = try await TestEngine(model)
        try await clause.check(ServiceContract(host.engine, model: model))
        await host.close()
    }

    @Test(
        "keeps it for a project's key",
        arguments: ServiceContract.clauses + ServiceContract.fileClauses)
    func projectContract(clause: ServiceContract.Clause) async throws {
        let model = ScriptedModel([])
        let host = try await TestEngine(model)
        try await clause.check(
            ServiceContract(host.engine, for: .project("team"), model: model))
        await host.close()
    }
}
