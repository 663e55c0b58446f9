import Assistants
import AssistantsEngine
import TestSupport
import Testing

@Suite("An image in a message", .timeLimit(.minutes(5))) struct ImageTests {
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 1, 2, 3]

    private func parts(
        _ bytes: [UInt8], by owner: Caller, in asker: Caller
    ) async throws -> [MessageContent] {
        let model = ScriptedModel(texts: "Seen.")
        let host = try await TestEngine(model)
        let file = try await host.engine.createFile(
            FileUpload(
                path: host.upload(bytes), filename: "a.png", purpose: "vision", isTemporary: true),
            for: owner)
        var request = ThreadRequest()
        request.messages = [
            MessageRequest(content: [
                .text(MessageText("What is it?")), .imageFile(fileID: file.id, detail: "low"),
            ])
        ]
        let assistant = try await host.engine.createAssistant(
            AssistantRequest(model: "scripted"), for: asker)
        _ = try await host.engine.streamThreadAndRun(
            request, RunRequest(assistantID: assistant.id), for: asker
        ).all()
        await host.close()
        guard case .user(let content) = model.requests[0].messages.first else { return [] }
        return content
    }

    @Test("is sent to the model with its bytes") func bytes() async throws {
        let team = Caller.project("team")
        #expect(
            try await parts(Self.png, by: team, in: team).last
                == .imageURL(url: "data:image/png;base64,iVBORwECAw==", detail: "low"))
    }

    @Test("of another project, or that is none, is not") func others() async throws {
        let (team, other) = (Caller.project("team"), Caller.project("other"))
        for content in [
            try await parts(Self.png, by: other, in: team),
            try await parts([1, 2, 3], by: team, in: team),
        ] {
            guard case .imageFile = content.last else {
                Issue.record("The image was sent: \(content)")
                continue
            }
        }
    }
}
