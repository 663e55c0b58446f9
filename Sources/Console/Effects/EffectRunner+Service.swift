import Assistants

// Effects that ask the service for something.
extension EffectRunner {
    /// Runs and their steps that are read when a thread is opened.
    private static let runsOnOpening = 40
    /// Pages of steps of one run that are read.
    private static let stepPages = 4

    func perform(service effect: Effect) async {
        do throws(APIError) {
            try await attempt(effect)
        } catch {
            if case .open(let id, _) = effect, error.status == 404 {
                return post(.threadMissing(id))
            }
            if case .loadThreads = effect { return post(.threadsFailed(error.message)) }
            if case .submit(_, let run, _) = effect {
                return post(.submitFailed(run, error.message))
            }
            if case .cancelRun(let run, let id) = effect {
                return post(.stopFailed(run, on: id, error.message))
            }
            post(.failed(threadID: effect.threadID, error.message))
        }
    }

    private func attempt(_ effect: Effect) async throws(APIError) {
        switch effect {
        case .loadThreads(let after): try await loadThreads(after: after)
        case .loadAssistants: try await loadAssistants()
        case .loadModels:
            guard let service = service as? any ModelListing else { return post(.models([])) }
            post(.models(try await service.models(for: .trusted)))
        case .resolveModel(let assistant): await resolveModel(of: assistant)
        case .open(let id, let limit): try await show(id, limit: limit)
        case .loadMessages(let id, let range, let purpose):
            try await loadMessages(of: id, range, purpose)
        case .loadSteps(let id, let run):
            post(.steps(id, try await steps(of: run, on: id)))
        case .send(let sending): await send(sending)
        case .cancelRun(let run, let id):
            post(.runChanged(try await service.cancelRun(run, on: id, for: .trusted)))
        case .submit(let outputs, let run, let id):
            post(
                .runChanged(
                    try await service.submitToolOutputs(outputs, to: run, on: id, for: .trusted)))
        case .readConsents, .keepConsent, .runCommand, .endCommands:
            await perform(consent: effect)
        case .rename(let thread, let title): try await rename(thread, to: title)
        case .deleteThread(let id):
            try await service.deleteThread(id, for: .trusted)
            post(.threadDeleted(id))
        case .listFolder(let typed): await listFolder(typed)
        case .examine(let path, let id): await examine(path, for: id)
        case .loadFiles(let ids): await loadFiles(ids)
        case .saveAssistant(let draft): post(.assistantSaved(try await save(draft)))
        case .lookUp, .drawPicture, .saveFile, .openFile: try await performFile(effect)
        case .remember, .copy, .openEditor, .setTitle, .bell, .askTerminal, .mouse, .suspend,
            .redraw, .quit, .speech:
            break
        }
    }

    // MARK: - Reading

    private func loadThreads(after: String?) async throws(APIError) {
        guard let service = service as? any ThreadListing else {
            return post(.threadsUnavailable)
        }
        let page = try await service.threads(
            PageRequest(limit: 100, after: after), for: .trusted)
        post(.threads(page, after: after))
    }

    private func loadAssistants() async throws(APIError) {
        var all: [Assistant] = []
        var after: String?
        // A thousand assistants are more than a person can choose from.
        for _ in 0..<10 {
            let page = try await service.assistants(
                PageRequest(limit: 100, order: .ascending, after: after), for: .trusted)
            all += page.data
            guard page.hasMore, let last = page.data.last else { break }
            after = last.id
        }
        post(.assistants(all))
    }

    private func resolveModel(of assistant: Assistant) async {
        guard let service = service as? any ModelListing else {
            let info = ModelInfo(name: assistant.model, provider: "", host: "?", isLocal: true)
            return post(.answering(assistant.id, info))
        }
        do throws(APIError) {
            let model = try await service.model(answering: assistant, for: .trusted)
            post(.answering(assistant.id, model))
        } catch {
            // That no model answers is said when a run needs one.
            post(.answering(assistant.id, nil))
        }
    }

    /// Reads a thread, and has what a run of it wrote so far told again: what is stored of a
    /// growing message may lag behind what was told before we listened.
    private func show(_ id: Assistants.Thread.ID, limit: Int) async throws(APIError) {
        let opened = try await open(id, limit: limit)
        let isRunning = opened.runs.contains { $0.status.isActive }
        post(.opened(id, opened))
        if isRunning, let service = service as? any RunWatching {
            try await service.retellRun(on: id, for: .trusted)
        }
    }

    private func open(
        _ id: Assistants.Thread.ID, limit: Int
    ) async throws(APIError) -> OpenedThread {
        let thread = try await service.thread(id, for: .trusted)
        let (messages, total) = try await newestMessages(of: id, limit: limit)
        let page = try await service.runs(
            on: id, PageRequest(limit: Self.runsOnOpening), for: .trusted)
        let runs = Array(page.data.reversed())
        var steps: [RunStep] = []
        if let last = runs.last { steps = try await self.steps(of: last.id, on: id) }
        return OpenedThread(
            thread: thread, messages: messages, window: total - messages.count..<total,
            total: total, runs: runs, steps: steps)
    }

    private func newestMessages(
        of id: Assistants.Thread.ID, limit: Int
    ) async throws(APIError) -> (messages: [Message], total: Int) {
        guard let service = service as? any MessageWindows else {
            let messages = try await allMessages(of: id)
            return (messages, messages.count)
        }
        let total = try await service.messageCount(in: id, for: .trusted)
        let start = max(0, total - limit)
        let messages = try await service.messages(in: id, at: start..<total, for: .trusted)
        return (messages, max(total, start + messages.count))
    }

    /// Every message of a thread, for a service that cannot give windows.
    private func allMessages(of id: Assistants.Thread.ID) async throws(APIError) -> [Message] {
        var all: [Message] = []
        var after: String?
        // 20,000 messages; more would need a service with windows.
        for _ in 0..<200 {
            let page = try await service.messages(
                in: id, run: nil, PageRequest(limit: 100, order: .ascending, after: after),
                for: .trusted)
            all += page.data
            guard page.hasMore, let last = page.data.last else { break }
            after = last.id
        }
        return all
    }

    private func loadMessages(
        of id: Assistants.Thread.ID, _ range: Range<Int>, _ purpose: WindowPurpose
    ) async throws(APIError) {
        guard let service = service as? any MessageWindows else { return }
        let messages = try await service.messages(in: id, at: range, for: .trusted)
        let total = try await service.messageCount(in: id, for: .trusted)
        let read = range.lowerBound..<range.lowerBound + messages.count
        post(.messages(id, read, messages, purpose: purpose, total: total))
    }

    private func steps(
        of run: Run.ID, on id: Assistants.Thread.ID
    ) async throws(APIError) -> [RunStep] {
        var all: [RunStep] = []
        var after: String?
        for _ in 0..<Self.stepPages {
            let page = try await service.steps(
                of: run, on: id, PageRequest(limit: 100, order: .ascending, after: after),
                for: .trusted)
            all += page.data
            guard page.hasMore, let last = page.data.last else { break }
            after = last.id
        }
        return all
    }

    // MARK: - Changing

    private func send(_ sending: Sending) async {
        var id = sending.threadID
        var step = SendingStep.thread
        let files: [SentFile]
        do throws(FileProblem) {
            files = try await upload(sending)
        } catch {
            return post(
                .sendingFailed(
                    number: sending.number, threadID: id, step: .files, error.message))
        }
        do throws(APIError) {
            if id.isEmpty {
                let thread = try await service.createThread(ThreadRequest(), for: .trusted)
                id = thread.id
                post(.threadCreated(number: sending.number, thread))
            }
            if let text = sending.text {
                step = .message
                let message = try await service.createMessage(
                    MessageRequest(text, files: files, tools: sending.fileTools), in: id,
                    for: .trusted)
                post(.messageSent(number: sending.number, message))
            }
            step = .run
            var request = RunRequest(assistantID: sending.assistantID)
            request.additionalInstructions = sending.instructions
            request.deadline = sending.deadline
            let run = try await service.createRun(request, on: id, for: .trusted)
            post(.runStarted(number: sending.number, run))
        } catch {
            post(
                .sendingFailed(
                    number: sending.number, threadID: id, step: step, error.message))
        }
    }

    private func rename(_ thread: Assistants.Thread, to title: String) async throws(APIError) {
        // Metadata is replaced as a whole: what somebody else changed meanwhile is kept.
        var metadata = try await service.thread(thread.id, for: .trusted).metadata
        metadata[Assistants.Thread.titleKey] = title.isEmpty ? nil : title
        var changes = ThreadChanges()
        changes.metadata = .set(metadata)
        post(.threadRenamed(try await service.modifyThread(thread.id, changes, for: .trusted)))
    }

    private func save(_ draft: AssistantDraft) async throws(APIError) -> Assistant {
        guard let id = draft.id else {
            return try await service.createAssistant(
                AssistantRequest(
                    model: draft.model, name: draft.name, instructions: draft.instructions),
                for: .trusted)
        }
        var changes = AssistantChanges()
        changes.name = .set(draft.name)
        changes.model = .set(draft.model)
        changes.instructions = .set(draft.instructions)
        return try await service.modifyAssistant(id, changes, for: .trusted)
    }
}

extension Effect {
    /// The thread that the effect is about.
    var threadID: Assistants.Thread.ID? {
        switch self {
        case .open(let id, _), .loadMessages(let id, _, _), .loadSteps(let id, _),
            .deleteThread(let id), .cancelRun(_, let id), .submit(_, _, let id):
            id
        default: nil
        }
    }
}
