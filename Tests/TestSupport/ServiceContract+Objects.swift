#if canImport(AssistantsEngine)
    import Assistants
    import Wire

    extension ServiceContract {
        /// What is made is there, as it was made, until it is deleted.
        static let objectClauses: [Clause] = [
            Clause("keeps an assistant as it was made and changed", keepsAssistants),
            Clause("keeps a thread, and replaces its metadata as a whole", keepsThreads),
            Clause("keeps messages with all their parts", keepsMessages),
            Clause("deletes what it is told to, and nothing else", deletes),
        ]

        /// Lists are walked page by page.
        static let listClauses: [Clause] = [
            Clause("walks a list both ways without gaps or repeats", walksLists),
            Clause("lists the messages of one run alone", listsMessagesOfRun),
            Clause("refuses a cursor or a limit that cannot be", refusesBadPages),
        ]

        private static func keepsAssistants(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            var request = AssistantRequest(
                model: "scripted", name: "Ä", instructions: "Be brief.\n\"Quoted\"")
            request.description = "🎈"
            request.tools = [
                .function(FunctionTool(name: "f", description: "d", parameters: ["type": "object"]))
            ]
            request.metadata = ["key": "value"]
            request.temperature = 0.5
            let made = try await service.createAssistant(request, for: caller)
            try contract.expect(made.name, is: "Ä", "The name")
            try contract.expect(made.instructions, is: request.instructions, "The instructions")
            try contract.expect(made.tools, is: request.tools, "The tools")
            try contract.expect(made.topP, is: 1, "top_p")
            let read = try await service.assistant(made.id, for: caller)
            try contract.expect(read, is: made, "The assistant")
            var changes = AssistantChanges()
            changes.name = .set(nil)
            changes.metadata = .set([:])
            let changed = try await service.modifyAssistant(made.id, changes, for: caller)
            try contract.expect(changed.name, is: nil, "The changed name")
            try contract.expect(changed.metadata, is: [:], "The changed metadata")
            try contract.expect(changed.instructions, is: request.instructions, "What was kept")
            let after = try await service.assistant(made.id, for: caller)
            try contract.expect(after, is: changed, "The changed assistant")
        }

        private static func keepsThreads(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            let made = try await service.createThread(
                ThreadRequest(metadata: ["a": "1", "b": "2"]), for: caller)
            let read = try await service.thread(made.id, for: caller)
            try contract.expect(read.metadata, is: ["a": "1", "b": "2"], "The metadata")
            var changes = ThreadChanges()
            changes.metadata = .set(["c": "3"])
            let changed = try await service.modifyThread(made.id, changes, for: caller)
            try contract.expect(changed.metadata, is: ["c": "3"], "The changed metadata")
            let after = try await service.thread(made.id, for: caller)
            try contract.expect(after.metadata, is: ["c": "3"], "The kept metadata")
        }

        private static func keepsMessages(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            let thread = try await contract.thread("one", "two")
            var request = MessageRequest(content: [
                .text(MessageText("three")),
                .imageURL(url: "https://example.org/a.png", detail: "low"),
            ])
            request.metadata = ["k": "v"]
            let made = try await service.createMessage(request, in: thread.id, for: caller)
            try contract.expect(made.content, is: request.content, "The content")
            try contract.expect(made.role, is: .user, "The role")
            let read = try await service.message(made.id, in: thread.id, for: caller)
            try contract.expect(read, is: made, "The message")
            try contract.expect(
                await contract.texts(of: thread), is: ["one", "two", "three"], "The thread")
            let changed = try await service.modifyMessage(
                made.id, in: thread.id, metadata: ["x": "y"], for: caller)
            try contract.expect(changed.metadata, is: ["x": "y"], "The changed metadata")
            try contract.expect(changed.content, is: made.content, "What was kept")
        }

        private static func deletes(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            let assistant = try await contract.assistant()
            let thread = try await contract.thread("one", "two")
            let first = try await service.messages(
                in: thread.id, run: nil, PageRequest(limit: 1, order: .ascending), for: caller
            ).data[0]
            try await service.deleteMessage(first.id, in: thread.id, for: caller)
            try contract.expect(await contract.texts(of: thread), is: ["two"], "The thread")
            try await service.deleteAssistant(assistant.id, for: caller)
            try await contract.expectRefusal(
                404, "No assistant found with id '\(assistant.id)'."
            ) { _ = try await service.assistant(assistant.id, for: caller) }
            try await service.deleteThread(thread.id, for: caller)
            try await contract.expectRefusal(404, "No thread found with id '\(thread.id)'.") {
                _ = try await service.thread(thread.id, for: caller)
            }
        }

        private static func walksLists(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            let thread = try await service.createThread(ThreadRequest(), for: caller)
            for number in 0..<7 {
                _ = try await service.createMessage(
                    MessageRequest("\(number)"), in: thread.id, for: caller)
            }
            let ascending = (0..<7).map { "\($0)" }
            for order in [PageRequest.Order.ascending, .descending] {
                var walked: [String] = []
                var request = PageRequest(limit: 3, order: order)
                while true {
                    let page = try await service.messages(
                        in: thread.id, run: nil, request, for: caller)
                    walked += page.data.map(\.text)
                    request.after = page.data.last?.id
                    if !page.hasMore { break }
                }
                try contract.expect(
                    walked, is: order == .ascending ? ascending : ascending.reversed(), "The walk")
            }
            let all = try await service.messages(
                in: thread.id, run: nil, PageRequest(order: .ascending), for: caller)
            let before = try await service.messages(
                in: thread.id, run: nil,
                PageRequest(limit: 2, order: .ascending, before: all.data[5].id), for: caller)
            try contract.expect(
                before.data.map(\.text), is: ["3", "4"], "The page before the sixth")
            try contract.expect(before.hasMore, is: true, "Whether more is before it")
        }

        private static func listsMessagesOfRun(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            contract.model.add(ScriptedModel.text("The answer."))
            let thread = try await contract.thread("Q")
            _ = try await contract.run(contract.assistant(), on: thread).all()
            let run = try await contract.newestRun(on: thread)
            let page = try await service.messages(
                in: thread.id, run: run.id, PageRequest(), for: caller)
            try contract.expect(page.data.map(\.text), is: ["The answer."], "What the run wrote")
            try contract.expect(page.data.first?.runID, is: run.id, "Its run")
        }

        private static func refusesBadPages(_ contract: ServiceContract) async throws {
            let (service, caller) = (contract.service, contract.caller)
            let thread = try await contract.thread("Q")
            let bad: [(PageRequest, String, String)] = [
                (PageRequest(after: "msg_none"), "after", "invalid_value"),
                (PageRequest(before: "msg_none"), "before", "invalid_value"),
                (PageRequest(limit: 0), "limit", "integer_below_min_value"),
                (PageRequest(limit: 101), "limit", "integer_above_max_value"),
            ]
            for (request, param, code) in bad {
                try await contract.expectRefusal(400, param: param, code: code) {
                    _ = try await service.messages(
                        in: thread.id, run: nil, request, for: caller)
                }
            }
        }
    }
#endif
