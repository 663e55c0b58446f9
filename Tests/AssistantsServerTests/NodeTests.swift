import Assistants
import AssistantsEngine
import Foundation
import TestSupport
import Testing
import Wire

@Suite("For openai-node, by CONTRACT.md 8.5,", .timeLimit(.minutes(5)))
struct NodeTests {
    /// The streams, made once.
    private static let made = Task { try await NodeStreams.all() }

    private func streams(keep rule: NodeRule.Rule) async throws {
        for (name, events) in try await Self.made.value.streams {
            #expect(rule(events) == [], "a run that \(name)")
        }
    }

    @Test("step.created comes before any delta of that step")
    func steps() async throws { try await streams(keep: NodeRule.stepsBeforeDeltas) }

    @Test(
        """
        message.created comes before deltas; one message is open at a time; every message is \
        closed by completed or incomplete before the next is created; ids match
        """)
    func messages() async throws { try await streams(keep: NodeRule.oneMessageAtATime) }

    @Test("message.created carries content: []; the parts arrive only through deltas")
    func beginnings() async throws { try await streams(keep: NodeRule.emptyAtFirst) }

    @Test(
        """
        message.completed carries the full final content, including the part with the highest \
        index streamed
        """)
    func ends() async throws { try await streams(keep: NodeRule.wholeAtLast) }

    @Test("the last stream event about the run is terminal or requires_action")
    func runs() async throws { try await streams(keep: NodeRule.endOfTheRun) }

    @Test("part indexes start at 0 and grow without gaps")
    func parts() async throws { try await streams(keep: NodeRule.partsInOrder) }

    @Test(
        """
        the first delta of a tool call carries id and type; every delta carries index and type
        """)
    func calls() async throws { try await streams(keep: NodeRule.callsAreNamed) }

    @Test("no status is outside the enum in polled objects")
    func statuses() async throws {
        let known: [String: Set<String>] = [
            "thread.run": [
                "queued", "in_progress", "requires_action", "cancelling", "cancelled", "failed",
                "completed", "incomplete", "expired",
            ],
            "thread.run.step": ["in_progress", "cancelled", "failed", "completed", "expired"],
            "thread.message": ["in_progress", "incomplete", "completed"],
        ]
        let made = try await Self.made.value
        let told = made.streams.flatMap(\.events).map(\.data).filter { $0["status"] != nil }
        for object in made.polled + told {
            let (kind, status) = (object["object"]?.stringValue, object["status"]?.stringValue)
            #expect(known[kind ?? ""]?.contains(status ?? "") == true, "\(object)")
        }
        #expect(made.polled.count > 30 && told.count > 100)
    }

    @Test("a vector store file does not end cancelled under a Node poll")
    func storeFiles() async throws {
        let served = try await ServedEngine()
        let (stores, port) = (served.engine, served.server.port)
        let store = try await stores.createVectorStore(VectorStoreRequest(), for: .trusted).id
        let text = String(repeating: "zebras graze here. ", count: 20_000)
        var files: [VectorStoreFileRequest] = []
        for _ in 0..<10 {
            let form =
                "--X\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n"
                + "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n"
                + text + "\r\n--X--\r\n"
            let made = try await onThread {
                try RawClient.ask(
                    port: port, "POST /v1/files",
                    headers: ["Content-Type: multipart/form-data; boundary=X"], body: form)
            }
            files.append(.init(fileID: try #require(made.json?["id"]?.stringValue)))
        }
        let batch = try await stores.createFileBatch(files, in: store, for: .trusted)
        _ = try await stores.cancelFileBatch(batch.id, in: store, for: .trusted)
        let cancelled = try #require(
            try await stores.vectorStoreFiles(
                in: store, status: .cancelled, PageRequest(), for: .trusted
            ).data.first)
        let path = "GET /v1/vector_stores/\(store)/files/\(cancelled.id)"
        let poll = ["X-Stainless-Poll-Helper: true", "X-Stainless-Lang: "]
        let answers = try await onThread {
            try ["js", "python"].map {
                try RawClient.ask(port: port, path, headers: [poll[0], poll[1] + $0]).json
            }
        }
        #expect(answers[0]?["status"] == "failed")
        #expect(answers[0]?["last_error"]?["code"] == "server_error")
        #expect(answers[1]?["status"] == "cancelled")
        await served.close()
    }

    @Test("every kind of run is among the streams, and none makes the SDK reject")
    func listeners() async throws {
        let streams = try await Self.made.value.streams
        var ends: Set<String> = []
        var names: Set<String> = []
        for (name, events) in streams {
            let heard = NodeListeners(events)
            #expect(heard.rejection == nil, "a run that \(name)")
            ends.formUnion(
                heard.callbacks.filter { $0[0] == "run" }.compactMap { $0[1]?.stringValue })
            names.formUnion(heard.callbacks.compactMap { $0[0]?.stringValue })
        }
        #expect(ends == ["completed", "incomplete", "failed", "cancelled", "requires_action"])
        #expect(
            names.isSuperset(of: [
                "textCreated", "textDelta", "textDone", "toolCallCreated", "toolCallDelta",
                "toolCallDone", "messageDone", "runStepDone",
            ]))
    }

    @Test(
        "each rule is seen to be broken where a recording breaks it",
        .enabled(if: Fixture.isPresent))
    func brokenRules() async throws {
        for (name, rule) in [
            ("delta_nocreated", NodeRule.stepsBeforeDeltas),
            ("overlap", NodeRule.oneMessageAtATime),
            ("created_with_content", NodeRule.emptyAtFirst),
            ("empty_final", NodeRule.wholeAtLast),
            ("noterminal", NodeRule.endOfTheRun),
        ] {
            let scenarios = try GoldenScenarios()
            let events = try scenarios.events(of: name).map {
                NodeEvents.Event(name: $0.name, data: try JSONValue(parsing: $0.data))
            }
            #expect(!rule(events).isEmpty, "\(name)")
        }
    }

    @Test(
        "the golden orders are heard, from streams of our server", .enabled(if: Fixture.isPresent))
    func golden() async throws {
        let scenarios = try GoldenScenarios()
        #expect(scenarios.names.count == 22)
        let server = try await TestServer(scenarios.service)
        let port = server.port
        for name in scenarios.names {
            let events = try await onThread {
                try NodeEvents.all(
                    port: port, "POST /v1/threads/\(name)/runs",
                    body: #"{"assistant_id":"asst_1","stream":true}"#)
            }
            let heard = NodeListeners(events)
            let golden = try scenarios.golden(name, "node_main_7b7d6ca")
            #expect(heard.rejection == golden["rejected"]?.stringValue, "\(name)")
            let expected = golden["callbacks"]?.arrayValue ?? []
            for (place, callback) in heard.callbacks.enumerated() where place < expected.count {
                #expect(
                    callback.asOnOurWire == expected[place].text, "\(name), callback \(place)")
            }
            #expect(heard.callbacks.count == expected.count, "\(name)")
        }
        await server.stop()
    }
}
