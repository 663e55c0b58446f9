import Assistants
import AssistantsClient
import TestSupport
import Testing
import Transport
import Wire

/// Whatever a server sends, a stream ends with the run's end or with one clear error.
@Suite("A hostile stream", .enabled(if: Fixture.isPresent), .timeLimit(.minutes(30)))
struct HostileStreamTests {
    /// Reads bytes to their end, every way at once, and checks what must always hold.
    @discardableResult
    private static func read(
        _ bytes: [UInt8], size: Int = 97
    ) async throws -> (error: APIError?, recorder: CallbackRecorder, transcript: Transcript) {
        let recorder = CallbackRecorder()
        let stream = try await Scripted.stream(bytes, size: size, handler: recorder)
        var text = ""
        stream.on(.textDelta) { delta, _ in text += delta.value }
        var failure: (any Error)?
        do {
            try await stream.untilDone()
        } catch {
            failure = error
        }
        #expect(recorder.callbacks.filter { $0.name == "on_end" }.count == 1)
        #expect(recorder.callbacks.last?.name == "on_end")
        let hasFailed = recorder.callbacks.contains { $0.name == "on_exception" }
        #expect(hasFailed == (failure != nil))
        #expect(stream.health.isComplete || failure != nil)
        if let failure { #expect(failure is APIError) }
        return (failure as? APIError, recorder, stream.transcript)
    }

    private static func sent(_ name: String, _ data: String) -> [UInt8] {
        Array("event: \(name)\ndata: \(data)\n\n".utf8)
    }

    private static let run =
        #"{"id":"run_1","object":"thread.run","thread_id":"thread_1","status":"STATUS"}"#
    private static let message = #"{"id":"msg_1","status":"in_progress","role":"assistant"}"#

    /// A stream that is good but for what lies in its middle.
    private static func around(_ middle: [UInt8]) -> [UInt8] {
        sent("thread.run.created", run.replacing("STATUS", with: "queued"))
            + sent("thread.message.created", message) + middle
            + sent("thread.run.completed", run.replacing("STATUS", with: "completed"))
            + sent("done", "[DONE]")
    }

    private static func delta(_ content: String) -> [UInt8] {
        sent("thread.message.delta", #"{"id":"msg_1","delta":{"content":[\#(content)]}}"#)
    }

    @Test("of the suites for event streams ends with one error") func suites() async throws {
        for item in try HostileCase.eventStreams() {
            let bytes = Array(item.pieces.joined())
            // None of them tells of a run's end.
            for size in [1, 97] {
                #expect(try await Self.read(bytes, size: size).error != nil, "\(item.name)")
            }
            try await Self.read(Self.around(bytes))
        }
    }

    @Test("of texts that are meant for a terminal gives them as they are, repaired")
    func terminalTexts() async throws {
        for item in try HostileCase.all() {
            var middle: [UInt8] = []
            for piece in item.jsonPieces {
                middle += Array(#"event: thread.message.delta"#.utf8) + [10]
                middle += Array(
                    #"data: {"id":"msg_1","delta":{"content":[{"index":0,"type":"text","#.utf8)
                middle += Array(#""text":{"value":"#.utf8) + piece
                middle += Array("}}]}}\n\n".utf8)
            }
            let read = try await Self.read(Self.around(middle))
            #expect(read.error == nil, "\(item.name)")
            #expect(read.transcript.messages.first?.text == item.repairedText, "\(item.name)")
        }
    }

    @Test("with an index out of range leaves that piece out, and goes on")
    func indexes() async throws {
        for index in ["1025", "65536", "9223372036854775807"] {
            let bytes = Self.around(
                Self.delta(#"{"index":\#(index),"type":"text","text":{"value":"x"}}"#))
            let read = try await Self.read(bytes)
            #expect(read.error == nil)
            #expect(read.transcript.faults == [.indexOutOfRange("msg_1")])
            #expect(read.transcript.messages.first?.content == [])
        }
        for index in ["-1", "99999999999999999999", "null", "\"0\""] {
            let bytes = Self.around(
                Self.delta(#"{"index":\#(index),"type":"text","text":{"value":"x"}}"#))
            #expect(try await Self.read(bytes).error?.code == "unreadable", "\(index)")
        }
    }

    @Test("with a delta before its message keeps the text") func noCreation() async throws {
        let bytes = Self.around(
            Self.sent(
                "thread.message.delta",
                #"{"id":"msg_2","delta":{"content":[{"index":0,"type":"text","#
                    + #""text":{"value":"x"}}]}}"#))
        let read = try await Self.read(bytes)
        #expect(read.error == nil)
        #expect(read.transcript.message("msg_2")?.text == "x")
        #expect(read.transcript.faults == [.deltaBeforeCreation("msg_2")])
        #expect(read.recorder.callbacks.contains { $0.name == "on_text_created" })
    }

    @Test("with a part that changes its kind goes on") func kinds() async throws {
        let bytes = Self.around(
            Self.delta(#"{"index":0,"type":"text","text":{"value":"x"}}"#)
                + Self.delta(#"{"index":0,"type":"refusal","refusal":"y"}"#)
                + Self.delta(#"{"index":0,"type":"future","thing":1}"#))
        let read = try await Self.read(bytes)
        #expect(read.error == nil)
        #expect(read.transcript.faults == [.kindChanged("msg_1")])
    }

    @Test("with words that nobody knows keeps them") func unknownWords() async throws {
        let bytes = Self.around(
            Self.sent("thread.run.future", "not even JSON")
                + Self.sent(
                    "thread.run.in_progress", Self.run.replacing("STATUS", with: "pondering")))
        let read = try await Self.read(bytes)
        #expect(read.error == nil)
        #expect(read.transcript.runs.first?.status == .completed)
    }

    @Test("with bytes that are no text, and halves of characters, is repaired")
    func badText() async throws {
        var bad = Array(#"event: thread.message.delta"#.utf8) + [10]
        bad += Array(#"data: {"id":"msg_1","delta":{"content":[{"index":0,"type":"text","#.utf8)
        bad += Array(#""text":{"value":"a"#.utf8) + [0xFF, 0xC3]
        bad += Array(#"b\ud800c\udc00d"}}]}}"#.utf8) + [10, 10]
        for size in [1, 2, 3, 1000] {
            let read = try await Self.read(Self.around(bad), size: size)
            #expect(read.error == nil)
            #expect(
                read.transcript.messages.first?.text
                    == "a\u{FFFD}\u{FFFD}b\u{FFFD}c\u{FFFD}d")
        }
    }

    @Test("with an event of 17 MB is given up, whatever it holds") func largeEvent() async throws {
        let bytes = Self.around(
            Self.delta(
                #"{"index":0,"type":"text","text":{"value":""#
                    + String(repeating: "x", count: 17 << 20) + #""}}"#))
        let read = try await Self.read(bytes, size: 1 << 20)
        #expect(read.error?.code == "unreadable")
        #expect(read.transcript.messages.first?.content == [])
    }

    @Test(
        "that never ends is closed where its event does not, and read on where it says nothing",
        arguments: [("data: ", true), (": ", false), ("unknown: ", false)])
    func endless(field: String, ends: Bool) async throws {
        let piece = [UInt8](repeating: 0x78, count: 1 << 20)
        let body = EndlessBody(field, then: piece)
        let transport = BodyTransport(body)
        let client = Scripted.client(transport) { $0.retries = .none }
        let stream = try await client.threads.runs.stream(
            on: "thread_1", RunRequest(assistantID: "asst_1"))
        let error = await #expect(throws: APIError.self) { try await stream.untilDone() }
        #expect((error?.code == "unreadable") == ends)
        #expect(body.isClosed)
        #expect((body.byteCount <= 18 << 20) == ends)
    }

    @Test("that is a recorded one with errors by chance ends", arguments: 0..<40)
    func mutations(seed: Int) async throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let names = ["text-hello-03", "func-A-1-requires_action", "filesearch-citation-01"]
        var bytes = try Fixture.shared("streams/assistants/\(names[seed % 3]).sse")
        for _ in 0..<Int.random(in: 1...20, using: &generator) {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: place)
            default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
            }
        }
        try await Self.read(bytes)
    }

    @Test("that is no event stream at all says so") func otherAnswers() async throws {
        for body in ["", "{}", "<html>", "data: [DONE]\n\n", "event: done\ndata: [DONE]\n\n"] {
            #expect(try await Self.read(Array(body.utf8)).error != nil, "\(body)")
        }
    }
}

/// A transport whose first answer has this body, and which knows nothing else.
private final class BodyTransport: HTTPTransport {
    private let body: any HTTPBodySource

    init(_ body: any HTTPBodySource) { self.body = body }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        request.method == "POST"
            ? HTTPResponse(status: 200, body: HTTPBody(source: body))
            : HTTPResponse(status: 404, body: HTTPBody(Array("{}".utf8)))
    }
}
