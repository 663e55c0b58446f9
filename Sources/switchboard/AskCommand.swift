import ArgumentParser
import Assistants
import AssistantsEngine
import Console
import Events
import Hosting
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

    @Option(
        help: ArgumentHelp(
            "A file that goes with the question; may be given more than once.",
            valueName: "file"))
    var attach: [String] = []

    @Flag(help: "Print each event as a line of JSON.")
    var json = false

    @Argument(help: "The question; - reads standard input.")
    var text: [String] = []

    func validate() throws {
        if text.joined().allSatisfy(\.isWhitespace) {
            throw ValidationError("What is the question? Give it as text, or - to read it.")
        }
    }

    func run() async throws {
        let interruption = Interruption()
        let home = try Home(common)
        let question = try question()
        let files = try attachedFiles()
        // Runs that were left elsewhere are not begun only to be cut off with this answer's end;
        // one in this thread has to be stopped.
        try await withSharedEngine(home, carriesOn: thread != nil) { engine in
            let recorder = try Recorder(home.options, events: engine.events, everyRun: false)
            if engine.isGuest, home.options.modelURL != nil {
                Output.error(
                    "Another Switchboard runs the engine here, with its own model server; "
                        + "--model-url holds only if this one takes over.")
            }
            do {
                try await ask(question, files, home, engine, recorder, interruption)
            } catch {
                await recorder.finish()
                throw error
            }
            await recorder.finish()
        }
    }

    private func ask(
        _ question: String, _ files: [LocalFile], _ home: Home, _ engine: SharedEngine,
        _ recorder: Recorder, _ interruption: Interruption
    ) async throws {
        let assistant = try await engine.chosenAssistant(
            assistant ?? home.configuration.assistant, home: home)
        let message = try await message(question, files, assistant, engine)
        let thread = try await self.thread(home, engine)
        var request = RunRequest(assistantID: assistant.id)
        request.instructions = instructions
        // Where this process runs the engine, its directory of models knows the choice already.
        if engine.isGuest { request.model = common.model }
        request.additionalMessages = [message]
        request.deadline = home.configuration.run.deadline
        try await interruption.during { [request] in
            let meter = StreamMeter(start: Self.now)
            let mailbox = engine.events.subscribe()
            defer { engine.events.unsubscribe(mailbox) }
            let stream = try await engine.streamRun(request, on: thread, for: .trusted)
            try await print(home, stream, recorder, meter) {
                for event in mailbox.take() where event.threadID == thread {
                    if case .streamHealth(let health) = event.kind { $0.add(health) }
                }
            }
        } onInterrupt: {
            await engine.cancelActiveRun(on: thread)
        }
    }

    /// The files that were named, opened before anything is asked.
    private func attachedFiles() throws(Stop) -> [LocalFile] {
        var files: [LocalFile] = []
        for path in attach {
            do throws(LocalFile.Problem) {
                files.append(try LocalFile(path: Array(path.utf8)))
            } catch {
                throw Stop.failed(error.message)
            }
        }
        return files
    }

    /// The question with its files, which are uploaded now.
    private func message(
        _ question: String, _ files: [LocalFile], _ assistant: Assistant, _ engine: SharedEngine
    ) async throws -> MessageRequest {
        let tools = assistant.fileTools
        if tools.isEmpty, let file = files.first(where: { !$0.facts.isPicture }) {
            throw Stop.failed(assistant.refusal(of: file.name))
        }
        var sent: [SentFile] = []
        for file in files {
            let uploaded = try await file.upload(to: engine)
            sent.append(SentFile(id: uploaded.id, isPicture: file.facts.isPicture))
        }
        return MessageRequest(question, files: sent, tools: tools)
    }

    private func question() throws(Stop) -> String {
        let question =
            text == ["-"]
            ? String(decoding: try Input.standardInput(), as: UTF8.self)
            : text.joined(separator: " ")
        if question.allSatisfy(\.isWhitespace) {
            throw Stop.usage("Standard input held no question.")
        }
        let length = question.unicodeScalars.count
        if length > Self.longestQuestion {
            throw Stop.failed(
                "The question is \(length) characters long; a message holds at most "
                    + "\(Self.longestQuestion). Ask about a part of it.")
        }
        return question
    }

    /// So many characters a message holds (`CONTRACT.md` 4).
    private static let longestQuestion = 256_000

    private func thread(_ home: Home, _ engine: SharedEngine) async throws -> Thread.ID {
        guard let thread else {
            return try await engine.createThread(ThreadRequest(), for: .trusted).id
        }
        _ = try await engine.thread(thread, for: .trusted)
        if let run = try await engine.activeRun(on: thread) {
            if run.status == .requiresAction {
                throw Stop.waiting(for: run, asked: home.askedFunctions)
            }
            try await engine.end(run)
            Output.error("The answer that was going on in this thread was stopped.")
        }
        return thread
    }

    /// Prints a run until it ends, and throws where it did not end well.
    ///
    /// - Parameter hear: Adds what was heard of the model's streams meanwhile.
    private func print(
        _ home: Home, _ stream: AssistantEventStream, _ recorder: Recorder, _ meter: StreamMeter,
        _ hear: (inout StreamHealth) -> Void
    ) async throws {
        var printer = AnswerPrinter(json: json, asked: home.askedFunctions)
        var meter = meter
        for try await event in stream {
            meter.noteSign(at: Self.now)
            meter.note(event)
            recorder.record(event)
            printer.take(event)
            hear(&meter.health)
        }
        printer.take(await stream.health() ?? meter.health)
        try printer.finish()
    }

    private static let start = ContinuousClock.now
    private static var now: Duration { start.duration(to: .now) }
}

extension SharedEngine {
    /// The run that is active on a thread, if there is one.
    fileprivate func activeRun(on thread: Thread.ID) async throws(APIError) -> Run? {
        let newest = try await runs(on: thread, PageRequest(limit: 1), for: .trusted).data.first
        return newest.flatMap { $0.status.isActive ? $0 : nil }
    }

    /// Asks the run that is active on a thread to stop, if there is one.
    fileprivate func cancelActiveRun(on thread: Thread.ID) async {
        guard let run = try? await activeRun(on: thread) else { return }
        // One that ends by itself meanwhile needs no cancelling.
        _ = try? await cancelRun(run.id, on: thread, for: .trusted)
    }

    /// Stops a run that another process left, and waits until it has ended.
    fileprivate func end(_ run: Run) async throws(APIError) {
        let mailbox = events.subscribe(merges: true)
        defer { events.unsubscribe(mailbox) }
        var last = run
        do throws(APIError) {
            last = try await cancelRun(run.id, on: run.threadID, for: .trusted)
        } catch {
            last = try await self.run(run.id, on: run.threadID, for: .trusted)
            if last.status.isActive { throw error }
        }
        while last.status.isActive, await mailbox.next() != nil {
            last = try await self.run(run.id, on: run.threadID, for: .trusted)
        }
    }

    /// The assistant somebody named, else the one that fits what models there are: the default
    /// assistant where a language model is connected or was asked for, and Guide where none is.
    fileprivate func chosenAssistant(_ name: String?, home: Home) async throws -> Assistant {
        if let name { return try await assistant(named: name) }
        // Elsewhere, other models may be there than this command was told of.
        var hasModel = engine != nil && home.sources.namesModel
        if !hasModel {
            let models = try await models(for: .trusted)
            hasModel = models.contains { $0.name != GuideBackend.modelName }
        }
        let id = hasModel ? Engine.defaultAssistantID : GuideBackend.assistantID
        return try await assistant(id, for: .trusted)
    }
}
