#if canImport(AssistantsEngine)
    package import Assistants
    import Wire

    /// What every `AssistantsService` must do, whatever is behind it: the engine in this process,
    /// or a client and a server on top of it.
    ///
    /// Each clause is a test; a suite runs all of them over its own service.
    package struct ServiceContract: Sendable {
        package let service: any AssistantsService
        package let caller: Caller
        /// The model that answers behind the service.
        package let model: ScriptedModel

        /// A contract over a service that is fresh: nothing was created in it.
        package init(
            _ service: any AssistantsService, for caller: Caller = .trusted, model: ScriptedModel
        ) {
            self.service = service
            self.caller = caller
            self.model = model
        }

        /// One thing that must hold.
        package struct Clause: Sendable, CustomStringConvertible {
            /// What the service does, as the end of a sentence: "A service …".
            package let description: String
            /// Throws `Breach` when it does not.
            package let check: @Sendable (ServiceContract) async throws -> Void

            init(
                _ description: String,
                _ check: @escaping @Sendable (ServiceContract) async throws -> Void
            ) {
                self.description = description
                self.check = check
            }
        }

        /// Says what a service did instead.
        package struct Breach: Error, CustomStringConvertible {
            package let description: String
        }

        /// Every clause.
        package static let clauses = objectClauses + listClauses + runClauses + refusalClauses

        // MARK: - Words of the clauses

        func expect<Value: Equatable>(_ value: Value, is wanted: Value, _ what: String) throws {
            if value == wanted { return }
            throw Breach(description: "\(what) is \(value), not \(wanted)")
        }

        func expectRefusal(
            _ status: Int, _ message: String? = nil, param: String? = nil, code: String? = nil,
            _ body: () async throws -> Void
        ) async throws {
            do {
                try await body()
            } catch let error as APIError {
                try expect(error.status, is: status, "The status of \"\(error.message)\"")
                if let message { try expect(error.message, is: message, "The message") }
                if let param { try expect(error.param, is: param, "The parameter") }
                if let code { try expect(error.code, is: code, "The code") }
                return
            }
            throw Breach(description: "Nothing was refused with \(status) \(message ?? "")")
        }

        func assistant(_ tools: [Tool] = [], instructions: String? = nil) async throws -> Assistant
        {
            try await service.createAssistant(
                AssistantRequest(
                    model: "scripted", name: "Tester", instructions: instructions, tools: tools),
                for: caller)
        }

        func thread(_ texts: String...) async throws -> Assistants.Thread {
            var request = ThreadRequest()
            request.messages = texts.map { MessageRequest($0) }
            return try await service.createThread(request, for: caller)
        }

        /// The events of a new run on a thread.
        func run(
            _ assistant: Assistant, on thread: Assistants.Thread,
            _ change: (inout RunRequest) -> Void = { _ in }
        ) async throws -> AssistantEventStream {
            var request = RunRequest(assistantID: assistant.id)
            change(&request)
            return try await service.streamRun(request, on: thread.id, for: caller)
        }

        func newestRun(on thread: Assistants.Thread) async throws -> Run {
            let page = try await service.runs(on: thread.id, PageRequest(limit: 1), for: caller)
            guard let run = page.data.first else { throw Breach(description: "There is no run") }
            return run
        }

        func texts(of thread: Assistants.Thread) async throws -> [String] {
            try await service.messages(
                in: thread.id, run: nil, PageRequest(limit: 100, order: .ascending), for: caller
            ).data.map(\.text)
        }
    }

    extension AssistantEventStream {
        /// Every event up to the end.
        package func all() async throws -> [AssistantEvent] {
            var events: [AssistantEvent] = []
            for try await event in self { events.append(event) }
            return events
        }
    }

    extension [AssistantEvent] {
        /// The names, repeats after each other told once.
        package var collapsedNames: [String] {
            reduce(into: []) { names, event in
                if names.last != event.name { names.append(event.name) }
            }
        }
    }
#endif
