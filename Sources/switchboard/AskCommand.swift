import ArgumentParser
import Assistants
import AssistantsEngine
import Events
import FoundationEssentials
import Settings

/// One question, its answer streamed to standard output.
struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "Ask one question; the answer streams to standard output.")

    @OptionGroup var common: CommonOptions

    @Option(help: ArgumentHelp("The assistant, by name or id.", valueName: "name"))
    var assistant: String?

    @Option(help: ArgumentHelp("The thread to go on with; a new one otherwise.", valueName: "id"))
    var thread: String?

    @Option(
        help: ArgumentHelp(
            "Instructions for this run, in place of the assistant's.", valueName: "text"))
    var instructions: String?

    @Flag(help: "Print each event as a line of JSON.")
    var json = false

    @Argument(help: "The question; - reads standard input.")
    var text: [String] = []

    func run() async throws {
        let home = try Home(common)
        let question = try self.question()
        let interruption = Interruption()
        try await withEngine(home) { engine in
            let recorder = try Recorder(home.options, engine: engine)
            defer { recorder.finish() }
            let assistant = try await engine.chosenAssistant(
                assistant ?? home.configuration.assistant, home: home)
            let thread = try await self.thread(question, engine: engine)
            var request = RunRequest(assistantID: assistant.id)
            request.instructions = instructions
            request.additionalMessages = [MessageRequest(question)]
            request.deadline = home.configuration.run.deadline
            let stream = try await engine.streamRun(request, on: thread, for: .trusted)
            try await interruption.during {
                try await Self.print(stream, json: json, recorder: recorder)
            } onInterrupt: { [engine] in
                await Self.cancelActiveRun(on: thread, engine: engine)
            }
        }
    }

    private func question() throws -> String {
        let words = text.joined(separator: " ")
        if words != "-" {
            if words.isEmpty {
                throw ValidationError("What is the question? Give it as text, or -.")
            }
            return words
        }
        let input = String(decoding: Input.all(limit: 4 << 20), as: UTF8.self)
        if input.allSatisfy(\.isWhitespace) { throw Stop.usage("Standard input held no question.") }
        return input
    }

    private func thread(_ question: String, engine: Engine) async throws(APIError) -> Thread.ID {
        if let thread { return try await engine.thread(thread, for: .trusted).id }
        return try await engine.createThread(ThreadRequest(), for: .trusted).id
    }

    private static func cancelActiveRun(on thread: Thread.ID, engine: Engine) async {
        let page = PageRequest(limit: 1)
        guard let run = try? await engine.runs(on: thread, page, for: .trusted).data.first,
            run.status.isActive
        else { return }
        _ = try? await engine.cancelRun(run.id, on: thread, for: .trusted)
    }

    /// Prints a run until it ends, and throws where it did not end well.
    private static func print(
        _ stream: AssistantEventStream, json: Bool, recorder: Recorder
    ) async throws {
        var printer = AnswerPrinter(json: json)
        for try await event in stream {
            recorder.record(event)
            printer.take(event)
        }
        try printer.finish()
    }
}

/// Prints the events of a run, as text or as JSON.
private struct AnswerPrinter {
    let json: Bool
    private var endsWithNewline = true
    private var hasText = false
    private var run: Run?

    init(json: Bool) { self.json = json }

    mutating func take(_ event: AssistantEvent) {
        if json { Output.bytes(event.jsonLine) }
        switch event {
        case .run(_, let run): self.run = run
        case .message(.created, _):
            // A second message of one run begins on a line of its own.
            if hasText { separate() }
        case .messageDelta(let delta):
            for part in delta.parts {
                switch part.content {
                case .text(let text, _), .refusal(let text): write(text)
                case .whole: break
                }
            }
        default: break
        }
    }

    private mutating func separate() {
        if !json { Output.text(endsWithNewline ? "\n" : "\n\n") }
        endsWithNewline = true
    }

    private mutating func write(_ text: String) {
        guard !json, let last = text.utf8.last else { return }
        Output.content(text)
        hasText = true
        endsWithNewline = last == UInt8(ascii: "\n")
    }

    /// Ends the last line and says how the run ended.
    mutating func finish() throws {
        if !json && !endsWithNewline { Output.text("\n") }
        guard let run else { throw Stop.failed("The run ended before it began.") }
        switch run.status {
        case .completed: return
        case .incomplete:
            let reason = run.incompleteReason?.wireName ?? "unknown"
            Output.error("switchboard: the answer is incomplete (\(reason)).")
        case .requiresAction:
            let names = run.requiredAction.map(\.name).joined(separator: ", ")
            throw Stop.failed(
                "switchboard: the assistant calls \(names), and nobody can answer it here. "
                    + "Open the console (switchboard) and go on in thread \(run.threadID).")
        case .cancelled, .cancelling: throw Stop.interrupted
        default:
            let reason = run.lastError?.message ?? "its status is \(run.status)"
            throw Stop.failed("switchboard: the run \(run.status): \(reason)")
        }
    }
}

extension Engine {
    /// The assistant somebody named, else the one that fits what models there are: the default
    /// assistant where a language model is connected, and Guide where none is.
    func chosenAssistant(_ name: String?, home: Home) async throws -> Assistant {
        if let name { return try await assistant(named: name) }
        let models = try await models(for: .trusted)
        let hasModel = models.contains { $0.name != GuideBackend.modelName } || home.namesModel
        let id = hasModel ? Engine.defaultAssistantID : GuideBackend.assistantID
        return try await assistant(id, for: .trusted)
    }

    /// The assistant with an id or a name, whatever its case.
    func assistant(named name: String) async throws -> Assistant {
        if let found = try? await assistant(name, for: .trusted) { return found }
        var page = PageRequest(limit: 100)
        while true {
            let assistants = try await assistants(page, for: .trusted)
            let match = assistants.data.first { $0.name?.lowercased() == name.lowercased() }
            if let match { return match }
            guard assistants.hasMore, let last = assistants.data.last else { break }
            page.after = last.id
        }
        throw Stop.failed(
            "There is no assistant \(name). `switchboard assistants list` shows which there are.")
    }
}

extension Home {
    /// Whether somebody named a model or a server, even one that does not answer now.
    var namesModel: Bool {
        options.model != nil || options.modelURL != nil || configuration.model.url != nil
            || configuration.model.name != nil || environment["SWITCHBOARD_MODEL_URL"] != nil
            || environment["OPENAI_API_KEY"] != nil || environment["OPENAI_BASE_URL"] != nil
    }
}
