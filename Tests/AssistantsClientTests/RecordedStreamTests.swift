import Assistants
import AssistantsClient
import TestSupport
import Testing
import Wire

/// What `streams/README.md` says each recorded stream folds to.
@Suite("A recorded stream", .enabled(if: Fixture.isPresent))
struct RecordedStreamTests {
    static let completing = [
        "codeinterp-image-file-v1", "codeinterp-logs-v1", "codeinterp-v2-01", "codeinterp-v2-02",
        "codeinterp-v2-04", "incomplete-max_tokens-01-v1", "multimsg-codeinterp-01-v1",
        "multimsg-codeinterp-02-v1", "text-hello-01", "text-hello-03", "text-latin-accents",
        "text-markdown-v1", "filesearch-citation-01", "func-A-2-submit", "func-C-2-submit",
        "func-submit-text",
    ]
    static let waiting = [
        "func-A-1-requires_action", "func-C-1-requires_action", "func-deltas-requires_action-v1",
    ]

    @Test("folds to the objects that it completes itself", arguments: completing)
    func equal(name: String) async throws {
        var fold = Transcript()
        var seen: Set<String> = []
        var compared = 0
        for event in try await Self.events(of: name) {
            switch event {
            case .message(.completed, let whole), .message(.incomplete, let whole):
                guard seen.contains(whole.id) else { break }
                compared += 1
                #expect(fold.message(whole.id)?.content.plain == whole.content.plain)
            case .step(.completed, let whole):
                guard seen.contains(whole.id) else { break }
                compared += 1
                #expect(fold.step(whole.id)?.details.plain == whole.details.plain)
            case .step(_, let step):
                seen.insert(step.id)
                fold.apply(event)
                continue
            case .message(_, let message):
                seen.insert(message.id)
                fold.apply(event)
                continue
            default: break
            }
            fold.apply(event)
        }
        #expect(compared >= 1)
        #expect(fold.faults == [])
    }

    @Test("that waits for outputs folds to the run's required action", arguments: waiting)
    func requiredAction(name: String) async throws {
        var fold = Transcript()
        for event in try await Self.events(of: name) { fold.apply(event) }
        let run = try #require(fold.runs.last)
        guard case .toolCalls(let calls)? = fold.steps.last?.details else {
            Issue.record("No tool calls")
            return
        }
        #expect(run.status == .requiresAction)
        #expect(!calls.isEmpty)
        #expect(calls == run.requiredAction)
    }

    @Test("keeps the text that came before its error")
    func midstreamError() async throws {
        var fold = Transcript()
        var last: Transcript.Change?
        for event in try await Self.events(of: "error-server_error-midstream") {
            last = fold.apply(event)
        }
        guard case .failed(let error) = last else {
            Issue.record("Ended by \(String(describing: last))")
            return
        }
        #expect(error.message.hasPrefix("The server had an error"))
        #expect(fold.messages.last?.text.hasSuffix(". Lime") == true)
        #expect(fold.runs.last?.status.isActive == true)
    }

    @Test("keeps a fragment's text under its id, and says once that it has no beginning")
    func fragment() async throws {
        var fold = Transcript()
        for event in try await Self.events(of: "fragment-cjk-index1") { fold.apply(event) }
        #expect(fold.messages.count == 1)
        #expect(fold.faults.count == 1)
        #expect(fold.messages.first?.text.hasPrefix("通过颜色") == true)
    }

    @Test("keeps an error code it does not know")
    func unknownCode() async throws {
        var fold = Transcript()
        for event in try await Self.events(of: "stub-failed-azure-tool_user_error") {
            fold.apply(event)
        }
        let run = try #require(fold.runs.last)
        #expect(run.status == .failed)
        #expect(run.lastError?.code == .unknown("tool_user_error"))
    }

    @Test("without blank lines gives one clear error that names the framing, then the end")
    func nonconforming() async throws {
        let bytes = try Fixture.shared("streams/assistants/nonconforming-no-blank-lines.sse")
        let stream = try await Scripted.stream(bytes)
        let error = await #expect(throws: APIError.self) { try await stream.untilDone() }
        #expect(error?.message.contains("blank line") == true)
        var iterator = stream.makeAsyncIterator()
        #expect(try await iterator.next() == nil)
    }

    @Test("gives the same events however it is cut", arguments: completing + waiting)
    func cuts(name: String) throws {
        let bytes = try Fixture.shared("streams/assistants/\(name).sse")
        var parser = EventParser(dialect: .openAI)
        let whole = try parser.feed(bytes)
        for cut in Self.cuts(of: bytes) {
            var parser = EventParser(dialect: .openAI)
            let events = try parser.feed(bytes[..<cut]) + parser.feed(bytes[cut...])
            if events != whole { Issue.record("\(name), cut at \(cut)") }
        }
    }

    /// The ends of events and two bytes either side; every byte when the long forms are asked for.
    static func cuts(of bytes: [UInt8]) -> [Int] {
        if LongForms.areAsked { return Array(bytes.indices) }
        let ends = bytes.indices.dropFirst().filter { bytes[$0] == 10 && bytes[$0 - 1] == 10 }
        return ends.flatMap { ($0 - 2)...($0 + 2) }.filter { bytes.indices.contains($0) }
    }

    static func events(of name: String) async throws -> [AssistantEvent] {
        let bytes = try Fixture.shared("streams/assistants/\(name).sse")
        var events: [AssistantEvent] = []
        var decoder = EventDecoder()
        for piece in Chunks(bytes).pieces(of: 997) {
            decoder.add(piece)
            while let event = try decoder.next() { events.append(event) }
        }
        decoder.finish()
        while let event = try decoder.next() { events.append(event) }
        return events
    }
}

extension [MessageContent] {
    /// The content as JSON without quotes that only deltas carry.
    fileprivate var plain: [JSONValue] { map(\.json) }
}

extension RunStep.Details {
    /// The details as JSON; a search's results exist only in the completed object.
    fileprivate var plain: JSONValue {
        guard case .toolCalls(let calls) = self else { return json }
        return .array(
            calls.map { call in
                if case .fileSearch(let options, _) = call.kind {
                    return ToolCall(
                        id: call.id, kind: .fileSearch(rankingOptions: options, results: [])
                    ).json
                }
                return call.json
            })
    }
}
