package import Assistants

// What is asked of the engine, passed on to wherever it is: assistants, threads and messages.
extension SharedEngine: ThreadListing {
    package func createAssistant(
        _ request: AssistantRequest, for caller: Caller
    ) async throws(APIError) -> Assistant {
        try await write { (service) throws(APIError) in
            try await service.createAssistant(request, for: caller)
        }
    }

    package func assistant(
        _ id: Assistant.ID, for caller: Caller
    ) async throws(APIError) -> Assistant {
        try await read { (service) throws(APIError) in
            try await service.assistant(id, for: caller)
        }
    }

    package func assistants(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Assistant> {
        try await read { (service) throws(APIError) in
            try await service.assistants(page, for: caller)
        }
    }

    package func modifyAssistant(
        _ id: Assistant.ID, _ changes: AssistantChanges, for caller: Caller
    ) async throws(APIError) -> Assistant {
        try await write { (service) throws(APIError) in
            try await service.modifyAssistant(id, changes, for: caller)
        }
    }

    package func deleteAssistant(_ id: Assistant.ID, for caller: Caller) async throws(APIError) {
        try await write { (service) throws(APIError) in
            try await service.deleteAssistant(id, for: caller)
        }
    }

    package func threads(
        _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<ThreadSummary> {
        try await read { (service) throws(APIError) in
            try await service.threads(page, for: caller)
        }
    }

    package func createThread(
        _ request: ThreadRequest, for caller: Caller
    ) async throws(APIError) -> Thread {
        try await write { (service) throws(APIError) in
            try await service.createThread(request, for: caller)
        }
    }

    package func thread(_ id: Thread.ID, for caller: Caller) async throws(APIError) -> Thread {
        try await read { (service) throws(APIError) in
            try await service.thread(id, for: caller)
        }
    }

    package func modifyThread(
        _ id: Thread.ID, _ changes: ThreadChanges, for caller: Caller
    ) async throws(APIError) -> Thread {
        try await write { (service) throws(APIError) in
            try await service.modifyThread(id, changes, for: caller)
        }
    }

    package func deleteThread(_ id: Thread.ID, for caller: Caller) async throws(APIError) {
        try await write { (service) throws(APIError) in
            try await service.deleteThread(id, for: caller)
        }
    }

    package func createMessage(
        _ request: MessageRequest, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Message {
        try await write { (service) throws(APIError) in
            try await service.createMessage(request, in: thread, for: caller)
        }
    }

    package func message(
        _ id: Message.ID, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Message {
        try await read { (service) throws(APIError) in
            try await service.message(id, in: thread, for: caller)
        }
    }

    package func messages(
        in thread: Thread.ID, run: Run.ID?, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Message> {
        try await read { (service) throws(APIError) in
            try await service.messages(in: thread, run: run, page, for: caller)
        }
    }

    package func modifyMessage(
        _ id: Message.ID, in thread: Thread.ID, metadata: [String: String], for caller: Caller
    ) async throws(APIError) -> Message {
        try await write { (service) throws(APIError) in
            try await service.modifyMessage(id, in: thread, metadata: metadata, for: caller)
        }
    }

    package func deleteMessage(
        _ id: Message.ID, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) {
        try await write { (service) throws(APIError) in
            try await service.deleteMessage(id, in: thread, for: caller)
        }
    }
}

extension SharedEngine: MessageWindows {
    package func messageCount(
        in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Int {
        try await read { (service) throws(APIError) in
            try await service.messageCount(in: thread, for: caller)
        }
    }

    package func messages(
        in thread: Thread.ID, at range: Range<Int>, for caller: Caller
    ) async throws(APIError) -> [Message] {
        try await read { (service) throws(APIError) in
            try await service.messages(in: thread, at: range, for: caller)
        }
    }
}

extension SharedEngine: ModelListing {
    package func models(for caller: Caller) async throws(APIError) -> [ModelInfo] {
        try await read { (service) throws(APIError) in
            try await service.models(for: caller)
        }
    }

    package func model(
        answering assistant: Assistant, for caller: Caller
    ) async throws(APIError) -> ModelInfo {
        try await read { (service) throws(APIError) in
            try await service.model(answering: assistant, for: caller)
        }
    }
}
