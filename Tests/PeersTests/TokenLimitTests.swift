import Assistants
import AssistantsClient
import TestSupport
import Testing
import Transport

@Suite("A limit of tokens", .enabled(if: Peers.isPresent, "run Tests/Peers/prepare"))
struct TokenLimitTests {
    @Test("of a day is what serve was started with") func limits() async throws {
        let server = try await ServedProgram(
            home: ProgramHome(), model: .start(), options: ["--day-limit", "10"])
        let service = RemoteService(
            baseURL: server.baseURL, key: server.key, transport: AsyncHTTPTransport())
        let assistant = try await service.createAssistant(
            AssistantRequest(model: "tiny-scripted"), for: .trusted)
        var request = RunRequest(assistantID: assistant.id)
        request.additionalMessages = [MessageRequest("hi")]
        let thread = try await service.createThread(ThreadRequest(), for: .trusted).id
        // The first run may use more than is left of the day; after it no other begins.
        for try await _ in try await service.streamRun(request, on: thread, for: .trusted) {}
        let error = await #expect(throws: APIError.self) {
            _ = try await service.createRun(request, on: thread, for: .trusted)
        }
        #expect(error?.status == 429)
        #expect(error?.code == "rate_limit_exceeded")
    }
}
