import Assistants
import Processes
import Wire

/// What a run needs to ask its model, found when it is first needed: who answers, and the thread.
///
/// An actor, because a run's calls follow each other and share it.
actor RunContext {
    private let engine: Engine
    private let run: Run
    private var backend: (any ModelBackend)?
    private var history: [Message]?
    private var codeFiles: [String]?

    init(_ engine: Engine, _ run: Run) {
        self.engine = engine
        self.run = run
    }

    /// Starts a model call; a thread that proves too long is shortened once.
    func stream(_ call: ModelCall) async throws(ModelError) -> ModelEventStream {
        let backend = try await backendOnce()
        do throws(ModelError) {
            return try await backend.stream(try await request(for: call, to: backend))
        } catch {
            guard case .contextOverflow(let prompt, let context) = error.kind,
                shorten(prompt: prompt, context: context)
            else { throw error }
            return try await backend.stream(try await request(for: call, to: backend))
        }
    }

    private func request(
        for call: ModelCall, to backend: any ModelBackend
    ) async throws(ModelError) -> ModelRequest {
        let history = try await historyOnce(for: backend.info)
        let files = try await codeFilesOnce()
        return RunPrompt(run: run, history: history, codeFiles: files).request(
            for: call, model: backend.info.name)
    }

    /// Leaves so much out of the middle of the thread that the rest should fit; false when there
    /// is nothing to leave out.
    private func shorten(prompt: Int?, context: Int?) -> Bool {
        guard let all = history, all.count > 1 else { return false }
        let size = all.reduce(0) { $0 + $1.text.utf8.count }
        // A tenth less than what fits by count; half where the server does not tell.
        var share = 0.5
        if let prompt, let context, prompt > context { share = Double(context) / Double(prompt) }
        var room = Int(Double(size) * share * 0.9)
        var kept: [Message] = []
        for message in all.reversed() {
            room -= message.text.utf8.count
            if room < 0, !kept.isEmpty { break }
            kept.append(message)
        }
        history = kept.reversed()
        return kept.count < all.count
    }

    /// Searches the files of the assistant and of the thread.
    func search(_ call: SearchCall) async throws(APIError) -> [FileSearchResult] {
        try await engine.search(call, for: run, contextTokens: backend?.info.contextTokens)
    }

    /// Has a command answer a call.
    func runFunction(_ call: FunctionCall) async -> String {
        guard let command = engine.commands[call.name], command.consent == .always else {
            return "The function is not allowed to run here."
        }
        return await command.run(call.arguments) { [clock = engine.clock] in
            try await clock.sleep(for: $0)
        }
    }

    /// Runs code.
    func runCode(_ call: CodeCall) async throws(APIError) -> AsyncStream<InterpreterEvent> {
        try await engine.runCode(call, for: run)
    }

    /// Keeps a picture that code drew.
    func keep(picture: [UInt8]) async throws(APIError) -> File.ID {
        try await engine.keep(picture: picture, for: run)
    }

    /// Keeps a file that code made.
    func keep(_ file: KeptFile) async throws(APIError) { try await engine.keep(file, for: run) }

    /// The names of the files that code finds; empty where no code can be run.
    private func codeFilesOnce() async throws(ModelError) -> [String] {
        guard run.tools.contains(.codeInterpreter) else { return [] }
        if let codeFiles { return codeFiles }
        do throws(APIError) {
            let inputs = try await engine.codeInputs(of: run)
            let names = await engine.interpreter.files(of: run.threadID, with: inputs)
            codeFiles = names
            await engine.interpreter.prepare()
            return names
        } catch {
            throw ModelError(.server, "The files of the run could not be read: \(error.message)")
        }
    }

    private func backendOnce() async throws(ModelError) -> any ModelBackend {
        if let backend { return backend }
        let found = try await engine.models.backend(for: run.model)
        backend = found
        return found
    }

    /// An expired store of the thread makes the run fail, whether the model would search or not
    /// (`CONTRACT.md` 7.1).
    private func checkStores() async throws(ModelError) {
        guard run.tools.contains(where: \.isFileSearch) else { return }
        let (thread, now) = (run.threadID, engine.clock.seconds)
        // What cannot be read now is told by whatever needs it.
        let expired = try? await engine.store.read { try $0.expiredStore(of: thread, at: now) }
        if let expired {
            throw ModelError(.server, APIError.expiredStore(expired).message)
        }
    }

    private func historyOnce(for model: ModelInfo) async throws(ModelError) -> [Message] {
        if let history { return history }
        try await checkStores()
        let limit = RunPrompt.limit(for: run, contextTokens: model.contextTokens)
        let (thread, id) = (run.threadID, run.id)
        do {
            let read = try await engine.store.read { db in
                try db.history(of: thread, before: id, limit: limit)
            }
            let seen = try await engine.withImages(read, of: thread)
            history = seen
            return seen
        } catch {
            throw ModelError(.server, "The thread could not be read: \(error.message)")
        }
    }
}
