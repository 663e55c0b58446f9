#if canImport(AssistantsEngine)
    import Assistants
    import Wire

    extension ServiceContract {
        /// What cannot be done is refused in the recorded words (`CONTRACT.md` 5).
        static let refusalClauses: [Clause] = [
            Clause("says which object is not there", missesObjects),
            Clause("locks a thread while a run is active", locksThreads),
            Clause("refuses outputs and cancelling in the wrong state", refusesWrongState),
            Clause("refuses a run with nothing to answer", refusesEmptyRun),
            Clause("refuses values beyond the limits", refusesBadValues),
        ]

        private static func missesObjects(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            let thread = try await contract.thread("Q").id
            let other = try await contract.thread("R").id
            let message = try await service.messages(
                in: other, run: nil, PageRequest(), for: caller
            ).data[0].id
            let assistant = try await contract.assistant().id
            try await contract.expectRefusal(404, "No assistant found with id 'asst_x'.") {
                _ = try await service.assistant("asst_x", for: caller)
            }
            try await contract.expectRefusal(404, "No thread found with id 'thread_x'.") {
                _ = try await service.createMessage(
                    MessageRequest("x"), in: "thread_x", for: caller)
            }
            try await contract.expectRefusal(404, "No message found with id '\(message)'.") {
                _ = try await service.message(message, in: thread, for: caller)
            }
            try await contract.expectRefusal(404, "No run found with id 'run_x'.") {
                _ = try await service.run("run_x", on: thread, for: caller)
            }
            try await contract.expectRefusal(404, "No run found with id 'run_x'.") {
                _ = try await service.cancelRun("run_x", on: thread, for: caller)
            }
            try await contract.expectRefusal(404, "No assistant found with id 'asst_x'.") {
                _ = try await service.createRun(
                    RunRequest(assistantID: "asst_x"), on: thread, for: caller)
            }
            try await contract.expectRefusal(404, "No thread found with id 'thread_x'.") {
                _ = try await service.streamRun(
                    RunRequest(assistantID: assistant), on: "thread_x", for: caller)
            }
        }

        private static func locksThreads(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            contract.model.add([.wait])
            let assistant = try await contract.assistant()
            let thread = try await contract.thread("Q")
            let run = try await service.createRun(
                RunRequest(assistantID: assistant.id), on: thread.id, for: caller)
            try contract.expect(run.status, is: .queued, "The status of a new run")
            try contract.expect(run.expiresAt, is: run.createdAt + 600, "Its deadline")
            try await contract.expectRefusal(
                400, "Can't add messages to \(thread.id) while a run \(run.id) is active."
            ) {
                _ = try await service.createMessage(
                    MessageRequest("x"), in: thread.id, for: caller)
            }
            try await contract.expectRefusal(
                400, "Thread \(thread.id) already has an active run \(run.id)."
            ) {
                _ = try await service.createRun(
                    RunRequest(assistantID: assistant.id), on: thread.id, for: caller)
            }
            var changes = ThreadChanges()
            changes.metadata = .set(["title": "T"])
            _ = try await service.modifyThread(thread.id, changes, for: caller)
            _ = try await service.cancelRun(run.id, on: thread.id, for: caller)
        }

        private static func refusesWrongState(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            contract.model.add(ScriptedModel.text("Done."))
            let thread = try await contract.thread("Q")
            _ = try await contract.run(contract.assistant(), on: thread).all()
            let run = try await contract.newestRun(on: thread)
            try await contract.expectRefusal(400, "Cannot cancel run with status 'completed'.") {
                _ = try await service.cancelRun(run.id, on: thread.id, for: caller)
            }
            try await contract.expectRefusal(
                400, "Runs in status \"completed\" do not accept tool outputs."
            ) {
                _ = try await service.submitToolOutputs(
                    [ToolOutput(toolCallID: "call_x", output: "")], to: run.id, on: thread.id,
                    for: caller)
            }
            let changed = try await service.modifyRun(
                run.id, on: thread.id, metadata: ["k": "v"], for: caller)
            try contract.expect(changed.metadata, is: ["k": "v"], "The metadata of an ended run")
        }

        private static func refusesEmptyRun(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            let assistant = try await contract.assistant()
            let thread = try await contract.thread()
            try await contract.expectRefusal(
                400,
                "Run creation requires a Thread with a user message or an assistant with "
                    + "instructions.", code: "invalid_thread"
            ) {
                _ = try await service.createRun(
                    RunRequest(assistantID: assistant.id), on: thread.id, for: caller)
            }
        }

        private static func refusesBadValues(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            var request = AssistantRequest(model: "scripted")
            request.temperature = 3
            try await contract.expectRefusal(400, param: "temperature") {
                [request] in _ = try await service.createAssistant(request, for: caller)
            }
            var metadata: [String: String] = [:]
            for number in 0..<17 { metadata["\(number)"] = "" }
            try await contract.expectRefusal(
                400, param: "metadata", code: "object_above_max_properties"
            ) {
                [metadata] in
                _ = try await service.createThread(ThreadRequest(metadata: metadata), for: caller)
            }
            let thread = try await contract.thread("Q")
            try await contract.expectRefusal(400, param: "content") {
                _ = try await service.createMessage(MessageRequest(""), in: thread.id, for: caller)
            }
        }
    }
#endif
