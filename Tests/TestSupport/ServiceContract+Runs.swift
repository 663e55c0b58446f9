#if canImport(AssistantsEngine)
    import Assistants
    import AssistantsEngine
    import Wire

    extension ServiceContract {
        /// Runs tell their story in the orders of `CONTRACT.md` 8.4.
        static let runClauses: [Clause] = [
            Clause("tells a text in the recorded order, and keeps what it told", tellsText),
            Clause("begins a new thread's run with the thread", tellsThread),
            Clause("waits for tool outputs and goes on in a second stream", waitsForOutputs),
            Clause("answers submitted outputs with the queued run", answersSubmit),
            Clause("cancels a run and keeps its text", cancels),
            Clause("ends a run incomplete at the token limit", endsIncomplete),
            Clause("fails a run whose model fails, and the thread is usable", fails),
            Clause("echoes what a run request says", echoesRequest),
        ]

        private static let begins = [
            "thread.run.created", "thread.run.queued", "thread.run.in_progress",
        ]
        private static let stepBegins = ["thread.run.step.created", "thread.run.step.in_progress"]
        private static let writes =
            stepBegins + [
                "thread.message.created", "thread.message.in_progress", "thread.message.delta",
            ]
        private static let completes = [
            "thread.message.completed", "thread.run.step.completed", "thread.run.completed", "done",
        ]
        private static let function = Tool.function(FunctionTool(name: "weather"))

        private static func tellsText(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            contract.model.add(ScriptedModel.text("The sky is blue."))
            let thread = try await contract.thread("Q")
            let events = try await contract.run(contract.assistant(), on: thread).all()
            try contract.expect(
                events.collapsedNames, is: begins + writes + completes, "The order")
            var transcript = Transcript()
            for event in events { transcript.apply(event) }
            let run = try await contract.newestRun(on: thread)
            try contract.expect(transcript.runs, is: [run], "The run")
            try contract.expect(run.status, is: .completed, "Its status")
            try contract.expect(
                run.usage, is: Usage(promptTokens: 10, completionTokens: 4), "Its usage")
            try contract.expect(run.expiresAt, is: nil, "Its deadline")
            let steps = try await service.steps(
                of: run.id, on: thread.id, PageRequest(order: .ascending), for: caller)
            try contract.expect(transcript.steps, is: steps.data, "The steps")
            let step = try await service.step(
                steps.data[0].id, of: run.id, on: thread.id, for: caller)
            try contract.expect(step, is: steps.data[0], "The step by its id")
            try contract.expect(
                await contract.texts(of: thread), is: ["Q", "The sky is blue."], "The thread")
        }

        private static func tellsThread(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            contract.model.add(ScriptedModel.text("Hello."))
            var thread = ThreadRequest()
            thread.messages = [MessageRequest("Hi")]
            let assistant = try await contract.assistant()
            let events = try await service.streamThreadAndRun(
                thread, RunRequest(assistantID: assistant.id), for: caller
            ).all()
            try contract.expect(
                events.collapsedNames, is: ["thread.created"] + begins + writes + completes,
                "The order")
        }

        /// A run that waits for the output of one function.
        private static func waiting(
            _ contract: ServiceContract
        ) async throws -> (Assistants.Thread, Run, [AssistantEvent]) {
            contract.model.add(ScriptedModel.calls(("weather", "{\"city\":\"Ulm\"}")))
            let thread = try await contract.thread("Q")
            let events = try await contract.run(contract.assistant([function]), on: thread).all()
            return (thread, try await contract.newestRun(on: thread), events)
        }

        private static func waitsForOutputs(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            let (thread, run, events) = try await waiting(contract)
            try contract.expect(
                events.collapsedNames,
                is: begins + stepBegins + [
                    "thread.run.step.delta", "thread.run.requires_action", "done",
                ], "The first order")
            try contract.expect(
                run.requiredAction.map(\.kind),
                is: [.function(name: "weather", arguments: "{\"city\":\"Ulm\"}", output: nil)],
                "What the run waits for")
            try contract.expect(run.usage, is: nil, "Its usage")
            contract.model.add(ScriptedModel.text("It rains."))
            let second = try await service.streamToolOutputs(
                [ToolOutput(toolCallID: run.requiredAction[0].id, output: "rain")], to: run.id,
                on: thread.id, for: caller
            ).all()
            try contract.expect(
                second.collapsedNames,
                is: ["thread.run.step.completed", "thread.run.queued", "thread.run.in_progress"]
                    + writes + completes, "The second order")
            try contract.expect(
                contract.model.requests.last?.messages.last,
                is: .tool(callID: run.requiredAction[0].id, output: "rain"),
                "What the model was told")
        }

        private static func answersSubmit(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            let (thread, run, _) = try await waiting(contract)
            contract.model.add([.wait])
            let answer = try await service.submitToolOutputs(
                [ToolOutput(toolCallID: run.requiredAction[0].id, output: "rain")], to: run.id,
                on: thread.id, for: caller)
            try contract.expect(answer.status, is: .queued, "The status")
            try contract.expect(answer.requiredAction, is: [], "What it waits for")
            try contract.expect(answer.expiresAt, is: run.expiresAt, "The deadline")
        }

        private static func cancels(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            contract.model.add([.say(.text("The sky")), .wait])
            let thread = try await contract.thread("Q")
            var iterator = try await contract.run(contract.assistant(), on: thread)
                .makeAsyncIterator()
            var events: [AssistantEvent] = []
            while let event = try await iterator.next() {
                events.append(event)
                if case .messageDelta = event { break }
            }
            let run = try await contract.newestRun(on: thread)
            let answer = try await service.cancelRun(run.id, on: thread.id, for: caller)
            try contract.expect(answer.status, is: .cancelling, "The answer's status")
            while let event = try await iterator.next() { events.append(event) }
            try contract.expect(
                events.collapsedNames,
                is: begins + writes + [
                    "thread.run.cancelling", "thread.message.incomplete",
                    "thread.run.step.cancelled", "thread.run.cancelled", "done",
                ], "The order")
            try contract.expect(
                await contract.texts(of: thread), is: ["Q", "The sky"], "The thread")
            try contract.expect(
                await contract.newestRun(on: thread).status, is: .cancelled, "The run's status")
        }

        private static func endsIncomplete(_ contract: ServiceContract) async throws {
            contract.model.add(ScriptedModel.text("The sky", .length))
            let thread = try await contract.thread("Q")
            let events = try await contract.run(contract.assistant(), on: thread).all()
            try contract.expect(
                events.collapsedNames,
                is: begins + writes + [
                    "thread.message.incomplete", "thread.run.step.completed",
                    "thread.run.incomplete", "done",
                ], "The order")
            let run = try await contract.newestRun(on: thread)
            try contract.expect(run.incompleteReason, is: .maxCompletionTokens, "The reason")
        }

        private static func fails(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            contract.model.add([
                .say(.text("The sky")), .fail(ModelError(.rateLimited, "Too many requests.")),
            ])
            let thread = try await contract.thread("Q")
            let events = try await contract.run(contract.assistant(), on: thread).all()
            try contract.expect(
                events.collapsedNames,
                is: begins + writes + [
                    "thread.message.incomplete", "thread.run.step.failed", "thread.run.failed",
                    "done",
                ], "The order")
            let run = try await contract.newestRun(on: thread)
            try contract.expect(
                run.lastError,
                is: RunError(code: .rateLimitExceeded, message: "Too many requests."), "The error")
            _ = try await service.createMessage(MessageRequest("Again"), in: thread.id, for: caller)
        }

        private static func echoesRequest(_ contract: ServiceContract) async throws {
            let thread = try await contract.thread("Q")
            let assistant = try await contract.assistant(instructions: "Old.")
            _ = try await contract.run(assistant, on: thread) { request in
                request.model = "other"
                request.instructions = "New."
                request.additionalInstructions = "More."
                request.additionalMessages = [MessageRequest("And?")]
                request.temperature = 0.5
                request.topP = 0.5
                request.maxCompletionTokens = 99
                request.maxPromptTokens = 9999
                request.truncation = .lastMessages(5)
                request.toolChoice = .none
                request.allowsParallelToolCalls = false
                request.responseFormat = ["type": "text"]
                request.metadata = ["k": "v"]
            }.all()
            let run = try await contract.newestRun(on: thread)
            try contract.expect(run.model, is: "other", "The model")
            try contract.expect(run.instructions, is: "New.\n\nMore.", "The instructions")
            try contract.expect(run.temperature, is: 0.5, "The temperature")
            try contract.expect(run.maxCompletionTokens, is: 99, "max_completion_tokens")
            try contract.expect(run.truncation, is: .lastMessages(5), "The truncation")
            try contract.expect(run.toolChoice, is: .none, "The tool choice")
            try contract.expect(run.allowsParallelToolCalls, is: false, "parallel_tool_calls")
            try contract.expect(run.metadata, is: ["k": "v"], "The metadata")
            try contract.expect(
                await contract.texts(of: thread).prefix(2), is: ["Q", "And?"], "The thread")
            try contract.expect(
                contract.model.requests.last?.instructions, is: "New.\n\nMore.",
                "What the model was told")
        }
    }
#endif
