public import Assistants

extension AssistantsClient {
    /// Threads: conversations.
    public struct Threads: Sendable {
        let api: ForeignService

        /// The messages of threads.
        public var messages: Messages { Messages(api: api) }
        /// The runs on threads.
        public var runs: Runs { Runs(api: api) }

        /// Creates a thread, with its first messages where some are given.
        public func create(
            messages: [MessageRequest] = [], metadata: [String: String] = [:],
            toolResources: ToolResources? = nil
        ) async throws(APIError) -> Thread {
            try await create(
                ThreadRequest(messages: messages, metadata: metadata, toolResources: toolResources))
        }

        /// Creates a thread.
        public func create(_ request: ThreadRequest) async throws(APIError) -> Thread {
            try await api.createThread(request, for: .trusted)
        }

        /// The thread with an id. No server lists threads but ours.
        public func retrieve(_ id: Thread.ID) async throws(APIError) -> Thread {
            try await api.thread(id, for: .trusted)
        }

        /// Changes what is set in `changes`.
        public func update(
            _ id: Thread.ID, _ changes: ThreadChanges
        ) async throws(APIError) -> Thread {
            try await api.modifyThread(id, changes, for: .trusted)
        }

        /// Deletes a thread with its messages.
        public func delete(_ id: Thread.ID) async throws(APIError) {
            try await api.deleteThread(id, for: .trusted)
        }

        /// Creates a thread and a run on it.
        public func createAndRun(
            _ thread: ThreadRequest, _ request: RunRequest
        ) async throws(APIError) -> Run {
            try await api.createThreadAndRun(thread, request, for: .trusted)
        }

        /// Creates a thread and a run on it, and gives the run's stream. The connection is closed
        /// when the stream is let go; `withThreadAndRunStream` closes it at the end of a scope.
        public func createAndStream(
            _ thread: ThreadRequest, _ request: RunRequest,
            handler: (any AssistantEventHandler)? = nil
        ) async throws(APIError) -> RunStream {
            RunStream(try await api.runSource(thread, request), handler: handler)
        }

        /// Creates a thread and a run on it, and waits until the run has ended or needs outputs.
        public func createAndRunPoll(
            _ thread: ThreadRequest, _ request: RunRequest, polling: Polling = Polling()
        ) async throws(APIError) -> Run {
            try await polling.run(createAndRun(thread, request), api)
        }
    }

    /// The messages of threads.
    public struct Messages: Sendable {
        let api: ForeignService

        /// Adds a message of one text.
        public func create(
            in thread: Thread.ID, _ text: String, role: Role = .user,
            attachments: [Attachment] = [], metadata: [String: String] = [:]
        ) async throws(APIError) -> Message {
            try await create(
                in: thread,
                MessageRequest(text, role: role, attachments: attachments, metadata: metadata))
        }

        /// Adds a message.
        public func create(
            in thread: Thread.ID, _ request: MessageRequest
        ) async throws(APIError) -> Message {
            try await api.createMessage(request, in: thread, for: .trusted)
        }

        /// The message with an id.
        public func retrieve(
            _ id: Message.ID, in thread: Thread.ID
        ) async throws(APIError) -> Message {
            try await api.message(id, in: thread, for: .trusted)
        }

        /// All messages, of one run where one is named, from the page on that is asked for.
        public func list(
            in thread: Thread.ID, run: Run.ID? = nil, _ page: PageRequest = PageRequest()
        ) -> PageSequence<Message> {
            PageSequence(page) { (page) throws(APIError) in
                try await api.messages(in: thread, run: run, page, for: .trusted)
            }
        }

        /// Replaces a message's metadata.
        public func update(
            _ id: Message.ID, in thread: Thread.ID, metadata: [String: String]
        ) async throws(APIError) -> Message {
            try await api.modifyMessage(id, in: thread, metadata: metadata, for: .trusted)
        }

        /// Deletes a message.
        public func delete(_ id: Message.ID, in thread: Thread.ID) async throws(APIError) {
            try await api.deleteMessage(id, in: thread, for: .trusted)
        }
    }
}
