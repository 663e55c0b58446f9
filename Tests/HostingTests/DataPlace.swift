import Assistants
import AssistantsEngine
import FoundationEssentials
import Glibc
import Hosting
import Logging
import TestSupport
import Transport

/// A data directory that several programs of a test work on, with one scripted model for all.
///
/// A class, because the directory goes with it.
final class DataPlace: Sendable {
    let folder: String
    let model: ScriptedModel
    private let directory: String

    init(_ answers: [ScriptedModel.Line]..., folder name: String = "data") throws {
        var template = Array("/tmp/switchboard-hosting.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CancellationError() }
        folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        directory = folder + "/" + name
        model = ScriptedModel(answers)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// How one program opens it.
    var opening: Opening {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return Opening(
            directory: directory, socketFolder: folder, transport: AsyncHTTPTransport.shared,
            logger: logger
        ) { [directory, model] () throws(EngineError) in
            try await Engine.open(directory: directory, models: model, recovers: false)
        }
    }

    /// Starts a program on it.
    func join(_ change: (inout Opening) -> Void = { _ in }) async throws -> SharedEngine {
        var opening = opening
        change(&opening)
        return try await SharedEngine.open(opening)
    }

    /// Makes an assistant.
    func assistant(_ service: SharedEngine) async throws -> Assistant.ID {
        try await service.createAssistant(AssistantRequest(model: "scripted"), for: .trusted).id
    }

    /// Asks a question in a new thread, and does not wait for the answer.
    func ask(_ service: SharedEngine) async throws -> Assistants.Thread.ID {
        var thread = ThreadRequest()
        thread.messages = [MessageRequest("Q")]
        let run = try await service.createThreadAndRun(
            thread, RunRequest(assistantID: try await assistant(service)), for: .trusted)
        return run.threadID
    }
}
