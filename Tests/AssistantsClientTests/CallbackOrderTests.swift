import Assistants
import AssistantsClient
import TestSupport
import Testing
import Wire

/// `docs/decisions/0010-callback-order.md`: the order of openai-python, without its known defects.
@Suite("The callbacks of a stream", .enabled(if: Fixture.isPresent))
struct CallbackOrderTests {
    typealias Callback = CallbackRecorder.Callback

    /// What the two SDKs agree on but for the place of `messageDelta`, and where neither is wrong.
    static let agreed = [
        "plain", "image_then_text", "image_only", "two_messages", "function", "submit", "failed",
        "unknown", "incomplete", "created_with_content", "emptydelta", "ping", "err_wrapped",
    ]
    /// Where openai-python tells of a tool call or a text too often, or too rarely: there Node's.
    static let asNode = [
        "code", "two_tool_steps", "filesearch", "twoparts_then_msg", "empty_final",
    ]
    /// What is ours alone, tested below.
    static let own = ["noterminal", "err_flat", "overlap", "delta_nocreated"]

    private static let scenarios = Result {
        try JSONValue(parsing: Fixture.shared("contract/golden-callbacks.json"))
    }

    /// What is heard of a scenario, and how it ends.
    private static func hear(
        _ name: String
    ) async throws -> (heard: CallbackRecorder, error: (any Error)?) {
        let recorder = CallbackRecorder()
        let stream = try await Scripted.stream(bytes(name), size: 61, handler: recorder)
        do {
            try await stream.untilDone()
            return (recorder, nil)
        } catch {
            return (recorder, error)
        }
    }

    private static func bytes(_ name: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for pair in try scenarios.get()[name]?["sse"]?.arrayValue ?? [] {
            let name = try #require(pair[0]?.stringValue)
            ServerSentEvent(name: name, data: try #require(pair[1]).bytes).write(to: &bytes)
        }
        ServerSentEvent(name: "done", text: "[DONE]").write(to: &bytes)
        return bytes
    }

    private static func golden(_ name: String, _ sdk: String) throws -> [Callback] {
        let list = try scenarios.get()[name]?[sdk]?["callbacks"]?.arrayValue ?? []
        #expect(list.count > 3)
        return list.filter { !["connect", "run"].contains($0[0]?.stringValue) }
            .map(Callback.init(golden:))
    }

    /// The order of openai-node with `messageDelta` where openai-python has it: at the end of its
    /// event.
    private static func reordered(_ callbacks: [Callback]) -> [Callback] {
        var result: [Callback] = []
        var held: Callback?
        for callback in callbacks {
            if callback.name == "on_event", let last = held {
                result.append(last)
                held = nil
            }
            if callback.name == "on_message_delta" {
                held = callback
            } else {
                result.append(callback)
            }
        }
        return result + (held.map { [$0] } ?? [])
    }

    @Test("cover every scenario that was recorded") func scenarios() throws {
        let names = try Self.scenarios.get().objectValue?.map(\.key) ?? []
        #expect(Set(names) == Set(Self.agreed + Self.asNode + Self.own))
        #expect(names.count == 22)
    }

    @Test("come in the order of openai-python", arguments: agreed)
    func python(name: String) async throws {
        let heard = try await Self.hear(name)
        #expect(heard.heard.callbacks == (try Self.golden(name, "python_3_52_0")))
        let raises = try Self.scenarios.get()[name]?["python_3_52_0"]?["raised"]?.isNull == false
        #expect((heard.error != nil) == raises)
        // And in that of openai-node, where that is the same but for one place.
        if name != "err_wrapped" {
            #expect(
                heard.heard.callbacks == Self.reordered(try Self.golden(name, "node_main_7b7d6ca")))
        }
    }

    @Test("come without the defects of openai-python", arguments: asNode)
    func node(name: String) async throws {
        let heard = try await Self.hear(name)
        #expect(
            heard.heard.callbacks == Self.reordered(try Self.golden(name, "node_main_7b7d6ca")))
        #expect(heard.error == nil)
    }

    @Test("tell of an error for a flat error event too") func flatError() async throws {
        let heard = try await Self.hear("err_flat")
        #expect(heard.heard.callbacks.suffix(2) == [Callback("on_exception"), Callback("on_end")])
        #expect((heard.error as? APIError)?.message == "boom")
    }

    @Test("tell of an error where the run never came to its end") func noEnd() async throws {
        let heard = try await Self.hear("noterminal")
        var expected = try Self.golden("noterminal", "python_3_52_0")
        expected.insert(Callback("on_exception"), at: expected.count - 1)
        #expect(heard.heard.callbacks == expected)
        #expect(heard.error is APIError)
    }

    @Test("go on where two messages grow at once, as in openai-python") func overlap() async throws
    {
        let heard = try await Self.hear("overlap")
        #expect(heard.heard.callbacks == (try Self.golden("overlap", "python_3_52_0")))
        #expect(heard.error == nil)
    }

    @Test("repair a step that was never created") func repair() async throws {
        let heard = try await Self.hear("delta_nocreated")
        let names = heard.heard.callbacks.map(\.name)
        #expect(
            names.suffix(6) == [
                "on_event", "on_tool_call_created", "on_run_step_delta", "on_event",
                "on_tool_call_done", "on_end",
            ])
        #expect(heard.error == nil)
    }

    @Test(
        "tell what happens to the run",
        arguments: [
            (
                "plain",
                ["connect", "created", "queued", "in_progress", "completed", "run completed"]
            ),
            ("failed", ["connect", "created", "queued", "in_progress", "failed", "run failed"]),
            (
                "incomplete",
                ["connect", "created", "queued", "in_progress", "incomplete", "run incomplete"]
            ),
            (
                "function",
                [
                    "connect", "created", "queued", "in_progress", "requires_action",
                    "run requires_action",
                ]
            ),
            ("submit", ["connect", "queued", "in_progress", "completed", "run completed"]),
            ("err_wrapped", ["connect", "created", "queued", "in_progress"]),
        ])
    func runs(name: String, others: [String]) async throws {
        let heard = try await Self.hear(name)
        #expect(heard.heard.others.map(\.description) == others)
    }

    @Test("tell of every way in which a run can end", arguments: ["cancelled", "expired"])
    func otherEnds(status: String) async throws {
        let recorder = CallbackRecorder()
        let names = ["cancelling", status]
        let bytes = names.flatMap { name in
            Array(
                """
                event: thread.run.\(name)
                data: {"id":"run_1","thread_id":"thread_1","status":"\(name)"}


                """.utf8)
        }
        let stream = try await Scripted.stream(bytes, handler: recorder)
        try await stream.untilDone()
        #expect(
            recorder.others.map(\.description) == ["connect"] + names + ["run \(status)"])
    }

    @Test("reach listeners of every name of openai-node") func listeners() async throws {
        var heard: [String] = []
        for name in ["code", "image_then_text", "err_wrapped"] {
            let stream = try await Scripted.stream(Self.bytes(name))
            stream.on(.connect) { heard.append("connect") }
                .on(.event) { _ in heard.append("event") }
                .on(.runStepCreated) { _ in heard.append("runStepCreated") }
                .on(.runStepDelta) { _, _ in heard.append("runStepDelta") }
                .on(.runStepDone) { _, _ in heard.append("runStepDone") }
                .on(.toolCallCreated) { _ in heard.append("toolCallCreated") }
                .on(.toolCallDelta) { delta, call in
                    heard.append(delta.index == 0 && call.id == "call_1" ? "toolCallDelta" : "?")
                }
                .on(.toolCallDone) { _ in heard.append("toolCallDone") }
                .on(.messageCreated) { _ in heard.append("messageCreated") }
                .on(.messageDelta) { _, _ in heard.append("messageDelta") }
                .on(.messageDone) { _ in heard.append("messageDone") }
            stream.on(.textCreated) { _ in heard.append("textCreated") }
                .on(.textDelta) { delta, text in
                    heard.append(text.value.hasSuffix(delta.value) ? "textDelta" : "?")
                }
                .on(.textDone) { text, message in
                    heard.append(message.text == text.value ? "textDone" : "?")
                }
                .on(.imageFileDone) { _, _ in heard.append("imageFileDone") }
                .on(.run) { heard.append($0.status == .completed ? "run" : "?") }
                .on(.error) { _ in heard.append("error") }
                .on(.abort) { heard.append("abort") }
                .on(.end) { heard.append("end") }
            try? await stream.untilDone()
        }
        for name in ["code", "image_then_text", "err_wrapped"] {
            let all = try Self.scenarios.get()[name]?["node_main_7b7d6ca"]?["callbacks"]?.arrayValue
            let wanted = (all ?? []).compactMap { $0[0]?.stringValue }
            let own = Array(heard.prefix(wanted.count))
            heard.removeFirst(own.count)
            #expect(own.sorted() == wanted.sorted(), "\(name)")
        }
        #expect(heard == [])
    }
}
