import Assistants
import AssistantsClient
import AssistantsEngine
import TestSupport
import Testing
import Transport

@Suite("The engine, through server and client,", .timeLimit(.minutes(5)))
struct ServedContractTests {
    @Test("keeps the contract", arguments: ServiceContract.clauses + ServiceContract.fileClauses)
    func contract(clause: ServiceContract.Clause) async throws {
        let served = try await ServedEngine()
        try await clause.check(ServiceContract(served.server.client(), model: served.model))
        await served.close()
    }

    @Test(
        "keeps it for a project's key",
        arguments: ServiceContract.clauses + ServiceContract.fileClauses)
    func projectContract(clause: ServiceContract.Clause) async throws {
        let served = try await ServedEngine()
        let client = ForeignService(served.server.client(key: "team-a").connection)
        try await clause.check(
            ServiceContract(client, for: .project("team-a"), model: served.model))
        await served.close()
    }

    @Test(
        "keeps it as a client of a script",
        arguments: ServiceContract.clauses + ServiceContract.fileClauses)
    func scripted(clause: ServiceContract.Clause) async throws {
        let served = try await ServedEngine()
        let tape = TapeTransport(recording: AsyncHTTPTransport())
        let url = served.server.url + "/v1"
        let client = AssistantsClient(baseURL: url, key: "test", transport: tape)
        try await clause.check(ServiceContract(client.service, model: served.model))
        await served.close()
        // Nobody is there any more: what was recorded answers.
        let script = tape.rewound()
        let again = AssistantsClient(baseURL: url, key: "test", transport: script)
        try await clause.check(ServiceContract(again.service, model: served.model))
        #expect(script.strangers == [])
    }
}
